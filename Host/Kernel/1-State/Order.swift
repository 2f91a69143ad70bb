package import Market
package import PluginABI
package import PluginBridge

/// One order as the host knows it. Owned by a slot for its whole life, whatever code runs there.
package struct Order: Sendable {
  package var id: UInt64
  package var slot: UInt32
  /// The slot's generation when it asked, and the instance that asked (its first generation).
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
  package var quantity: Quantity
  package var filled: Quantity = .zero
  package var state: OrderState = .pending
  package var reason: UInt16 = 0

  package var remaining: Quantity { quantity - filled }
  package var isReduceOnly: Bool { Int(flags) & KEEL_INF_REDUCE_ONLY != 0 }
  package var isOpen: Bool { !state.isTerminal }

  /// The record that tells its slot where the order stands.
  package func update(for author: UInt32, at now: Timestamp, sequence: UInt64) -> keel_ev_order {
    var record = keel_ev_order()
    record.h = keel_event(
      KEEL_EV_ORDER, of: keel_ev_order.self, instrument: instrument, time: now)
    record.h.source = slot
    record.h.seq = sequence
    record.h.flags = author == self.author ? 0 : UInt16(KEEL_EVF_INHERITED)
    record.order_id = id
    record.intent_id = intentID
    record.limit = limit.abi
    record.qty = quantity.mantissa
    record.filled = filled.mantissa
    record.generation = generation
    record.reason = reason
    record.state = state.rawValue
    record.side = side.rawValue
    record.order_type = type.rawValue
    record.tif = timeInForce.rawValue
    return record
  }
}
