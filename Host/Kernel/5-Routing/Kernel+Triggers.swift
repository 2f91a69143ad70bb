import Market
import PluginABI
import PluginBridge

/// Orders that the host holds because their venue does not: stops, trailing stops, profits taken,
/// prices touched. They are the host's, not the plugin's: they outlive swaps, crashes and restarts.
extension Kernel {
  /// Whether market data reaches what is held. Almost always there is nothing, or it does not.
  mutating func watch(_ record: Record, into effects: inout Effects) {
    let instrument = record.instrument
    guard instrument.index < state.instruments.count,
      state.orders.heldCount(of: instrument) > 0, let seen = seen(in: record),
      state.orders.bounds(of: instrument).include(seen)
    else { return }
    look(at: instrument, seen, into: &effects)
  }

  /// A book's levels show prices once their message is complete, and while the book is whole.
  private func seen(in record: Record) -> SeenPrices? {
    let market = state.markets[record.instrument.index]
    // What is held waits until the venue trades again.
    guard market.isTrading else { return nil }
    guard record.type == KEEL_EV_BOOK else { return SeenPrices(record) }
    return market.isGapped || !record.hasFlag(KEEL_EVF_LAST) ? nil : SeenPrices(market)
  }

  /// Looks at everything held in an instrument, oldest first, and says when to look again.
  mutating func look(
    at instrument: InstrumentID, _ seen: SeenPrices, into effects: inout Effects
  ) {
    var next = state.orders.firstHeld(of: instrument)
    // What is looked at goes to the list's end when it changes: once round, no more.
    var left = state.orders.heldCount(of: instrument)
    while let id = next, left > 0 {
      left -= 1
      next = state.orders.nextHeld(after: id)
      guard let order = state.orders[id], !order.isDormant, !order.isTriggered,
        risk.tradingState(of: order.slot) != .halted
      else { continue }
      if order.isReached(by: seen) {
        fire(order, into: &effects)
      } else if let trigger = order.trailed(by: seen), trigger != order.trigger {
        var after = order
        after.trigger = trigger
        state.update(order, to: after)
      }
    }
    var bounds = TriggerBounds.never
    var place = state.orders.firstHeld(of: instrument)
    while let id = place {
      if let order = state.orders[id] { bounds.widen(by: order.bounds) }
      place = state.orders.nextHeld(after: id)
    }
    state.orders.setBounds(bounds, of: instrument)
  }

  /// Its price is here: it becomes an order like any other, if risk lets it and there is something
  /// for it to do.
  private mutating func fire(_ order: Order, into effects: inout Effects) {
    var after = order
    after.isTriggered = true
    state.update(order, to: after)
    endLinked(order, into: &effects)
    endBracket(order, into: &effects)
    release(order.id, into: &effects)
  }

  /// Sends a triggered order. One that only reduces waits until what it would compete with has been
  /// taken back, so that both together never turn the position.
  mutating func release(_ id: UInt64, into effects: inout Effects) {
    guard let order = state.orders[id], order.state == .held, order.isTriggered,
      state.orders[order.entry]?.isOpen != true
    else { return }
    var after = order
    if order.isReduceOnly {
      let room = reducible(order)
      guard room.position > 0 else {
        end(id, reason: KEEL_REASON_REDUCE_ONLY, into: &effects)
        return
      }
      guard room.free > 0 else { return }
      after.quantity =
        order.filled + Swift.min(order.remaining, Quantity(mantissa: room.free))
    }
    var request = PlaceRequest(after)
    request.replaced = order.working
    let refusal = weigh(request)
    guard router.hasRoom(effects) else {
      isHeldUp = true
      return
    }
    if let refusal {
      after.state = .refused
      after.reason = UInt16(refusal.reason)
    } else {
      after.state = .pending
    }
    state.update(order, to: after)
    var decision = keel_rec_decision(approving: after)
    if let refusal { decision.refuse(refusal) }
    effects.append(decision, source: order.slot)
    if refusal == nil { router.leave(id, &effects) }
    slots.tell(id, sequence: effects.lastSequence, state)
  }

  /// What is left to be reduced on the side an order closes: all of it, and what no other order
  /// that is out closes already.
  func reducible(_ order: borrowing Order) -> (position: Int64, free: Int64) {
    let held = state.positions[order.slot, order.instrument, order.positionSide].quantity
    guard held != 0, (held > 0) == (order.side == .sell) else { return (0, 0) }
    let (slot, id, side, leg) = (order.slot, order.id, order.side, order.positionSide)
    var out: Int64 = 0
    state.orders.forEachOpen(of: order.instrument) { other in
      guard other.slot == slot, other.id != id, other.side == side, other.positionSide == leg,
        other.isReduceOnly, other.state != .held
      else { return }
      out += other.remaining.mantissa
    }
    return (abs(held), abs(held) - out)
  }
}

extension PlaceRequest {
  /// An order that was held, about to leave.
  init(_ order: Order) {
    self.init(order, changed: AmendRequest(orderID: order.id))
    isRelease = true
    type = order.tradesAs
    trigger = nil
    trail = nil
  }
}
