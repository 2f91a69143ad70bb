import Market
import PluginABI
import PluginBridge
import Storage

/// Quotes of one instrument as a plugin receives them.
enum Quotes {
  static func instrument() -> keel_ev_instrument {
    var record = keel_ev_instrument()
    record.h = keel_event(
      KEEL_EV_INSTRUMENT, of: keel_ev_instrument.self, instrument: InstrumentID(rawValue: 0))
    record.px_exp = -2
    record.qty_exp = -5
    record.kind = InstrumentKind.perpetual.rawValue
    record.tick = 1
    record.lot = 1
    record.min_qty = 1
    record.multiplier = 1
    record.quote = 1
    record.settle = 1
    record.expiry = KEEL_NULL
    record.strike = KEEL_NULL
    FixedText.write("BTCUSDT", to: &record.symbol)
    FixedText.write("sim", to: &record.venue)
    FixedText.write("USDT", to: &record.settle_code)
    return record
  }

  static func quote(_ sequence: UInt64, at time: Int64) -> keel_ev_quote {
    var record = keel_ev_quote()
    record.h = keel_event(
      KEEL_EV_QUOTE, of: keel_ev_quote.self, instrument: InstrumentID(rawValue: 0),
      time: Timestamp(nanoseconds: time))
    record.h.seq = sequence
    record.bid = 4_000_000 + Int64(sequence % 16)
    record.ask = record.bid + 10
    record.bid_qty = 100_000
    record.ask_qty = 100_000
    return record
  }

  /// The reporting asset is the one the instrument settles in.
  static func rate() -> keel_rec_rate {
    var rate = keel_rec_rate()
    rate.h = keel_event(KEEL_REC_RATE, of: keel_rec_rate.self)
    (rate.rate, rate.kind) = (100_000_000, UInt32(KEEL_RATE_FIXED))
    rate.asset = instrument().settle
    return rate
  }

  /// Starts slot 1, a strategy on the instrument.
  static func slot(types: UInt64) -> [UInt8] {
    var slot = keel_rec_slot()
    slot.h = keel_event(KEEL_REC_SLOT, of: keel_rec_slot.self)
    slot.h.source = 1
    slot.cause = UInt32(KEEL_SLOT_STARTED)
    slot.kind = 2
    slot.types = types
    slot.instruments = 1
    slot.h.size += 8
    return withUnsafeBytes(of: slot) { Array($0) } + [UInt8](repeating: 0, count: 8)
  }

  /// A venue's word that it has taken an order.
  static func report(_ id: UInt64) -> keel_ev_order {
    var report = keel_ev_order()
    report.h = keel_event(
      KEEL_EV_ORDER, of: keel_ev_order.self, instrument: InstrumentID(rawValue: 0))
    report.order_id = id
    (report.limit, report.trigger, report.average) = (KEEL_NULL, KEEL_NULL, KEEL_NULL)
    report.state = OrderState.accepted.rawValue
    return report
  }

  /// All of an order, at its price.
  static func fill(_ order: keel_order, _ execution: UInt64) -> keel_ev_fill {
    var fill = keel_ev_fill()
    fill.h = keel_event(
      KEEL_EV_FILL, of: keel_ev_fill.self, instrument: InstrumentID(rawValue: 0))
    fill.order_id = order.order_id
    fill.px = order.limit
    fill.qty = order.qty
    fill.side = order.side
    withUnsafeMutableBytes(of: &fill.exec_id) { bytes in
      bytes[0] = UInt8(ascii: "x")
      var left = execution
      for index in 1...16 {
        bytes[index] = UInt8(ascii: "a") + UInt8(left & 15)
        left >>= 4
      }
    }
    return fill
  }

  static func batch(_ records: borrowing RecordBuffer) -> keel_batch {
    var batch = keel_batch()
    batch.struct_size = UInt32(MemoryLayout<keel_batch>.size)
    batch.mode = UInt32(KEEL_LIVE)
    batch.generation = 1
    batch.count = UInt32(records.recordCount)
    batch.events = records.bytes.baseAddress
    batch.bytes = records.byteCount
    return batch
  }

  /// A tape of them, one each millisecond.
  static func record(_ count: Int, to path: String) throws {
    let writer = try TapeWriter(path: path, instruments: [instrument()], created: 0)
    for index in 1...count {
      try withUnsafeBytes(of: quote(UInt64(index), at: Int64(index) * 1_000_000)) {
        bytes throws(StorageError) in try writer.append(bytes)
      }
    }
    try writer.finish()
  }

  static func buffer(_ count: Int) -> RecordBuffer {
    var buffer = RecordBuffer(capacity: count * MemoryLayout<keel_ev_quote>.size)
    for index in 0..<count { buffer.append(quote(UInt64(index) + 1, at: 0)) }
    return buffer
  }
}
