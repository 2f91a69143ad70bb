internal import PluginABI
#if KEEL_MODULES
  public import Market
#endif

/// One order of this slot that is not done yet.
public struct OpenOrder {
  /// The host's; nil until it has answered the intent.
  public internal(set) var id: UInt64?
  public internal(set) var intentID: UInt64
  public internal(set) var instrument: InstrumentID
  public internal(set) var side: Side
  public internal(set) var limit: Price?
  public internal(set) var quantity: Quantity
  public internal(set) var filled: Quantity
  public internal(set) var state: OrderState
  /// Another generation of this slot placed it.
  public internal(set) var isInherited: Bool
  /// This instance asked for its end and has not heard yet.
  public internal(set) var isCancelling = false

  init(
    intent: UInt64, instrument: InstrumentID, side: Side, limit: Price?, quantity: Quantity
  ) {
    intentID = intent
    self.instrument = instrument
    self.side = side
    self.limit = limit
    self.quantity = quantity
    filled = .zero
    state = .pending
    isInherited = false
  }

  init(_ update: OrderUpdate) {
    self.init(
      intent: update.intentID, instrument: update.instrument, side: update.side,
      limit: update.limit, quantity: update.quantity)
    apply(update)
  }

  mutating func apply(_ update: OrderUpdate) {
    id = update.orderID
    limit = update.limit
    quantity = update.quantity
    filled = update.filled
    // A cancel or amendment that failed leaves the order working again.
    if state == .pendingCancel, update.state != .pendingCancel { isCancelling = false }
    state = update.state
    isInherited = update.isInherited
  }
}

/// The slot's open orders as its events tell them, whichever generation placed them, so that a new
/// version finds what the old one left in the book. The host's own table decides; this follows.
public struct OpenOrders {
  public static let capacity = 256
  private var orders: [OpenOrder] = []

  init() { orders.reserveCapacity(OpenOrders.capacity) }

  public var count: Int { orders.count }
  /// Oldest first.
  public subscript(index: Int) -> OpenOrder { orders[index] }

  /// The oldest order on this instrument, one still unanswered included.
  public func first(on instrument: InstrumentID) -> OpenOrder? {
    for order in orders where order.instrument == instrument { return order }
    return nil
  }

  public func find(_ id: UInt64) -> OpenOrder? {
    for order in orders where order.id == id { return order }
    return nil
  }

  mutating func sent(_ order: OpenOrder) {
    if orders.count < OpenOrders.capacity { orders.append(order) }
  }

  mutating func cancelling(_ id: UInt64) {
    for index in orders.indices where orders[index].id == id { orders[index].isCancelling = true }
  }

  mutating func apply(_ update: OrderUpdate) {
    guard let index = index(of: update) else {
      if !update.state.isTerminal { sent(OpenOrder(update)) }
      return
    }
    if update.state.isTerminal {
      orders.remove(at: index)
    } else {
      orders[index].apply(update)
    }
  }

  private func index(of update: OrderUpdate) -> Int? {
    for index in orders.indices {
      if orders[index].id == update.orderID, update.orderID != 0 { return index }
      let isUnanswered = orders[index].id == nil && !update.isInherited
      if isUnanswered, orders[index].intentID == update.intentID { return index }
    }
    return nil
  }
}
