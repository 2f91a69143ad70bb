import Market
import MarketHistory
import PluginABI
import Testing

/// Book messages that break the rules of `event.h`, one rule each.
@Suite struct BookQualityTests {
  private static func opened() -> MarketRecords {
    var records = MarketRecords()
    snapshot(&records, 0, sequence: 10)
    return records
  }

  private static func snapshot(_ records: inout MarketRecords, _ time: Int64, sequence: UInt64) {
    let part = KEEL_EVF_SNAPSHOT
    records.book(time, KEEL_BOOK_CLEAR, flags: part, sequence: sequence)
    records.book(time, KEEL_BOOK_SET, KEEL_BUY, 100, 10, flags: part, sequence: sequence)
    records.book(time, KEEL_BOOK_SET, KEEL_BUY, 95, 20, flags: part, sequence: sequence)
    records.book(time, KEEL_BOOK_SET, KEEL_SELL, 110, 10, flags: part, sequence: sequence)
    records.book(
      time, KEEL_BOOK_SET, KEEL_SELL, 115, 20, flags: part | KEEL_EVF_LAST, sequence: sequence)
  }

  private func expect(
    _ records: MarketRecords, _ found: [FindingKind],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let log = records.check().log
    #expect(log.found.map(\.kind) == found, sourceLocation: sourceLocation)
    #expect(log.found.allSatisfy { $0.count == 1 }, sourceLocation: sourceLocation)
  }

  @Test func aWholeBookGivesNothing() {
    var records = Self.opened()
    records.book(1, KEEL_BOOK_SET, KEEL_BUY, 100, 30, sequence: 9, before: 8)
    records.book(2, KEEL_BOOK_SET, KEEL_BUY, 105, 30, sequence: 12, before: 9)
    records.book(3, KEEL_BOOK_DELETE, KEEL_BUY, 105, flags: 0, sequence: 13, before: 12)
    records.book(3, KEEL_BOOK_SET, KEEL_SELL, 105, 10, sequence: 13, before: 12)
    records.book(4, KEEL_BOOK_NONE, sequence: 14, before: 13)
    expect(records, [])
    #expect(records.check().streams[0].coverage == 1)
  }

  @Test func aMissingMessageIsASequenceGap() {
    var records = Self.opened()
    records.book(1, KEEL_BOOK_SET, KEEL_BUY, 100, 30, sequence: 11, before: 10)
    records.book(2, KEEL_BOOK_SET, KEEL_BUY, 100, 40, sequence: 13, before: 12)
    // What follows is silent: the book waits for a snapshot.
    records.book(3, KEEL_BOOK_SET, KEEL_BUY, 100, 40, sequence: 20, before: 19)
    Self.snapshot(&records, 4, sequence: 30)
    records.book(8, KEEL_BOOK_SET, KEEL_BUY, 100, 40, sequence: 31, before: 30)
    expect(records, [.bookGap])
    #expect(records.check().streams[0].coverage == 0.75)
  }

  @Test func aCrossedOrLockedBookIsFound() {
    for price in [Int64(110), 115] {
      var records = Self.opened()
      records.book(1, KEEL_BOOK_SET, KEEL_BUY, price, 30, sequence: 11, before: 10)
      expect(records, [.bookCrossed])
    }
    // In the middle of a message it may be.
    var records = Self.opened()
    records.book(1, KEEL_BOOK_SET, KEEL_BUY, 110, 30, flags: 0, sequence: 11, before: 10)
    records.book(1, KEEL_BOOK_DELETE, KEEL_SELL, 110, sequence: 11, before: 10)
    expect(records, [])
  }

  @Test(arguments: [(Int64(0), Int64(10)), (-5, 10), (100, 0), (100, -10)])
  func aLevelThatCannotBeIsFound(_ price: Int64, _ quantity: Int64) {
    var records = Self.opened()
    records.book(1, KEEL_BOOK_SET, KEEL_BUY, price, quantity, sequence: 11, before: 10)
    expect(records, [.bookLevel])
  }

  @Test func aMessageCutShortIsFound() {
    var records = Self.opened()
    records.book(1, KEEL_BOOK_SET, KEEL_BUY, 100, 30, flags: 0, sequence: 11, before: 10)
    records.book(2, KEEL_BOOK_SET, KEEL_BUY, 100, 40, sequence: 12, before: 11)
    expect(records, [.bookMessage])
    var snapshot = Self.opened()
    snapshot.book(1, KEEL_BOOK_CLEAR, flags: KEEL_EVF_SNAPSHOT, sequence: 20)
    snapshot.book(2, KEEL_BOOK_SET, KEEL_BUY, 100, 40, sequence: 21, before: 20)
    expect(snapshot, [.bookMessage])
  }

  @Test func levelsAreOnTickAndLot() {
    var records = Self.opened()
    records.book(1, KEEL_BOOK_SET, KEEL_BUY, 101, 30, sequence: 11, before: 10)
    records.book(1, KEEL_BOOK_SET, KEEL_BUY, 100, 31, sequence: 12, before: 11)
    expect(records, [.offTick, .offLot])
  }

  @Test func aToldGapBreaksTheBookInSilence() {
    var records = Self.opened()
    records.gap(1)
    records.book(2, KEEL_BOOK_SET, KEEL_BUY, 120, 30, sequence: 21, before: 20)
    expect(records, [.reportedGap])
    #expect(records.check().streams[0].coverage == 0.5)
  }
}
