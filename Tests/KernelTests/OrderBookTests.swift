import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport
import Testing

/// Books by price as scenarios: messages, full pictures, sequence, depth and what breaks them.
@Suite struct OrderBookTests {
  private static let snapshot = """
    book P clear snapshot seq=5, book P set buy 99x5 snapshot seq=5, \
    book P set buy 98x7 snapshot seq=5, book P set sell 101x4 snapshot seq=5, \
    book P set sell 103x6 snapshot seq=5 last
    """

  /// After a full picture of 99x5 98x7 | 101x4 103x6 at sequence 5.
  @discardableResult
  private func check(
    _ text: String, limits: Limits = .scenario, sourceLocation: SourceLocation = #_sourceLocation
  ) -> KernelScenario {
    let scenario = KernelScenario(limits: limits)
    scenario.run(Self.snapshot, sourceLocation: sourceLocation)
    scenario.run(text, sourceLocation: sourceLocation)
    return scenario
  }

  private func book(_ scenario: KernelScenario) throws -> OrderBook {
    let book = scenario.kernel.state.book(ScenarioInstrument.id("P"))
    return try #require(book)
  }

  @Test func levelsAreSetReplacedAndDeleted() {
    check(
      """
      depth P -> 99x5 98x7 | 101x4 103x6
      book P set buy 100x1 seq=6 prev=5 last ; depth P -> 100x1 99x5 98x7 | 101x4 103x6
      book P set buy 99x9 seq=7 prev=6 last ; depth P -> 100x1 99x9 98x7 | 101x4 103x6
      book P delete sell 101 seq=8 prev=7 last ; depth P -> 100x1 99x9 98x7 | 103x6
      book P set sell 102x2 seq=9 prev=8 last ; depth P -> 100x1 99x9 98x7 | 102x2 103x6
      book P delete buy 50 seq=10 prev=9 last ; depth P -> 100x1 99x9 98x7 | 102x2 103x6
      book P delete buy 98 seq=11 prev=10 last ; depth P -> 100x1 99x9 | 102x2 103x6
      book P nothing seq=12 prev=11 last ; depth P -> 100x1 99x9 | 102x2 103x6
      book P set sell 104x1 seq=13 prev=12 last ; depth P -> 100x1 99x9 | 102x2 103x6 104x1
      """)
  }

  @Test func theTopIsFedWhenAMessageIsComplete() {
    check(
      """
      top P -> 99|101
      book P delete sell 101 seq=6 prev=5 ; top P -> 99|101
      depth P -> half: 99x5 98x7 | 103x6
      book P set buy 102x1 seq=6 prev=5 last ; top P -> 102|103
      buy P 1x102 -> submit #1 buy P 1x102
      """)
  }

  @Test func aMessageMayCrossOnItsWay() {
    check(
      """
      book P set buy 101x1 seq=6 prev=5, book P delete sell 101 seq=6 prev=5 last
      depth P -> 101x1 99x5 98x7 | 103x6
      """)
  }

  @Test(arguments: ["101", "102"])
  func aBookCrossedOrLockedAfterAMessageIsBroken(_ price: String) {
    check(
      """
      book P set buy \(price)x1 seq=6 prev=5 last ; heard -> live 1: gap P, book
      depth P -> crossed: \(price)x1 99x5 98x7 | 101x4 103x6
      top P -> 99|101 gapped
      """)
  }

  @Test func aGapBreaksTheBookOnceUntilTheNextFullPicture() {
    let scenario = check(
      """
      book P set buy 97x1 seq=7 prev=6 last ; heard -> live 1: gap P, book
      depth P -> sequenceGap: 99x5 98x7 | 101x4 103x6
      top P -> 99|101 gapped
      book P set buy 97x1 seq=8 prev=7 last ; heard -> live 1: book
      book P set buy 97x1 seq=6 prev=5 last ; heard -> live 1: book
      depth P -> sequenceGap: 99x5 98x7 | 101x4 103x6
      book P clear snapshot seq=8 ; heard -> live 1: book
      depth P -> unfinishedSnapshot: half: | ; top P -> 99|101 gapped
      book P set buy 97x1 snapshot seq=8 last ; depth P -> 97x1 | ; top P -> 97|-
      book P set sell 98x1 seq=10 prev=9 last ; heard -> live 1: gap P, book
      """)
    #expect(scenario.kernel.state.book(ScenarioInstrument.id("P"))?.breaks == 2)
  }

