package import Market
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
  package var quantity: Quantity
}
