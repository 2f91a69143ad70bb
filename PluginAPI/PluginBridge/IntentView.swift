public import PluginABI
#if KEEL_MODULES
  public import Market
#endif

/// What a strategy asks for.
public enum IntentKind: Int, Sendable {
  case target = 64, place, amend, cancel, cancelAll
}

/// One intent where it lies.
public struct IntentView {
  public let raw: UnsafePointer<keel_intent>

  public init?(_ record: Record) {
    guard IntentKind(rawValue: record.type) != nil, let raw = record.cast(to: keel_intent.self)
    else { return nil }
    self.raw = raw
  }
  public var kind: IntentKind { IntentKind(rawValue: Int(raw.pointee.h.type)) ?? .cancel }
  public var instrument: InstrumentID { InstrumentID(rawValue: raw.pointee.h.inst) }
  public var intentID: UInt64 { raw.pointee.intent_id }
  public var orderID: UInt64 { raw.pointee.order_id }
  public var side: Side? { Side(rawValue: raw.pointee.side) }
  public var limit: Price? { Price?(abi: raw.pointee.limit) }
  public var trigger: Price? { Price?(abi: raw.pointee.trigger) }
  /// A trailing stop's distance.
  public var trail: Price? { raw.pointee.trail == 0 ? nil : Price?(abi: raw.pointee.trail) }
  public var expires: Timestamp? { Timestamp?(abi: raw.pointee.expires) }
  public var positionSide: PositionSide? { PositionSide(rawValue: raw.pointee.position_side) }
  public var link: OrderLink? { OrderLink(rawValue: raw.pointee.link) }
  public var type: OrderType? { OrderType(rawValue: raw.pointee.order_type) }
  public var timeInForce: TimeInForce? { TimeInForce(rawValue: raw.pointee.tif) }
  public var isPostOnly: Bool { Int(raw.pointee.flags) & KEEL_INF_POST_ONLY != 0 }
  public var isReduceOnly: Bool { Int(raw.pointee.flags) & KEEL_INF_REDUCE_ONLY != 0 }
}

extension keel_intent {
  /// An intent of this kind with every field absent; the caller sets what it means.
  public init(_ kind: IntentKind, _ instrument: InstrumentID?) {
    self.init()
    h = keel_event(kind.rawValue, of: keel_intent.self, instrument: instrument)
    limit = KEEL_NULL
    trigger = KEEL_NULL
    expires = KEEL_NULL
    trail = KEEL_NULL
  }
}