  @Test func whatTheFullPictureHoldsAlreadyIsIgnored() {
    check(
      """
      book P delete buy 99 seq=4 prev=3, book P delete buy 98 seq=4 prev=3 last
      book P delete buy 98 seq=5 prev=4 last
      depth P -> 99x5 98x7 | 101x4 103x6
      book P set buy 97x1 seq=8 prev=3 last ; depth P -> 99x5 98x7 97x1 | 101x4 103x6
      book P set buy 96x1 seq=9 prev=7 last ; depth P -> sequenceGap: 99x5 98x7 97x1 | 101x4 103x6
      """)
  }

  @Test func anOldMessageAfterANewerOneIsAGap() {
    check(
      """
      book P set buy 97x1 seq=6 prev=5 last
      book P set buy 97x1 seq=6 prev=5 last
      depth P -> sequenceGap: 99x5 98x7 97x1 | 101x4 103x6
      """)
  }

  /// A venue may begin to count anew, and says so by naming the last of the old numbers.
  @Test func aSequenceMayFallInAnUnbrokenChain() {
    check(
      """
      book P nothing seq=2 prev=5 last ; book P set buy 97x1 seq=3 prev=2 last
      depth P -> 99x5 98x7 97x1 | 101x4 103x6
      """)
  }

  @Test func withoutTheNumberBeforeTheSequenceMustNotFall() {
    check(
      """
      book P set buy 97x1 seq=5 last ; depth P -> 99x5 98x7 | 101x4 103x6
      book P set buy 97x1 seq=8 last ; depth P -> 99x5 98x7 97x1 | 101x4 103x6
      book P set buy 97x2 seq=8 last ; depth P -> 99x5 98x7 97x2 | 101x4 103x6
      book P set buy 97x3 seq=7 last ; depth P -> sequenceGap: 99x5 98x7 97x2 | 101x4 103x6
      """)
  }

  @Test func withoutASequenceNothingIsChecked() {
    check(
      """
      book P set buy 97x1 last ; depth P -> 99x5 98x7 97x1 | 101x4 103x6
      book P set buy 97x2 seq=6 prev=5 last ; depth P -> 99x5 98x7 97x2 | 101x4 103x6
      book P clear snapshot, book P set buy 90x1 snapshot last ; depth P -> 90x1 |
      book P set buy 91x1 seq=77 prev=76 last ; depth P -> 91x1 90x1 |
      book P set buy 92x1 seq=79 prev=78 last ; depth P -> sequenceGap: 91x1 90x1 |
      """)
  }

  @Test(arguments: [
    "seq=7 prev=6", "seq=6 prev=4", "seq=7 prev=5", "seq=6 prev=5 snapshot", "prev=5",
  ])
  func aMessageWhoseEndIsMissingIsAGap(_ next: String) {
    check(
      """
      book P set buy 97x1 seq=6 prev=5
      book P set buy 96x1 \(next) last ; heard -> live 1: gap P, book
      depth P -> sequenceGap: 99x5 98x7 97x1 | 101x4 103x6
      """)
  }

  @Test(arguments: ["seq=8 snapshot", "seq=9", "seq=10 prev=9"])
  func aFullPictureCutShortIsNone(_ next: String) {
    check(
      """
      book P clear snapshot seq=9, book P set buy 97x1 snapshot seq=9
      book P set buy 96x1 \(next) last ; heard -> live 1: gap P, book
      depth P -> damagedSnapshot: 97x1 |
      """)
  }

  @Test func aFullPictureWithoutItsBeginningIsNone() {
    check(
      """
      book P set buy 97x1 snapshot seq=9 last ; heard -> live 1: gap P, book
      depth P -> damagedSnapshot: 99x5 98x7 | 101x4 103x6
      """)
  }

  @Test func aFullPictureMayBeginAnew() {
    check(
      """
      book P clear snapshot seq=9, book P set buy 97x1 snapshot seq=9
      book P clear snapshot seq=11, book P set buy 96x1 snapshot seq=11 last ; depth P -> 96x1 |
      book P set buy 97x1 seq=12 prev=11 last ; depth P -> 97x1 96x1 |
      """)
  }

