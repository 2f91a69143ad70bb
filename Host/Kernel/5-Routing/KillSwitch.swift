import Market
import PluginABI
import PluginBridge

/// Clears the market of a slot's orders, or of everybody's: cancels until none is left, and then,
/// if told to, closes what is held. No plugin is asked, and none can be in the way.
struct KillSwitch: ~Copyable, Sendable {
  /// By slot; the host's own place stands for everybody.
  var kills: Table<Bool>
  var flattens: Table<Bool>
  var isOn = false
  /// A turn was too full for all of it: the rest must not wait for news.
  var isHeldUp = false

  init(slots: Int) {
    kills = Table(repeating: false, count: slots)
    flattens = Table(repeating: false, count: slots)
  }

  mutating func apply(_ record: Record) {
    guard let raw = record.cast(to: keel_rec_trading.self)?.pointee,
      Int(record.source) < kills.count
    else { return }
    kills[Int(record.source)] = Int(raw.flags) & KEEL_TRADING_KILL != 0
    flattens[Int(record.source)] = Int(raw.flags) & KEEL_TRADING_FLATTEN != 0
    isOn = kills.elements.contains(true)
  }

  /// The record's flags of what is under way for the slot alone, or, by the host's own place, for
  /// everybody.
  func flags(of slot: UInt32) -> Int {
    guard kills[Int(slot)] else { return 0 }
    return KEEL_TRADING_KILL | (flattens[Int(slot)] ? KEEL_TRADING_FLATTEN : 0)
  }

  private func concerns(_ slot: UInt32) -> Bool { kills[0] || kills[Int(slot)] }
  private func isToFlatten(_ slot: UInt32) -> Bool {
    (kills[0] && flattens[0]) || (kills[Int(slot)] && flattens[Int(slot)])
  }

  /// One turn's part of it. It is over once a turn finds nothing left to cancel.
  mutating func clear(
    _ router: inout Router, _ state: inout State, _ slots: inout SlotTable,
    into effects: inout Effects
  ) {
    isHeldUp = false
    var isAnyLeft = false
    var index = state.orders.openCount
    while index > 0 {
      index -= 1
      guard index < state.orders.openCount else { continue }
      let order = state.orders.openOrder(at: index)
      guard concerns(order.slot) else { continue }
      if router.cancel(order.id, reason: KEEL_REASON_KILLED, &state, into: &effects) {
        slots.tell(order.id, sequence: effects.lastSequence, state)
      } else {
        isAnyLeft = true
        if state.orders[order.id]?.state != .pendingCancel { isHeldUp = true }
      }
    }
    guard !isAnyLeft, flatten(&router, &state, &slots, into: &effects) else { return }
    for slot in kills.indices {
      kills[slot] = false
      flattens[slot] = false
    }
    isOn = false
  }

  /// False when the turn was too full for all of it.
  private mutating func flatten(
    _ router: inout Router, _ state: inout State, _ slots: inout SlotTable,
    into effects: inout Effects
  ) -> Bool {
    for slot in 0..<UInt32(slots.count) where isToFlatten(slot) {
      for index in state.instruments.indices {
        guard let instrument = state.instruments[index] else { continue }
        guard close(slot, instrument.id, .net, &router, &state, &slots, into: &effects),
          close(slot, instrument.id, .short, &router, &state, &slots, into: &effects)
        else {
          isHeldUp = true
          return false
        }
      }
    }
    return true
  }

  private func close(
    _ slot: UInt32, _ instrument: InstrumentID, _ leg: PositionSide, _ router: inout Router,
    _ state: inout State, _ slots: inout SlotTable, into effects: inout Effects
  ) -> Bool {
    let held = state.positions[slot, instrument, leg]
    // What is closing already is not closed twice, should the turn have been too full.
    guard held.quantity != 0, held.workingBuy == 0, held.workingSell == 0 else { return true }
    var request = PlaceRequest(
      slot: slot, generation: slots[slot].generation, author: slots[slot].author, intentID: 0,
      instrument: instrument, side: held.quantity > 0 ? .sell : .buy, type: .market,
      timeInForce: .goodTillCancelled, flags: UInt8(KEEL_INF_REDUCE_ONLY), limit: nil,
      quantity: Quantity(mantissa: abs(held.quantity)))
    if state.instrument(instrument).map({ state.account(of: $0).isHedging }) == true {
      request.positionSide = leg == .net ? .long : leg
    }
    guard let order = router.open(request, &state, &effects) else { return false }
    effects.append(keel_rec_decision(approving: order), source: slot)
    slots.tell(order.id, sequence: effects.lastSequence, state)
    return true
  }
}

extension keel_rec_decision {
  /// The host's own order: nobody asked for it.
  init(approving order: Order) {
    self.init()
    h = keel_event(
      KEEL_REC_DECISION, of: keel_rec_decision.self, instrument: order.instrument)
    order_id = order.id
    value = KEEL_NULL
    limit = KEEL_NULL
    passing = KEEL_NULL
    intent_id = order.intentID
    generation = order.generation
    approved = 1
  }

  mutating func refuse(_ refusal: Refusal) {
    approved = 0
    reason = UInt16(refusal.reason)
    value = refusal.value ?? KEEL_NULL
    limit = refusal.limit ?? KEEL_NULL
  }
}
