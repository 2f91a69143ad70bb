public import PluginABI
#if KEEL_MODULES
  public import Market
#endif

/// An exchange adapter carries the host's orders to one account at one venue and reports back. The
/// host does not drive this kind yet: the shape is a draft.
public protocol ExchangeAdapter {
  static var info: PluginInfo { get }

  /// Runs twice: see `Setup`.
  init(_ setup: inout Setup) throws(PluginError)

  /// True means handed on, not accepted: the venue's word is a report on the feed.
  mutating func submit(_ order: VenueOrder, _ reports: inout Feed) -> Bool
  mutating func amend(_ order: VenueOrder, _ reports: inout Feed) -> Bool
  mutating func cancel(_ order: VenueOrder, _ reports: inout Feed) -> Bool
  /// Replays the venue's truth as reports: open orders, fills since then, positions, balances.
  mutating func reconcile(since: Timestamp, _ reports: inout Feed) -> Bool

  func save(to state: inout StateWriter)
  mutating func load(from state: inout StateReader, version: UInt32) throws(StateError)
}

extension ExchangeAdapter {
  public func save(to state: inout StateWriter) {}
  public mutating func load(
    from state: inout StateReader, version: UInt32
  ) throws(StateError) {}
}

/// A command to a venue, where it lies.
public struct VenueOrder {
  public let raw: UnsafePointer<keel_order>

  public var instrument: InstrumentID { InstrumentID(rawValue: raw.pointee.h.inst) }
  public var orderID: UInt64 { raw.pointee.order_id }
  public var clientID: String { FixedText.read(raw.pointee.client_id) }
  public var side: Side? { Side(rawValue: raw.pointee.side) }
  public var type: OrderType? { OrderType(rawValue: raw.pointee.order_type) }
  public var limit: Price? { Price?(abi: raw.pointee.limit) }
  public var quantity: Quantity { Quantity(mantissa: Swift.max(0, raw.pointee.qty)) }
  public var timeInForce: TimeInForce? { TimeInForce(rawValue: raw.pointee.tif) }
}

extension Feed {
  /// The order as the venue now has it.
  public func reportOrder(
    _ order: VenueOrder, at time: Timestamp, state: OrderState, filled: Quantity = .zero
  ) -> Bool {
    let command = order.raw.pointee
    var record = keel_ev_order()
    record.h = keel_event(
      KEEL_EV_ORDER, of: keel_ev_order.self, instrument: order.instrument, time: time)
    record.h.source = command.h.source
    record.order_id = command.order_id
    record.intent_id = command.intent_id
    record.limit = command.limit
    record.qty = command.qty
    record.filled = filled.mantissa
    record.generation = command.generation
    record.account = command.account
    record.state = state.rawValue
    record.side = command.side
    record.order_type = command.order_type
    record.tif = command.tif
    record.position_side = command.position_side
    return publish(record)
  }
}