  @Test(arguments: [
    "set buy 97x0", "set buy 97x-1", "set buy 0x1", "set buy -1x1", "set none 97x1",
    "delete sell 0", "delete none 97", "unheard", "set sell \(Int64.min)x1",
  ])
  func aLevelThatCannotBeBreaksTheBook(_ level: String) {
    check(
      """
      book P \(level) seq=6 prev=5 last ; heard -> live 1: gap P, book
      depth P -> impossibleLevel: 99x5 98x7 | 101x4 103x6
      """)
  }

  @Test func theGreatestNumbersAreFine() throws {
    let most = Int64.max
    let scenario = check(
      """
      book P set sell \(most)x\(most) seq=6 prev=5 last, book P set buy 1x\(most) seq=7 prev=6 last
      depth P -> 99x5 98x7 1x\(most) | 101x4 103x6 \(most)x\(most)
      """)
    let book = try book(scenario)
    #expect(book.quantity(.buy, upTo: Price(mantissa: 1)) == Quantity(mantissa: most))
    #expect(book.quantity(.sell, upTo: Price(mantissa: most)) == Quantity(mantissa: most))
    #expect(book.worstPrice(toFill: Quantity(mantissa: most), .buy) == Price(mantissa: most))
  }

  @Test func clearEmptiesTheBookWithinTheSequence() {
    check(
      """
      book P clear seq=6 prev=5, book P set buy 90x1 seq=6 prev=5 last ; depth P -> 90x1 |
      book P clear seq=7 prev=6 last ; depth P -> | ; top P -> -|-
      book P clear seq=9 prev=8 last ; depth P -> sequenceGap: |
      """)
  }

  @Test func anUpdateBeforeAnyFullPictureIsIgnored() {
    KernelScenario().run(
      """
      depth P -> no book
      book P set buy 99x5 seq=6 prev=5 last ; depth P -> noSnapshot: |
      heard -> live 1: book
      gap P ; heard -> live 1: gap P
      depth P -> noSnapshot: | ; top P -> -|-
      """)
  }

  @Test func aBookIsOfTheSourceOfItsFullPicture() {
    check(
      """
      book P set buy 97x1 seq=7 prev=6 last from=3, gap P from=3
      depth P -> 99x5 98x7 | 101x4 103x6
      book P clear snapshot seq=50 from=3, book P set buy 80x1 snapshot seq=50 last from=3
      depth P -> 80x1 |
      book P set buy 97x1 seq=6 prev=5 last ; depth P -> 80x1 |
      book P set buy 81x1 seq=51 prev=50 last from=3 ; depth P -> 81x1 80x1 |
      """)
  }

  @Test func itsSourceMaySayThatSomethingIsMissing() {
    check(
      """
      gap P ; heard -> live 1: gap P
      depth P -> reported: 99x5 98x7 | 101x4 103x6 ; top P -> 99|101 gapped
      """)
  }

  @Test func aSingleOrdersRecordIsNoLevel() {
    check(
      """
      book P set buy 100x1 seq=9 prev=8 order=77 last ; heard -> live 1: book
      depth P -> 99x5 98x7 | 101x4 103x6
      """)
  }

  /// Four levels a side. 96 falls off, 97 goes: 96 is not taken back, for 95 may stand beside it.
  @Test func whatFellBehindTheHorizonStaysUnknown() throws {
    let scenario = check(
      """
      book P set buy 97x1 seq=6 prev=5 last, book P set buy 96x1 seq=7 prev=6 last
      depth P -> 99x5 98x7 97x1 96x1 | 101x4 103x6
      book P set buy 100x1 seq=8 prev=7 last ; depth P -> 100x1 99x5 98x7 97x1 .. | 101x4 103x6
      book P set buy 95x1 seq=9 prev=8 last ; depth P -> 100x1 99x5 98x7 97x1 .. | 101x4 103x6
      book P delete buy 98 seq=10 prev=9 last ; depth P -> 100x1 99x5 97x1 .. | 101x4 103x6
      book P set buy 96x2 seq=11 prev=10 last ; depth P -> 100x1 99x5 97x1 .. | 101x4 103x6
      book P delete buy 96 seq=12 prev=11 last ; depth P -> 100x1 99x5 97x1 .. | 101x4 103x6
      book P set buy 98x3 seq=13 prev=12 last ; depth P -> 100x1 99x5 98x3 97x1 .. | 101x4 103x6
      """)
    let book = try book(scenario)
    #expect(book.bids.dropped == 3)
    #expect(!book.asks.isTruncated && book.asks.dropped == 0)
    #expect(book.quantity(.buy, at: Price(mantissa: 96)) == nil)
    #expect(book.quantity(.buy, upTo: Price(mantissa: 96)) == nil)
    #expect(book.quantity(.buy, upTo: Price(mantissa: 97)) == Quantity(mantissa: 10))
  }

