public import PluginABI
#if KEEL_MODULES
  public import Market
#endif

/// Raw values are the C ABI's KEEL_ORDER_.
public enum OrderState: UInt8, Sendable {
  case pending = 1, accepted, partiallyFilled, filled, pendingCancel, cancelled, rejected
  case expired, pendingAmend, unknown, refused, held

  /// Nothing more can happen to it.
  public var isTerminal: Bool {
    switch self {
    case .filled, .cancelled, .rejected, .expired, .refused: true
    case .pending, .accepted, .partiallyFilled, .pendingCancel, .pendingAmend, .unknown, .held:
      false
    }
  }
}

public enum OrderType: UInt8, Sendable, CaseIterable {
  case market = 1, limit, stop, stopLimit, trailingStop, takeProfit, ifTouched

  /// Whether it waits for the market to reach a price before it does anything.
  public var hasTrigger: Bool { self != .market && self != .limit }
}

/// The leg of an account that holds long and short at once; `net` where it nets.
public enum PositionSide: UInt8, Sendable {
  case net = 0, long, short

  public var leg: Int { self == .short ? 1 : 0 }
}

/// How an order belongs to others of its slot with the same link id.
public enum OrderLink: UInt8, Sendable { case none = 0, bracket, oneCancelsOther }

public enum TimeInForce: UInt8, Sendable, CaseIterable {
  case goodTillCancelled = 1, immediateOrCancel, fillOrKill, goodTillDate, day
}

public enum Liquidity: UInt8, Sendable { case unknown = 0, maker, taker }

/// An order of this slot changed its state.
public struct OrderUpdate {
  public let raw: UnsafePointer<keel_ev_order>

  public init?(_ record: Record) {
    guard record.type == KEEL_EV_ORDER, let raw = record.cast(to: keel_ev_order.self) else {
      return nil
    }
    self.raw = raw
  }
  public var instrument: InstrumentID { InstrumentID(rawValue: raw.pointee.h.inst) }
  public var orderID: UInt64 { raw.pointee.order_id }
  /// The intent that asked for it. While `isInherited`, in an earlier generation's numbering.
  public var intentID: UInt64 { raw.pointee.intent_id }
  public var isInherited: Bool { Int(raw.pointee.h.flags) & KEEL_EVF_INHERITED != 0 }
  public var state: OrderState { OrderState(rawValue: raw.pointee.state) ?? .unknown }
  public var side: Side { Side(rawValue: raw.pointee.side) ?? .buy }
  public var limit: Price? { Price?(abi: raw.pointee.limit) }
  public var trigger: Price? { Price?(abi: raw.pointee.trigger) }
  /// Of what is filled; nil if nothing is, or it is not told.
  public var average: Price? { Price?(abi: raw.pointee.average) }
  public var quantity: Quantity { Quantity(mantissa: Swift.max(0, raw.pointee.qty)) }
  public var filled: Quantity { Quantity(mantissa: Swift.max(0, raw.pointee.filled)) }
  /// A KEEL_REASON_ when refused or rejected.
  public var reason: Int { Int(raw.pointee.reason) }
}

public struct Fill {
  public let raw: UnsafePointer<keel_ev_fill>

  public init?(_ record: Record) {
    guard record.type == KEEL_EV_FILL, let raw = record.cast(to: keel_ev_fill.self) else {
      return nil
    }
    self.raw = raw
  }
  public var instrument: InstrumentID { InstrumentID(rawValue: raw.pointee.h.inst) }
  public var time: Timestamp { Timestamp(nanoseconds: raw.pointee.h.ts_recv) }
  public var orderID: UInt64 { raw.pointee.order_id }
  public var intentID: UInt64 { raw.pointee.intent_id }
  public var price: Price { Price(mantissa: raw.pointee.px) }
  public var quantity: Quantity { Quantity(mantissa: Swift.max(0, raw.pointee.qty)) }
  public var side: Side { Side(rawValue: raw.pointee.side) ?? .buy }
  public var liquidity: Liquidity { Liquidity(rawValue: raw.pointee.liquidity) ?? .unknown }
}

/// What this slot holds of one instrument.
public struct PositionUpdate {
  public let raw: UnsafePointer<keel_ev_position>

  public init?(_ record: Record) {
    guard record.type == KEEL_EV_POSITION, let raw = record.cast(to: keel_ev_position.self) else {
      return nil
    }
    self.raw = raw
  }
  public var instrument: InstrumentID { InstrumentID(rawValue: raw.pointee.h.inst) }
  /// Signed: negative is short.
  public var signedQuantity: Int64 { raw.pointee.qty }
  public var average: Price? { Price?(abi: raw.pointee.average) }
}
