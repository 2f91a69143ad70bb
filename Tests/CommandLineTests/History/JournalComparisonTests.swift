import History
import TestSupport
import Testing

@Suite struct JournalComparisonTests {
  private let folder = TemporaryDirectory()

  /// Both journals, written and compared.
  private func compare(
    _ left: SampleRecords, _ right: SampleRecords, ignoringHost: Bool = false
  ) throws -> JournalComparison {
    let pair = TemporaryDirectory()
    try left.write(to: pair.file("a"))
    try right.write(to: pair.file("b"))
    return try JournalComparison.run(
      left: pair.file("a"), right: pair.file("b"), ignoringHost: ignoringHost)
  }

  private func sample(_ quantities: [Int64], session: UInt64 = 1) -> SampleRecords {
    var sample = SampleRecords(session: session)
    for (index, quantity) in quantities.enumerated() {
      sample.trade(UInt64(index + 1), slot: 1, quantity: quantity, price: 100)
    }
    return sample
  }

  private func count(_ comparison: JournalComparison, _ name: String) -> [Int] {
    guard let count = comparison.byType.first(where: { $0.name == name })?.count else { return [] }
    return [count.equal, count.different, count.onlyLeft, count.onlyRight]
  }

  @Test func equalJournalsAreEqual() throws {
    let comparison = try compare(sample([1, 2, 3]), sample([1, 2, 3]))
    #expect(comparison.first == nil)
    #expect(comparison.leftRecords == 20 && comparison.rightRecords == 20)
    #expect(count(comparison, "fill") == [3, 0, 0, 0])
  }

  @Test func theFirstDifferenceIsNamedWithBothRecords() throws {
    let comparison = try compare(sample([1, 2, 3]), sample([1, 5, 3]))
    let first = try #require(comparison.first)
    let (left, right) = (try #require(first.left), try #require(first.right))
    #expect(left.turn == 3 && right.turn == 3)
    #expect(left.sequence == right.sequence)
    #expect(left.line.contains("submit") && left.line.contains("quantity 0.00002"))
    #expect(right.line.contains("quantity 0.00005"))
    #expect(count(comparison, "fill") == [2, 1, 0, 0])
    #expect(count(comparison, "submit") == [2, 1, 0, 0])
    #expect(count(comparison, "turn") == [4, 0, 0, 0])
  }

  @Test func aJournalThatEndsEarlierLacksTheRest() throws {
    let comparison = try compare(sample([1, 2]), sample([1]))
    let first = try #require(comparison.first)
    #expect(first.left?.turn == 3 && first.right == nil)
    #expect(count(comparison, "fill") == [1, 0, 1, 0])
    let other = try compare(sample([1]), sample([1, 2]))
    #expect(other.first?.left == nil && other.first?.right?.turn == 3)
    #expect(count(other, "fill") == [1, 0, 0, 1])
  }

  /// A turn more on one side moves the numbers of what follows, and makes nothing else different.
  @Test func anAdditionalTurnIsOneDifference() throws {
    var more = SampleRecords()
    more.turn(after: 500_000_000)
    more.end()
    more.time -= 500_000_000
    for number in 1...3 { more.trade(UInt64(number), slot: 1, quantity: 1, price: 100) }
    var less = SampleRecords()
    for number in 1...3 { less.trade(UInt64(number), slot: 1, quantity: 1, price: 100) }
    let comparison = try compare(more, less, ignoringHost: true)
    #expect(comparison.first?.left?.turn == 2)
    #expect(comparison.first?.right?.turn == 2)
    #expect(count(comparison, "fill") == [3, 0, 0, 0])
    #expect(count(comparison, "turn") == [4, 0, 1, 0])
  }

  @Test func whatBelongsToTheRunCanBeIgnored() throws {
    #expect(try compare(sample([1]), sample([1], session: 2)).first?.left?.turn == 1)
    let comparison = try compare(sample([1]), sample([1], session: 2), ignoringHost: true)
    #expect(comparison.first == nil)
    #expect(try compare(sample([1]), sample([2], session: 2), ignoringHost: true).first != nil)
  }
}