  @Test func aWorseLevelThanAFullSideHoldsIsTheHorizon() {
    check(
      """
      book P set sell 104x1 seq=6 prev=5 last, book P set sell 105x1 seq=7 prev=6 last
      book P set sell 107x1 seq=8 prev=7 last
      depth P -> 99x5 98x7 | 101x4 103x6 104x1 105x1 ..
      book P delete sell 101 seq=9 prev=8 last, book P set sell 106x1 seq=10 prev=9 last
      depth P -> 99x5 98x7 | 103x6 104x1 105x1 106x1 ..
      """)
  }

  @Test func aTruncatedSideThatIsUsedUpBreaksTheBook() {
    var limits = Limits.scenario
    limits.bookLevels = 1
    check(
      """
      depth P -> 99x5 .. | 101x4 ..
      book P delete buy 99 seq=6 prev=5 last ; heard -> live 1: gap P, book
      depth P -> horizonReached: .. | 101x4 ..
      book P clear snapshot seq=9 last ; depth P -> |
      """, limits: limits)
  }

  @Test func booksAreBounded() {
    let scenario = check(
      """
      book S clear snapshot seq=1 last, book T clear snapshot seq=1 last
      book U clear snapshot seq=1 last ; heard -> live 1: gap U, book
      depth U -> no room ; depth T -> | ; top U -> -|-
      book U clear snapshot seq=2 last ; heard -> live 1: book
      book P set buy 100x1 seq=6 prev=5 last ; depth P -> 100x1 99x5 98x7 | 101x4 103x6
      """)
    #expect(scenario.kernel.state.books.refused == 1)
    #expect(scenario.kernel.state.books.count == 3)
  }

  @Test func aBookAnswersQuestionsWhileItIsValid() throws {
    let scenario = check("")
    let book = try book(scenario)
    func price(_ mantissa: Int64) -> Price { Price(mantissa: mantissa) }
    func quantity(_ mantissa: Int64) -> Quantity { Quantity(mantissa: mantissa) }
    #expect(book.isValid && book.updated == scenario.now && book.venueSequence == 5)
    #expect(book.bestBid?.price == price(99) && book.bestBid?.quantity == quantity(5))
    #expect(book.bestAsk?.price == price(101) && book.bestAsk?.quantity == quantity(4))
    #expect(book.quantity(.buy, at: price(98)) == quantity(7))
    #expect(book.quantity(.buy, at: price(100)) == .zero)
    #expect(book.quantity(.sell, at: price(103)) == quantity(6))
    #expect(book.quantity(.buy, upTo: price(99)) == quantity(5))
    #expect(book.quantity(.buy, upTo: price(1)) == quantity(12))
    #expect(book.quantity(.buy, upTo: price(100)) == .zero)
    #expect(book.quantity(.sell, upTo: price(102)) == quantity(4))
    #expect(book.quantity(.sell, upTo: price(103)) == quantity(10))
    #expect(book.worstPrice(toFill: quantity(4), .buy) == price(101))
    #expect(book.worstPrice(toFill: quantity(5), .buy) == price(103))
    #expect(book.worstPrice(toFill: quantity(11), .buy) == nil)
    #expect(book.worstPrice(toFill: quantity(6), .sell) == price(98))
    scenario.run("gap P")
    let broken = try self.book(scenario)
    #expect(broken.fault == .reported && broken.bestBid == nil && broken.bestAsk == nil)
    #expect(broken.quantity(.buy, at: price(98)) == nil)
    #expect(broken.quantity(.sell, upTo: price(103)) == nil)
    #expect(broken.worstPrice(toFill: quantity(1), .buy) == nil)
  }
}
