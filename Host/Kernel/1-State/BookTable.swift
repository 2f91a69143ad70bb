package import Market
import PluginABI
import PluginBridge

/// The order books, allocated once. An instrument takes one with its first book record, for good.
package struct BookTable: ~Copyable, Sendable {
  var books: Table<OrderBook>
  /// By instrument: the number of its book.
  var numbers: Table<UInt16>
  /// Books taken, in the order of their numbers.
  package internal(set) var count = 0
  /// Instruments that came when every book was taken. They have none, for good.
  package internal(set) var refused = 0

  static let absent = UInt16.max
  private static let turnedAway = UInt16.max - 1

  init(capacity: Int, levels: Int, instruments: Int) {
    // Each with storage of its own: copies of one would be torn apart by their first change.
    books = Table(count: Swift.min(capacity, instruments)) { _ in OrderBook(depth: levels) }
    numbers = Table(repeating: Self.absent, count: instruments)
  }

  package var capacity: Int { books.count }

  package subscript(id: InstrumentID) -> OrderBook? {
    guard id.index < numbers.count, Int(numbers[id.index]) < count else { return nil }
    return books[Int(numbers[id.index])]
  }

  /// Whether the instrument has no book because there was no room for it.
  package func hasRefused(_ id: InstrumentID) -> Bool {
    id.index < numbers.count && numbers[id.index] == Self.turnedAway
  }

  mutating func apply(_ record: Record) -> OrderBook.Outcome {
    let index = record.instrument.index
    guard index < numbers.count else { return .ignored }
    guard let update = BookUpdate(record) else { return applyGap(record) }
    if Int(numbers[index]) >= count {
      guard numbers[index] == Self.absent else { return .ignored }
      guard take(for: index) else { return .noRoom }
    }
    return books[Int(numbers[index])].apply(update)
  }

  private mutating func applyGap(_ record: Record) -> OrderBook.Outcome {
    let number = Int(numbers[record.instrument.index])
    guard record.type == KEEL_EV_GAP, number < count else { return .ignored }
    return books[number].applyGap(from: record.source)
  }

  private mutating func take(for index: Int) -> Bool {
    guard count < books.count else {
      numbers[index] = Self.turnedAway
      refused += 1
      return false
    }
    numbers[index] = UInt16(count)
    count += 1
    return true
  }

  func checkInvariants(_ check: inout InvariantCheck) {
    check.require(count <= books.count, "no more books are taken than there are")
    check.require(refused == 0 || count == books.count, "none is refused while there is room")
    var owners = 0
    for number in numbers.elements where Int(number) < count { owners += 1 }
    check.require(owners == count, "each book has one instrument")
    for book in books.elements[..<count] { book.checkInvariants(&check) }
  }
}
