import Market
import PluginABI
import PluginBridge

/// Turns approved requests into orders with a name, and into commands to the venue of their
/// instrument. New orders leave together, once every slot has decided; what is taken back before
/// that never leaves.
struct Router: ~Copyable {
  /// Orders of this turn that have not left yet, by id.
  private(set) var leaving: [UInt64] = []

  init(limits: Limits) {
    leaving.reserveCapacity(limits.effectBytes / MemoryLayout<keel_order>.size + 1)
  }

  // MARK: opening

  /// Enters an order into the table; nil when the table, the slot's share of it, or the turn is
  /// full. Room for both records about it is kept: without its command an order waits for ever.
  mutating func open(
    _ request: PlaceRequest, _ state: inout State, _ effects: inout Effects
  ) -> Order? {
    guard hasRoom(effects), let instrument = state.instrument(request.instrument)
    else { return nil }
    let account = state.account(of: instrument)
    let isHeld = request.entry != 0 || (request.type.hasTrigger && !account.takes(request.type))
    let order = state.insert(slot: request.slot) { id in
      var order = Order(
        id: id, slot: request.slot, generation: request.generation, author: request.author,
        intentID: request.intentID, instrument: request.instrument, side: request.side,
        type: request.type, timeInForce: request.timeInForce, flags: request.flags,
        limit: request.limit, quantity: request.quantity)
      order.account = instrument.account
      order.positionSide = request.positionSide
      order.trigger = request.trigger
      order.trail = request.trail
      order.expires = request.expires
      order.deadline = isHeld || !account.takes(request.timeInForce) ? request.expires : nil
      order.link = request.link
      order.linkID = request.linkID
      order.entry = request.entry
      // An exit waits for its entry.
      order.isDormant = request.entry != 0
      order.state = isHeld ? .held : .pending
      return order
    }
    if let order, !isHeld { leave(order.id, &effects) }
    return order
  }

  /// Whether an order and its decision still fit this turn.
  func hasRoom(_ effects: borrowing Effects) -> Bool {
    effects.hasRoom(for: Self.commandBytes + MemoryLayout<keel_rec_decision>.size)
  }

  /// Marks an order to leave with this turn.
  mutating func leave(_ id: UInt64, _ effects: inout Effects) {
    leaving.append(id)
    effects.keep(Self.commandBytes)
  }

  /// Sends what is to leave and has not been taken back.
  @inline(__always)
  mutating func sendAll(_ state: inout State, into effects: inout Effects) {
    if !leaving.isEmpty { send(&state, into: &effects) }
  }

  private mutating func send(_ state: inout State, into effects: inout Effects) {
    for id in leaving {
      effects.keep(-Self.commandBytes)
      guard let order = state.orders[id], order.isOpen, order.state == .pending, !order.isSent
      else { continue }
      effects.append(command(KEEL_CMD_SUBMIT, order, state), source: order.slot)
      state.orders.modify(id) { $0.isSent = true }
      state.orders.await(id, at: state.now)
    }
    leaving.removeAll(keepingCapacity: true)
  }

  // MARK: changing

  /// Asks the venue to cancel; the order stays open until the venue has said so. Asking again
  /// while a cancel is on its way is nothing. What is still here ends at once: true then.
  mutating func cancel(
    _ id: UInt64, reason: Int = KEEL_REASON_NONE, as ending: OrderState = .cancelled,
    _ state: inout State, into effects: inout Effects
  ) -> Bool {
    guard let order = state.orders[id], order.isOpen, order.state != .pendingCancel else {
      return false
    }
    var after = order
    after.reason = UInt16(reason)
    after.endsAs = ending
    if order.state == .held || !order.isSent {
      after.state = ending
      state.update(order, to: after)
      return true
    }
    guard effects.append(command(KEEL_CMD_CANCEL, order, state), source: order.slot) != nil else {
      return false
    }
    after.state = .pendingCancel
    after.deadline = nil
    state.update(order, to: after)
    state.orders.await(id, at: state.now)
    return false
  }

  /// Asks the venue to change an order; what is still here changes at once: true then.
  mutating func amend(
    _ request: AmendRequest, _ state: inout State, into effects: inout Effects
  ) -> Bool {
    guard let order = state.orders[request.orderID], order.isOpen else { return false }
    var after = order
    after.wantedLimit = request.limit
    after.wantedTrigger = request.trigger
    after.wantedQuantity = request.quantity
    if order.state == .held || !order.isSent {
      after.takeWanted()
      state.update(order, to: after)
      return true
    }
    var command = command(KEEL_CMD_AMEND, order, state)
    command.limit = (request.limit ?? order.limit).abi
    command.trigger = (request.trigger ?? order.trigger).abi
    command.qty = (request.quantity ?? order.quantity).mantissa - order.crossed.mantissa
    guard effects.append(command, source: order.slot) != nil else { return false }
    after.state = .pendingAmend
    state.update(order, to: after)
    state.orders.await(order.id, at: state.now)
    return false
  }

  /// Asks the venue what became of an order. Where the turn is full, it is asked the next time.
  mutating func query(_ id: UInt64, _ state: inout State, into effects: inout Effects) {
    guard let order = state.orders[id], order.isOpen, order.isSent else { return }
    if order.state != .unknown {
      var after = order
      after.state = .unknown
      state.update(order, to: after)
    }
    effects.append(command(KEEL_CMD_QUERY, order, state), source: order.slot)
    state.orders.await(id, at: state.now)
  }

  // MARK: the command

  private static let commandBytes = MemoryLayout<keel_order>.size

  private func command(_ type: Int, _ order: Order, _ state: borrowing State) -> keel_order {
    let account = state.accounts[Int(order.account)]
    let isTriggerTheVenues = order.type.hasTrigger && !order.isTriggered
    var command = keel_order()
    command.h = keel_event(type, of: keel_order.self, instrument: order.instrument)
    command.order_id = order.id
    command.intent_id = order.intentID
    command.limit = order.limit.abi
    command.trigger = isTriggerTheVenues ? order.trigger.abi : KEEL_NULL
    command.trail = isTriggerTheVenues ? order.trail.abi : KEEL_NULL
    command.qty = order.sentQuantity.mantissa
    command.display = order.display.mantissa
    command.generation = order.generation
    command.account = order.account
    command.side = order.side.rawValue
    command.position_side = order.positionSide.rawValue
    command.order_type = (isTriggerTheVenues ? order.type : order.tradesAs).rawValue
    let time = account.takes(order.timeInForce) ? order.timeInForce : .goodTillCancelled
    command.tif = time.rawValue
    command.expires = time == order.timeInForce ? order.expires.abi : KEEL_NULL
    command.flags = flags(of: order, account, state)
    let names = state.orders.names(of: order.id)
    OrderNames.write(names.client, to: &command.client_id)
    OrderNames.write(names.venue, to: &command.venue_id)
    return command
  }

  /// Reduce-only binds the slot; the venue is told so only where the account reduces too.
  private func flags(
    of order: Order, _ account: Account, _ state: borrowing State
  ) -> UInt8 {
    guard order.isReduceOnly else { return order.flags }
    let held = state.positions.account(order.instrument, order.positionSide).quantity
    let reduces =
      held.signum() == -order.side.sign && held.magnitude >= order.remaining.mantissa.magnitude
    return account.has(KEEL_OFFER_REDUCE_ONLY) && reduces
      ? order.flags : order.flags & ~UInt8(KEEL_INF_REDUCE_ONLY)
  }
}
