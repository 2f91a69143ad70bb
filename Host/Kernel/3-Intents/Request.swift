package import Market
import PluginABI
package import PluginBridge

/// What a slot wants of the market, made definite.
package enum Request: Sendable {
  case place(PlaceRequest)
  case amend(AmendRequest)
  case cancel(orderID: UInt64)
  case cancelAll(InstrumentID?)
  /// Already as asked: a target that is met.
  case nothing
}

package struct PlaceRequest: Sendable {
  package var slot: UInt32
  package var generation: UInt32
  package var author: UInt32
  package var intentID: UInt64
  package var instrument: InstrumentID
  package var side: Side
  package var positionSide: PositionSide = .net
  package var type: OrderType
  package var timeInForce: TimeInForce
  package var flags: UInt8
  package var limit: Price?
  package var trigger: Price?
  package var trail: Price?
  package var expires: Timestamp?
  package var link: OrderLink = .none
  package var linkID: UInt64 = 0
  package var quantity: Quantity
  /// What is left of the order that this one takes the place of.
  package var replaced = Quantity.zero
  /// The entry whose fills this exit of a bracket covers; 0 is none.
  package var entry: UInt64 = 0
  /// Where the group's stop is, for the entry of a bracket.
  package var stop: Price?

  package init(
    slot: UInt32, generation: UInt32, author: UInt32, intentID: UInt64, instrument: InstrumentID,
    side: Side, type: OrderType, timeInForce: TimeInForce, flags: UInt8, limit: Price?,
    trigger: Price? = nil, expires: Timestamp? = nil, stop: Price? = nil, quantity: Quantity
  ) {
    self.slot = slot
    self.generation = generation
    self.author = author
    self.intentID = intentID
    self.instrument = instrument
    self.side = side
    self.type = type
    self.timeInForce = timeInForce
    self.flags = flags
    self.limit = limit
    self.trigger = trigger
    self.expires = expires
    self.stop = stop
    self.quantity = quantity
  }

  /// The host lets go what it held: it was counted when it was asked for.
  package var isRelease = false

  /// Lies in wait to close what is held, and is asked about again when its time has come.
  package var isWaiting: Bool {
    isReduceOnly && !isRelease && (link != .none || type.hasTrigger)
  }
  package var isReduceOnly: Bool { Int(flags) & KEEL_INF_REDUCE_ONLY != 0 }
  package var isPostOnly: Bool { Int(flags) & KEEL_INF_POST_ONLY != 0 }
}

package struct AmendRequest: Sendable {
  package var orderID: UInt64
  package var limit: Price?
  package var trigger: Price?
  package var quantity: Quantity?
}

extension PlaceRequest {
  /// An order as it would be after a change.
  init(_ order: Order, changed: AmendRequest) {
    let total = changed.quantity ?? order.quantity
    self.init(
      slot: order.slot, generation: order.generation, author: order.author,
      intentID: order.intentID, instrument: order.instrument, side: order.side, type: order.type,
      timeInForce: order.timeInForce, flags: order.flags, limit: changed.limit ?? order.limit,
      quantity: total < order.filled ? .zero : total - order.filled)
    positionSide = order.positionSide
    trigger = changed.trigger ?? order.trigger
    trail = order.trail
    expires = order.expires
    link = order.link
    linkID = order.linkID
    replaced = order.working
  }
}
