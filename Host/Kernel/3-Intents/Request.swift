package import Market
import PluginABI
package import PluginBridge

/// What a slot wants of the market, made definite: an order to place, or orders to cancel.
package enum Request: Sendable {
  case place(PlaceRequest)
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
  package var type: OrderType
  package var timeInForce: TimeInForce
  package var flags: UInt8
  package var limit: Price?
  package var trigger: Price? = nil
  /// Only with GTD.
  package var expires: Timestamp? = nil
  /// Where the order's own bracket ends its position at a loss.
  package var stop: Price? = nil
  package var quantity: Quantity

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

  package var isPostOnly: Bool { Int(flags) & KEEL_INF_POST_ONLY != 0 }
  package var isReduceOnly: Bool { Int(flags) & KEEL_INF_REDUCE_ONLY != 0 }
}
