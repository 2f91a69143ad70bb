public import PluginABI
#if KEEL_MODULES
  public import Market
#endif

/// Views of market-data records. Each wraps the bytes where they lie, and is nil for a record of
/// another type or one too short for it.

public struct Quote {
  public let raw: UnsafePointer<keel_ev_quote>

  public init?(_ record: Record) {
    guard record.type == KEEL_EV_QUOTE, let raw = record.cast(to: keel_ev_quote.self) else {
      return nil
    }
    self.raw = raw
  }
  public var instrument: InstrumentID { InstrumentID(rawValue: raw.pointee.h.inst) }
  public var time: Timestamp { Timestamp(nanoseconds: raw.pointee.h.ts_recv) }
  public var bid: Price? { Price?(abi: raw.pointee.bid) }
  public var ask: Price? { Price?(abi: raw.pointee.ask) }
  public var bidQuantity: Quantity { Quantity(mantissa: Swift.max(0, raw.pointee.bid_qty)) }
  public var askQuantity: Quantity { Quantity(mantissa: Swift.max(0, raw.pointee.ask_qty)) }
}

public struct Trade {
  public let raw: UnsafePointer<keel_ev_trade>

  public init?(_ record: Record) {
    guard record.type == KEEL_EV_TRADE, let raw = record.cast(to: keel_ev_trade.self) else {
      return nil
    }
    self.raw = raw
  }
  public var instrument: InstrumentID { InstrumentID(rawValue: raw.pointee.h.inst) }
  public var time: Timestamp { Timestamp(nanoseconds: raw.pointee.h.ts_recv) }
  public var price: Price { Price(mantissa: raw.pointee.px) }
  public var quantity: Quantity { Quantity(mantissa: Swift.max(0, raw.pointee.qty)) }
  public var aggressor: Side? { Side(rawValue: raw.pointee.side) }
}

public struct Bar {
  public let raw: UnsafePointer<keel_ev_bar>

  public init?(_ record: Record) {
    guard record.type == KEEL_EV_BAR, let raw = record.cast(to: keel_ev_bar.self) else {
      return nil
    }
    self.raw = raw
  }
  public var instrument: InstrumentID { InstrumentID(rawValue: raw.pointee.h.inst) }
  /// When the bar closed.
  public var time: Timestamp { Timestamp(nanoseconds: raw.pointee.h.ts_recv) }
  public var open: Price { Price(mantissa: raw.pointee.open) }
  public var high: Price { Price(mantissa: raw.pointee.high) }
  public var low: Price { Price(mantissa: raw.pointee.low) }
  public var close: Price { Price(mantissa: raw.pointee.close) }
  public var volume: Quantity { Quantity(mantissa: Swift.max(0, raw.pointee.volume)) }
  public var interval: Nanoseconds { Nanoseconds(raw.pointee.interval) }
}

/// An alpha's view of one instrument.
public struct Signal {
  public let raw: UnsafePointer<keel_signal>

  public init?(_ record: Record) {
    guard record.type == KEEL_EV_SIGNAL, let raw = record.cast(to: keel_signal.self) else {
      return nil
    }
    self.raw = raw
  }
  public var instrument: InstrumentID { InstrumentID(rawValue: raw.pointee.h.inst) }
  public var time: Timestamp { Timestamp(nanoseconds: raw.pointee.h.ts_recv) }
  /// In -1...1; the sign is the direction.
  public var score: Double { raw.pointee.score }
  /// In 0...1.
  public var confidence: Double { raw.pointee.confidence }
  public var horizon: Nanoseconds { Nanoseconds(raw.pointee.horizon) }
  /// Position of the alpha in the strategy's configured list.
  public var alpha: Int { Int(raw.pointee.alpha) }
}
