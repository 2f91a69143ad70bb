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

public enum BookAction: Sendable { case set, delete, clear, nothing }

/// One level of a book by price; `event.h` says what its records mean together.
public struct BookUpdate {
  public let raw: UnsafePointer<keel_ev_book>

  public init?(_ record: Record) {
    guard record.type == KEEL_EV_BOOK, let raw = record.cast(to: keel_ev_book.self) else {
      return nil
    }
    self.raw = raw
  }
  public var instrument: InstrumentID { InstrumentID(rawValue: raw.pointee.h.inst) }
  public var time: Timestamp { Timestamp(nanoseconds: raw.pointee.h.ts_recv) }
  /// nil for one of a later draft.
  public var action: BookAction? {
    switch Int(raw.pointee.action) {
    case KEEL_BOOK_SET: .set
    case KEEL_BOOK_DELETE: .delete
    case KEEL_BOOK_CLEAR: .clear
    case KEEL_BOOK_NONE: .nothing
    default: nil
    }
  }
  /// `.buy` for a bid.
  public var side: Side? { Side(rawValue: raw.pointee.side) }
  public var price: Price { Price(mantissa: raw.pointee.px) }
  /// The level's new total.
  public var quantity: Quantity { Quantity(mantissa: Swift.max(0, raw.pointee.qty)) }
  /// The venue's; 0 where it has none, or does not tell.
  public var venueSequence: UInt64 { raw.pointee.venue_seq }
  public var venueSequenceBefore: UInt64 { raw.pointee.venue_seq_prev }
  /// Part of a full picture, not a change.
  public var isSnapshot: Bool { Int(raw.pointee.h.flags) & KEEL_EVF_SNAPSHOT != 0 }
  /// The book is whole again behind it.
  public var isLast: Bool { Int(raw.pointee.h.flags) & KEEL_EVF_LAST != 0 }
  /// Of one order in a feed by order, and then no level; else 0.
  public var orderID: UInt64 { raw.pointee.order_id }
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
