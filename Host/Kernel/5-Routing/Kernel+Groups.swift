import Market
import PluginABI
import PluginBridge

/// Orders that belong together: a bracket's entry and exits, one that cancels others, and those
/// that may only reduce what their slot holds.
extension Kernel {
  /// What a bracket's order must be, and which entry it covers: the group's first order enters, and
  /// those after it, which only reduce, leave.
  func join(_ request: PlaceRequest) throws(Refusal) -> UInt64 {
    guard request.link == .bracket else { return 0 }
    var entry: Order?
    state.orders.forEachOpen(of: request.instrument) { other in
      if other.slot == request.slot, other.link == .bracket, other.linkID == request.linkID,
        other.entry == 0, !other.isReduceOnly
      {
        entry = copy other
      }
    }
    guard let entry else {
      // An exit whose entry is over protects what is held.
      return 0
    }
    guard request.isReduceOnly, request.side != entry.side,
      request.positionSide == entry.positionSide
    else { throw Refusal(KEEL_REASON_LINK) }
    return entry.id
  }

  /// Where an entry's stop is: one of the exits that the same answer names after it.
  func stop(
    for request: PlaceRequest, behind intent: IntentView, in answer: UnsafeRawBufferPointer
  ) -> Price? {
    guard request.link == .bracket, !request.isReduceOnly else { return nil }
    var isBehind = false
    for record in RecordReader(answer) {
      guard let other = IntentView(record) else { continue }
      if other.intentID == intent.intentID { isBehind = true }
      guard isBehind, other.raw.pointee.link_id == request.linkID, other.link == .bracket,
        other.isReduceOnly, other.type == .stop || other.type == .stopLimit
      else { continue }
      return other.trigger
    }
    return nil
  }

  /// What follows for others when an order was filled or has ended.
  mutating func settleGroup(of id: UInt64, into effects: inout Effects) {
    guard let order = state.orders[id] else { return }
    if order.link != .none {
      if order.entry == 0, !order.isReduceOnly {
        if order.link == .bracket { wakeExits(of: order, into: &effects) }
      } else if order.link == .bracket {
        shrinkSiblings(of: order, into: &effects)
      }
      if !order.filled.isZero { endLinked(order, into: &effects) }
    }
    trimReductions(
      of: order.slot, order.instrument, order.positionSide, except: id, into: &effects)
    retryTriggered(order.instrument, into: &effects)
  }

  /// The others of a group of which one is to be done.
  mutating func endLinked(_ order: Order, into effects: inout Effects) {
    guard order.link == .oneCancelsOther else { return }
    forEachOther(of: order) { kernel, other in
      if other.link == .oneCancelsOther, other.linkID == order.linkID {
        kernel.end(other.id, reason: KEEL_REASON_LINKED, into: &effects)
      }
    }
  }

  // MARK: brackets

  /// Exits with a trigger look at the market from the entry's first fill on. Once the entry is over
  /// they cover what it has filled, and stand at the venue where that keeps them from doing more.
  private mutating func wakeExits(of entry: Order, into effects: inout Effects) {
    guard !entry.filled.isZero || !entry.isOpen else { return }
    forEachOther(of: entry) { kernel, exit in
      guard exit.entry == entry.id, exit.state == .held else { return }
      if entry.filled.isZero {
        kernel.end(exit.id, reason: KEEL_REASON_LINKED, into: &effects)
      } else if entry.isOpen {
        kernel.change(exit) { $0.isDormant = !exit.type.hasTrigger }
      } else {
        kernel.stand(exit, for: entry.filled, into: &effects)
      }
    }
  }

  private mutating func stand(
    _ exit: Order, for covered: Quantity, into effects: inout Effects
  ) {
    let account = state.accounts[Int(exit.account)]
    let isArmed =
      exit.type.hasTrigger && !exit.isTriggered && account.takes(exit.type)
      && account.has(KEEL_OFFER_REDUCE_ONLY) && router.hasRoom(effects)
    change(exit) {
      $0.isDormant = false
      $0.quantity = Swift.max($0.filled, Swift.min($0.quantity, covered))
      if !exit.type.hasTrigger { $0.isTriggered = true }
      if isArmed { $0.state = .pending }
    }
    guard isArmed, let armed = state.orders[exit.id] else {
      release(exit.id, into: &effects)
      return
    }
    effects.append(keel_rec_decision(approving: armed), source: exit.slot)
    router.leave(exit.id, &effects)
    slots.tell(exit.id, sequence: effects.lastSequence, state)
  }

