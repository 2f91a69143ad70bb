import Market
import PluginABI
import PluginBridge

/// Puts a model's news into a buffer as records, and keeps the numbers that a venue would.
struct RecordWriter: Sendable {
  let instrument: InventedInstrument
  private var trades: UInt64 = 0
  private var quotes: UInt64 = 0

  /// Of one record: a buffer with room for so many takes any of a model's steps.
  static let recordBytesMax = MemoryLayout<keel_ev_book>.size

  init(_ instrument: InventedInstrument) { self.instrument = instrument }

  /// Prices and quantities in ticks and lots.
  mutating func quote(
    bid: Int64, bidLots: Int64, ask: Int64, askLots: Int64, at time: Timestamp,
    into buffer: inout RecordBuffer
  ) {
    var record = keel_ev_quote()
    record.h = header(KEEL_EV_QUOTE, of: keel_ev_quote.self, time)
    quotes += 1
    (record.bid, record.bid_qty) = (bid * instrument.tick, bidLots * instrument.lot)
    (record.ask, record.ask_qty) = (ask * instrument.tick, askLots * instrument.lot)
    record.venue_seq = quotes
    append(record, to: &buffer)
  }

  mutating func trade(
    _ price: Int64, lots: Int64, _ aggressor: Side, at time: Timestamp,
    into buffer: inout RecordBuffer
  ) {
    var record = keel_ev_trade()
    record.h = header(KEEL_EV_TRADE, of: keel_ev_trade.self, time)
    trades += 1
    (record.px, record.qty) = (price * instrument.tick, lots * instrument.lot)
    record.side = aggressor.rawValue
    record.trade_id = trades
    append(record, to: &buffer)
  }

  /// One level; lots 0 deletes it. A nil change is the beginning of a snapshot.
  func book(
    _ change: BookChange?, sequence: UInt64, before: UInt64, flags: Int, at time: Timestamp,
    into buffer: inout RecordBuffer
  ) {
    var record = keel_ev_book()
    record.h = header(KEEL_EV_BOOK, of: keel_ev_book.self, time)
    record.h.flags = UInt16(flags)
    (record.venue_seq, record.venue_seq_prev) = (sequence, before)
    record.action = UInt8(KEEL_BOOK_CLEAR)
    if let change {
      record.action = UInt8(change.lots > 0 ? KEEL_BOOK_SET : KEEL_BOOK_DELETE)
      record.side = change.side.rawValue
      (record.px, record.qty) = (change.price * instrument.tick, change.lots * instrument.lot)
    }
    append(record, to: &buffer)
  }

  private func header<C: BitwiseCopyable>(
    _ type: Int, of record: C.Type, _ time: Timestamp
  ) -> keel_event {
    var header = keel_event(type, of: record, instrument: instrument.id, time: time)
    header.ts_venue = time.nanoseconds
    header.source = 1
    return header
  }

  private func append<C: BitwiseCopyable>(_ record: C, to buffer: inout RecordBuffer) {
    let isThere = buffer.append(record) != nil
    precondition(isThere, "the caller's buffer has room for a step")
  }
}
