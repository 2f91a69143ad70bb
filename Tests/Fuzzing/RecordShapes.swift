import PluginABI
import PluginBridge

/// The records that a script of bytes can put in, and those that code can answer with: each type
/// with the size of its struct.
enum RecordShapes {
  struct Shape {
    let type: Int
    let size: Int
    /// Where an order id stands that may be given as a small number: the order sent so many before.
    var order: Int?

    init<C>(_ type: Int, _ struct: C.Type, order: PartialKeyPath<C>? = nil) {
      self.type = type
      size = MemoryLayout<C>.size
      self.order = order.flatMap { MemoryLayout<C>.offset(of: $0) }
    }
  }

  static let facts: [Shape] = [
    Shape(KEEL_EV_QUOTE, keel_ev_quote.self), Shape(KEEL_EV_TRADE, keel_ev_trade.self),
    Shape(KEEL_EV_BAR, keel_ev_bar.self), Shape(KEEL_EV_STATUS, keel_ev_status.self),
    Shape(KEEL_EV_INSTRUMENT, keel_ev_instrument.self),
    Shape(KEEL_EV_ORDER, keel_ev_order.self, order: \.order_id),
    Shape(KEEL_EV_FILL, keel_ev_fill.self, order: \.order_id),
    Shape(KEEL_EV_TIMER, keel_ev_timer.self), Shape(KEEL_EV_PARAM, keel_ev_param.self),
    Shape(KEEL_EV_GAP, keel_ev_gap.self), Shape(KEEL_REC_CASH, keel_rec_cash.self),
    Shape(KEEL_REC_LIMITS, keel_rec_limits.self), Shape(KEEL_REC_SLOT, keel_rec_slot.self),
    Shape(KEEL_IN_CANCEL_ALL, keel_intent.self), Shape(KEEL_EV_SIGNAL, keel_signal.self),
    Shape(KEEL_EV_POSITION, keel_ev_position.self),
  ]

  static let answers: [Shape] = [
    Shape(KEEL_IN_PLACE, keel_intent.self), Shape(KEEL_IN_TARGET, keel_intent.self),
    Shape(KEEL_IN_CANCEL, keel_intent.self, order: \.order_id),
    Shape(KEEL_IN_CANCEL_ALL, keel_intent.self),
    Shape(KEEL_IN_AMEND, keel_intent.self, order: \.order_id),
    Shape(KEEL_EV_SIGNAL, keel_signal.self), Shape(KEEL_EV_EXPLAIN, keel_explain.self),
    Shape(KEEL_EV_QUOTE, keel_ev_quote.self),
  ]
}
