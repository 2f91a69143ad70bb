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
  package var account: UInt16 = 0
  package var side: Side
  package var positionSide: PositionSide = .net
  package var type: OrderType
  package var timeInForce: TimeInForce
  package var flags: UInt8
  package var limit: Price?
  package var trigger: Price?
  /// How far behind the market a trailing stop's trigger stays.
  package var trail: Price?
  package var expires: Timestamp?
  /// When the host must end it, where the venue does not.
  package var deadline: Timestamp?
  package var link: OrderLink = .none
  package var linkID: UInt64 = 0
  /// The entry whose fills this exit covers; 0 is none.
  package var entry: UInt64 = 0
  package var quantity: Quantity
  package var display = Quantity.zero
  package var filled: Quantity = .zero
  /// The value of what is filled, as if bought.
  package var value: Int128 = 0
  package var state: OrderState = .pending
  package var reason: UInt16 = 0

  /// Whether its command has left, or leaves with this turn.
  package var isSent = false
  /// Held by the host, it has reached its trigger.
  package var isTriggered = false
  /// A bracket's exit whose entry has not filled yet: its trigger is not looked at.
  package var isDormant = false
  /// How it is to be told once the venue has cancelled it: its time was over.
  package var endsAs: OrderState?
  /// Of what is filled, what another slot's order filled before this one left: the venue knows
  /// nothing of it.
  package var crossed = Quantity.zero
  package var crossedValue: Int128 = 0
  /// Of what an exit has filled, what was taken off the other exits.
  package var takenOff = Quantity.zero
  /// What is asked of the venue and not answered yet.
  package var wantedLimit: Price?
  package var wantedTrigger: Price?
  package var wantedQuantity: Quantity?
  /// What the venue has said of its end before all fills are here: how it ended, and how much was
  /// filled by then.
  package var ending: OrderState?
  package var reported: Quantity = .zero
  /// When the venue was last told or asked something.
  package var asked: Timestamp = .distantPast

  package var remaining: Quantity { quantity - filled }
  /// What of it may trade at any time.
  var working: Quantity { countsAsWorking ? remaining : .zero }
  /// At the venue it is as large as this.
  package var sentQuantity: Quantity { quantity - crossed }
  package var isOpen: Bool { !state.isTerminal }
  package var isReduceOnly: Bool { Int(flags) & KEEL_INF_REDUCE_ONLY != 0 }
  package var isPostOnly: Bool { Int(flags) & KEEL_INF_POST_ONLY != 0 }

  /// Whether it lies in wait to close what the slot holds, and adds to it in no case: such an order
  /// is protection, not work.
  package var isProtection: Bool {
    protects && !(link == .none && isTriggered)
  }
  /// Whether it closes what the slot holds, lying in wait or by now on its way.
  package var protects: Bool { isReduceOnly && (link != .none || type.hasTrigger) }
  /// Whether its fill is to be reckoned with.
  package var countsAsWorking: Bool { isOpen && !isProtection }
  /// What it does once it trades: a triggered order's type no longer says it.
  package var tradesAs: OrderType {
    switch type {
    case .market, .stop, .trailingStop: .market
    case .limit, .stopLimit: .limit
    case .takeProfit, .ifTouched: limit == nil ? .market : .limit
    }
  }

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
    record.trigger = trigger.abi
    record.qty = quantity.mantissa
    record.filled = filled.mantissa
    record.average = KEEL_NULL
    record.generation = generation
    record.account = account
    record.reason = reason
    record.state = state.rawValue
    record.side = side.rawValue
    record.order_type = type.rawValue
    record.tif = timeInForce.rawValue
    record.position_side = positionSide.rawValue
    record.flags = flags
    record.link = link.rawValue
    record.link_id = linkID
    return record
  }
}
