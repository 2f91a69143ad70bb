import Market
import PluginABI
import PluginBridge

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

  static func buffer(_ count: Int) -> RecordBuffer {
    var buffer = RecordBuffer(capacity: count * MemoryLayout<keel_ev_quote>.size)
    for index in 0..<count { buffer.append(quote(UInt64(index) + 1, at: 0)) }
    return buffer
  }
}
