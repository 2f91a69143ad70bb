import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport

/// A venue that changes its book at random and tells of it, and beside the kernel the plainest
/// book there is: a dictionary. The venue knows every level; the kernel keeps a few.
struct RandomBook {
  /// One venue message as records.
  typealias Message = [keel_ev_book]

  private var random: SeededGenerator
  private(set) var bids: [Int64: Int64] = [:]
  private(set) var asks: [Int64: Int64] = [:]
  private var sequence: UInt64 = 10
  private var middle: Int64 = 1_000

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &random) == 0 }
  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  private func record(_ action: Int, before: UInt64) -> keel_ev_book {
    var record = keel_ev_book()
    record.h = keel_event(
      KEEL_EV_BOOK, of: keel_ev_book.self, instrument: ScenarioInstrument.id("P"))
    record.action = UInt8(action)
    record.venue_seq = sequence
    record.venue_seq_prev = before
    return record
  }
  private func level(
    _ side: Side, _ price: Int64, _ quantity: Int64?, before: UInt64
  ) -> keel_ev_book {
    var record = record(quantity == nil ? KEEL_BOOK_DELETE : KEEL_BOOK_SET, before: before)
    record.side = side.rawValue
    record.px = price
    record.qty = quantity ?? 0
    return record
  }

  /// All of the book, in random order.
  mutating func snapshot() -> Message {
    var message: Message =
      bids.sorted { $0.key > $1.key }.map { level(.buy, $0.key, $0.value, before: 0) }
      + asks.sorted { $0.key < $1.key }.map { level(.sell, $0.key, $0.value, before: 0) }
    if chance(2) { message.shuffle(using: &random) }
    message.insert(record(KEEL_BOOK_CLEAR, before: 0), at: 0)
    for index in message.indices { message[index].h.flags = UInt16(KEEL_EVF_SNAPSHOT) }
    message[message.count - 1].h.flags |= UInt16(KEEL_EVF_LAST)
    return message
  }

  /// One to eight changes, most of them near the middle, which wanders; never crossed at the end.
  mutating func update() -> Message {
    let before = sequence
    sequence += UInt64(number(1...5))
    middle += Int64(number(-2...2))
    var message: Message = []
    for price in bids.keys.sorted() where price >= middle {
      bids[price] = nil
      message.append(level(.buy, price, nil, before: before))
    }
    for price in asks.keys.sorted() where price <= middle {
      asks[price] = nil
      message.append(level(.sell, price, nil, before: before))
    }
    for _ in 0..<number(1...8) {
      let distance = Int64(chance(4) ? number(1...40) : number(1...6))
      let quantity = chance(3) ? nil : Int64(number(1...100))
      if chance(2) {
        bids[middle - distance] = quantity
        message.append(level(.buy, middle - distance, quantity, before: before))
      } else {
        asks[middle + distance] = quantity
        message.append(level(.sell, middle + distance, quantity, before: before))
      }
    }
    message[message.count - 1].h.flags |= UInt16(KEEL_EVF_LAST)
    return message
  }

  /// What a book that holds some of this one says wrong; nil when nothing is. What it keeps are
  /// the best levels, without a hole, and all of them where it does not say otherwise.
  func difference(from book: OrderBook) -> String? {
    Self.difference(book.bids, bids.sorted { $0.key > $1.key })
      ?? Self.difference(book.asks, asks.sorted { $0.key < $1.key })
  }

  private static func difference(_ side: BookSide, _ levels: [(key: Int64, value: Int64)])
    -> String?
  {
    if !side.isTruncated, side.count != levels.count {
      return "\(side.count) levels of \(levels.count), and not truncated"
    }
    guard side.count <= levels.count else { return "\(side.count) levels of \(levels.count)" }
    for (kept, level) in zip(side, levels) {
      if kept.price.mantissa != level.key || kept.quantity.mantissa != level.value {
        return "\(kept) is \(level)"
      }
    }
    for level in levels where side.knows(Price(mantissa: level.key)) {
      if side.quantity(at: Price(mantissa: level.key)).mantissa != level.value {
        return "knows \(level) wrongly"
      }
    }
    return nil
  }
}
