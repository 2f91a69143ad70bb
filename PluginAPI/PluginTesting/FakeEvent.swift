public import PluginABI

/// One record for a test, made from the few numbers that matter to it.
public struct FakeEvent: Equatable {
  /// Its bytes, 8-aligned.
  var words: [UInt64]

  public init<C: BitwiseCopyable>(_ record: C) {
    words = Swift.withUnsafeBytes(of: record) { FakeEvent(bytes: $0).words }
  }

  init(bytes: UnsafeRawBufferPointer) {
    words = Array(repeating: 0, count: (bytes.count + 7) / 8)
    words.withUnsafeMutableBytes { $0.copyMemory(from: bytes) }
  }

  public var header: keel_event { read(keel_event.self)! }

  /// The record as its C struct; nil when it is shorter than that.
  public func read<C: BitwiseCopyable>(_ type: C.Type) -> C? {
    guard words.count * 8 >= MemoryLayout<C>.size else { return nil }
    return words.withUnsafeBytes { $0.loadUnaligned(as: C.self) }
  }

  /// The same as a host tells it to an instance that takes over: how things stand, not a change.
  public var snapshot: FakeEvent {
    let offset = MemoryLayout.offset(of: \keel_event.flags)!
    var told = self
    told.words.withUnsafeMutableBytes { bytes in
      let flags = bytes.load(fromByteOffset: offset, as: UInt16.self)
      bytes.storeBytes(of: flags | UInt16(KEEL_EVF_SNAPSHOT), toByteOffset: offset, as: UInt16.self)
    }
    return told
  }

  mutating func stamp(time: Int64, sequence: UInt64) {
    words.withUnsafeMutableBytes { bytes in
      guard bytes.count >= MemoryLayout<keel_event>.size else { return }
      bytes.storeBytes(
        of: time, toByteOffset: MemoryLayout.offset(of: \keel_event.ts_recv)!, as: Int64.self)
      bytes.storeBytes(
        of: sequence, toByteOffset: MemoryLayout.offset(of: \keel_event.seq)!, as: UInt64.self)
    }
  }

  public static func quote(
    _ bid: Int64, _ ask: Int64, on instrument: UInt32 = 0, size: Int64 = 1
  ) -> FakeEvent {
    var record = keel_ev_quote()
    record.h = header(KEEL_EV_QUOTE, keel_ev_quote.self, instrument)
    record.bid = bid
    record.ask = ask
    record.bid_qty = size
    record.ask_qty = size
    return FakeEvent(record)
  }

  public static func trade(
    _ price: Int64, _ quantity: Int64 = 1, side: Side = .buy, on instrument: UInt32 = 0
  ) -> FakeEvent {
    var record = keel_ev_trade()
    record.h = header(KEEL_EV_TRADE, keel_ev_trade.self, instrument)
    record.px = price
    record.qty = quantity
    record.side = side.rawValue
    return FakeEvent(record)
  }

  /// A bar whose four prices are told by its close and how far it swung around it.
  public static func bar(
    _ close: Int64, swing: Int64 = 0, volume: Int64 = 1, on instrument: UInt32 = 0
  ) -> FakeEvent {
    var record = keel_ev_bar()
    record.h = header(KEEL_EV_BAR, keel_ev_bar.self, instrument)
    record.open = close
    record.high = close + swing
    record.low = close - swing
    record.close = close
    record.volume = volume
    record.interval = 60_000_000_000
    return FakeEvent(record)
  }

  /// What a host says of the order that `intent` asked for.
  public static func order(
    _ id: UInt64, for intent: keel_intent, _ state: OrderState, filled: Int64 = 0,
    isInherited: Bool = false
  ) -> FakeEvent {
    var record = keel_ev_order()
    record.h = header(KEEL_EV_ORDER, keel_ev_order.self, intent.h.inst)
    record.h.flags = UInt16(isInherited ? KEEL_EVF_INHERITED : 0)
    record.order_id = id
    record.intent_id = intent.intent_id
    record.limit = intent.limit
    record.qty = intent.qty
    record.filled = filled
    record.side = intent.side
    record.state = state.rawValue
    return FakeEvent(record)
  }

  public static func position(_ quantity: Int64, on instrument: UInt32 = 0) -> FakeEvent {
    var record = keel_ev_position()
    record.h = header(KEEL_EV_POSITION, keel_ev_position.self, instrument)
    record.qty = quantity
    record.average = KEEL_NULL
    return FakeEvent(record)
  }

  public static func timer(_ id: UInt64, due: Int64) -> FakeEvent {
    var record = keel_ev_timer()
    record.h = header(KEEL_EV_TIMER, keel_ev_timer.self, KEEL_NO_INST)
    record.timer_id = id
    record.due = due
    return FakeEvent(record)
  }

  public static func parameter(_ number: UInt32, _ value: Double) -> FakeEvent {
    var record = keel_ev_param()
    record.h = header(KEEL_EV_PARAM, keel_ev_param.self, KEEL_NO_INST)
    record.param = number
    record.value = value
    return FakeEvent(record)
  }

  public static func gap(_ missed: UInt64, on instrument: UInt32 = 0) -> FakeEvent {
    var record = keel_ev_gap()
    record.h = header(KEEL_EV_GAP, keel_ev_gap.self, instrument)
    record.missed = missed
    return FakeEvent(record)
  }

  private static func header<C: BitwiseCopyable>(
    _ type: Int, _ struct: C.Type, _ instrument: UInt32
  ) -> keel_event {
    keel_event(type, of: C.self, instrument: InstrumentID(rawValue: instrument))
  }
}

extension keel_ev_instrument {
  /// A spot pair with two decimals of price and five of quantity.
  public static func fake(_ id: UInt32 = 0, symbol: String = "BTCUSDT") -> keel_ev_instrument {
    var made = keel_ev_instrument()
    made.h = keel_event(
      KEEL_EV_INSTRUMENT, of: keel_ev_instrument.self, instrument: InstrumentID(rawValue: id))
    made.kind = InstrumentKind.spot.rawValue
    made.px_exp = -2
    made.qty_exp = -5
    made.tick = 1
    made.lot = 1
    made.min_qty = 1
    made.multiplier = 1
    made.base = 1
    made.quote = 2
    made.settle = 2
    made.expiry = KEEL_NULL
    made.strike = KEEL_NULL
    FixedText.write(symbol, to: &made.symbol)
    FixedText.write("SIM", to: &made.venue)
    return made
  }
}