  private mutating func change(_ order: Order, _ body: (inout Order) -> Void) {
    var after = order
    body(&after)
    state.update(order, to: after)
  }

  /// What one exit has done, the others need not do.
  private mutating func shrinkSiblings(of exit: Order, into effects: inout Effects) {
    let done = exit.filled - exit.takenOff
    guard !done.isZero else { return }
    state.orders.modify(exit.id) { $0.takenOff = exit.filled }
    forEachSibling(of: exit) { kernel, other in
      if exit.remaining.isZero || other.remaining <= done {
        kernel.end(other.id, reason: KEEL_REASON_LINKED, into: &effects)
      } else if other.state == .held {
        kernel.change(other) { $0.quantity = $0.quantity - done }
      } else if kernel.state.accounts[Int(other.account)].has(KEEL_OFFER_AMEND),
        other.state == .accepted || other.state == .partiallyFilled
      {
        let change = AmendRequest(orderID: other.id, quantity: other.quantity - done)
        _ = kernel.router.amend(change, &kernel.state, into: &effects)
      }
    }
  }

  /// An exit is about to trade: nothing else of its bracket does any more.
  mutating func endBracket(_ exit: Order, into effects: inout Effects) {
    guard exit.link == .bracket, exit.isReduceOnly else { return }
    forEachSibling(of: exit) { kernel, other in
      if other.state != .held {
        kernel.end(other.id, reason: KEEL_REASON_LINKED, into: &effects)
      }
    }
    if exit.entry != 0 { end(exit.entry, reason: KEEL_REASON_LINKED, into: &effects) }
  }

  private mutating func forEachSibling(
    of exit: Order, _ body: (inout Kernel, Order) -> Void
  ) {
    forEachOther(of: exit) { kernel, other in
      if other.link == .bracket, other.linkID == exit.linkID, other.isReduceOnly {
        body(&kernel, other)
      }
    }
  }

  // MARK: only reducing

  /// When the position has shrunk, what is out to reduce it shrinks too, newest first.
  mutating func trimReductions(
    of slot: UInt32, _ instrument: InstrumentID, _ leg: PositionSide, except id: UInt64 = 0,
    into effects: inout Effects
  ) {
    guard state.orders.holdsReductions(of: instrument) else { return }
    let held = state.positions[slot, instrument, leg].quantity
    var out: Int64 = 0
    forEachOrder(of: slot, instrument, except: id) { kernel, other in
      guard other.isReduceOnly, other.positionSide == leg, !other.isDormant,
        other.state != .pendingCancel
      else { return }
      let reduces = held != 0 && (held > 0) == (other.side == .sell)
      guard reduces else {
        // Nothing is left for it to do, and it must not open anything.
        kernel.end(other.id, reason: KEEL_REASON_REDUCE_ONLY, into: &effects)
        return
      }
      guard other.state != .held, !other.isProtection else { return }
      out += other.remaining.mantissa
      if out > abs(held) {
        out -= other.remaining.mantissa
        kernel.end(other.id, reason: KEEL_REASON_REDUCE_ONLY, into: &effects)
      }
    }
  }

  /// Triggered orders that waited for others to be taken back.
  mutating func retryTriggered(
    _ instrument: InstrumentID, into effects: inout Effects
  ) {
    guard state.orders.heldCount(of: instrument) > 0 else { return }
    var next = state.orders.firstHeld(of: instrument)
    var left = state.orders.heldCount(of: instrument)
    while let id = next, left > 0 {
      left -= 1
      next = state.orders.nextHeld(after: id)
      release(id, into: &effects)
    }
  }

  /// Walks the other open orders of an order's slot and instrument, oldest first, while they
  /// change.
  private mutating func forEachOther(
    of order: Order, _ body: (inout Kernel, Order) -> Void
  ) {
    forEachOrder(of: order.slot, order.instrument, except: order.id, body)
  }

  private mutating func forEachOrder(
    of slot: UInt32, _ instrument: InstrumentID, except known: UInt64,
    _ body: (inout Kernel, Order) -> Void
  ) {
    var next = state.orders.firstOpen(of: instrument)
    while let id = next {
      next = state.orders.nextOpen(after: id)
      guard id != known, let other = state.orders[id], other.slot == slot else { continue }
      body(&self, other)
    }
  }
}
