import PluginABI
import PluginBridge
import Storage
import TestSupport

/// The beginning of a journal: an asset, two instruments, two slots, and then what a test appends.
struct SampleRecords {
  private(set) var records: [RecordBytes] = []
  private var sequence: UInt64 = 0
  var time: Int64 = 1_700_000_000_000_000_000

  init(session: UInt64 = 1) {
    var header = keel_rec_session()
    header.h = keel_event(KEEL_REC_SESSION, of: keel_rec_session.self)
    header.session = session
    FixedText.write("sample", to: &header.name)
    var asset = keel_rec_asset()
    asset.h = keel_event(KEEL_REC_ASSET, of: keel_rec_asset.self)
    asset.asset = 2
    FixedText.write("USDT", to: &asset.code)
    turn()
    append(header)
    append(asset)
    append(Self.instrument(0, "BTC,USDT", price: -2, quantity: -5))
    append(Self.instrument(1, "ETH\"USDT", price: 0, quantity: 0))
    append(Self.slot(1, "trend"))
    append(Self.slot(2, "watch"))
    end()
  }

  mutating func append<C: BitwiseCopyable>(_ record: C) {
    var bytes = RecordBytes()
    bytes.append(record)
    sequence += 1
    bytes.forEachHeader { header in
      header.seq = sequence
      header.ts_recv = time
    }
    records.append(bytes)
  }

  mutating func turn(after nanoseconds: Int64 = 0) {
    time += nanoseconds
    var turn = keel_rec_turn()
    turn.h = keel_event(KEEL_REC_TURN, of: keel_rec_turn.self)
    turn.now = time
    append(turn)
  }
  mutating func end() { append(keel_event(KEEL_REC_TURN_END, of: keel_event.self)) }

  /// An order of a slot and its fill, in a turn of their own.
  mutating func trade(_ number: UInt64, slot: UInt32, quantity: Int64, price: Int64) {
    turn(after: 1_000_000_000)
    var order = keel_order()
    order.h = keel_event(KEEL_CMD_SUBMIT, of: keel_order.self)
    order.h.inst = 0
    order.h.source = slot
    order.order_id = number << 20
    order.limit = KEEL_NULL
    order.qty = quantity
    order.side = UInt8(KEEL_BUY)
    FixedText.write("k\(records.count)", to: &order.client_id)
    append(order)
    var fill = keel_ev_fill()
    fill.h = keel_event(KEEL_EV_FILL, of: keel_ev_fill.self)
    fill.h.inst = 0
    fill.order_id = number << 20
    fill.px = price
    fill.qty = quantity
    fill.fee = -125
    fill.fee_exp = -3
    fill.fee_asset = 2
    fill.side = UInt8(KEEL_BUY)
    fill.liquidity = UInt8(KEEL_MAKER)
    append(fill)
    end()
  }

  func write(to directory: String) throws {
    let writer = try JournalWriter(directory: directory, session: 7, created: 5)
    for record in records {
      try record.words.withUnsafeBytes { bytes in try writer.append(bytes) }
    }
    try writer.close()
  }

  static func instrument(
    _ id: UInt32, _ symbol: String, price: Int8, quantity: Int8
  ) -> keel_ev_instrument {
    var record = keel_ev_instrument()
    record.h = keel_event(KEEL_EV_INSTRUMENT, of: keel_ev_instrument.self)
    record.h.inst = id
    record.px_exp = price
    record.qty_exp = quantity
    record.kind = UInt8(KEEL_KIND_SPOT)
    record.tick = 1
    record.lot = 1
    record.multiplier = 1
    FixedText.write(symbol, to: &record.symbol)
    return record
  }

  static func slot(_ number: UInt32, _ name: String) -> keel_rec_slot {
    var record = keel_rec_slot()
    record.h = keel_event(KEEL_REC_SLOT, of: keel_rec_slot.self)
    record.h.source = number
    record.cause = UInt32(KEEL_SLOT_STARTED)
    FixedText.write(name, to: &record.name)
    return record
  }
}
