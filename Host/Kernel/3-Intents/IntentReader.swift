import Market
import PluginABI
import PluginBridge

/// Turns a plugin's intent into a request, or says what is wrong with it. Pure.
struct IntentReader {
  let slot: UInt32
  let generation: UInt32
  let author: UInt32

  func request(_ intent: IntentView, _ state: borrowing State) throws(Refusal) -> Request {
    guard intent.intentID != 0 else { throw Refusal(KEEL_REASON_MALFORMED) }
    switch intent.kind {
    case .place: return .place(try place(intent, state))
    case .target: return try target(intent, state)
    case .cancel: return .cancel(orderID: try own(intent, state).id)
    case .cancelAll:
      return .cancelAll(intent.raw.pointee.h.inst == KEEL_NO_INST ? nil : intent.instrument)
    case .amend: return .amend(try amend(intent, try own(intent, state), state))
    }
  }

  // MARK: placing

  private func place(
    _ intent: IntentView, _ state: borrowing State
  ) throws(Refusal) -> PlaceRequest {
    guard let instrument = state.instrument(intent.instrument) else {
      throw Refusal(KEEL_REASON_UNKNOWN_INSTRUMENT)
    }
    guard let side = intent.side, let type = intent.type, let time = intent.timeInForce,
      intent.raw.pointee.qty > 0
    else { throw Refusal(KEEL_REASON_MALFORMED, value: intent.raw.pointee.qty) }
    let request = make(
      intent, side, type, time, Quantity(mantissa: intent.raw.pointee.qty))
    try check(intent, request, instrument, state.account(of: instrument))
    return request
  }

  /// What the ABI can say and this host does not do is refused, never quietly left out.
  private func check(
    _ intent: IntentView, _ request: PlaceRequest, _ instrument: Instrument, _ account: Account
  ) throws(Refusal) {
    let raw = intent.raw.pointee
    guard raw.account == 0 || raw.account == instrument.account else {
      throw Refusal(KEEL_REASON_ACCOUNT)
    }
    guard raw.display == 0, Int(raw.algorithm) == KEEL_ALGO_NONE,
      Int(raw.flags) & ~(KEEL_INF_POST_ONLY | KEEL_INF_REDUCE_ONLY) == 0,
      !request.isPostOnly || (account.has(KEEL_OFFER_POST_ONLY) && request.type == .limit)
    else { throw Refusal(KEEL_REASON_UNSUPPORTED) }
    guard let leg = intent.positionSide, (leg != .net) == account.isHedging else {
      throw Refusal(KEEL_REASON_POSITION_SIDE)
    }
    guard let link = intent.link, (link == .none) == (raw.link_id == 0) else {
      throw Refusal(KEEL_REASON_LINK)
    }
    try checkPrices(request)
    try checkTime(request, account)
  }

  private func checkPrices(_ request: PlaceRequest) throws(Refusal) {
    let takesLimit: Bool?
    switch request.type {
    case .market, .stop, .trailingStop: takesLimit = false
    case .limit, .stopLimit: takesLimit = true
    case .takeProfit, .ifTouched: takesLimit = nil
    }
    if let takesLimit, takesLimit != (request.limit != nil) {
      throw Refusal(KEEL_REASON_MALFORMED)
    }
    if request.type == .trailingStop {
      guard let trail = request.trail, trail.mantissa > 0 else {
        throw Refusal(KEEL_REASON_TRIGGER)
      }
    } else {
      guard request.trail == nil else { throw Refusal(KEEL_REASON_MALFORMED) }
    }
  }

  /// The host ends what the venue does not: but all or nothing at once is the venue's to do.
  private func checkTime(_ request: PlaceRequest, _ account: Account) throws(Refusal) {
    switch request.timeInForce {
    case .immediateOrCancel, .fillOrKill:
      guard account.takes(request.timeInForce) else { throw Refusal(KEEL_REASON_UNSUPPORTED) }
    case .goodTillCancelled, .goodTillDate, .day: break
    }
  }

  /// The order that leads from what the slot holds and has working to what it wants to hold.
  private func target(
    _ intent: IntentView, _ state: borrowing State
  ) throws(Refusal) -> Request {
    guard let instrument = state.instrument(intent.instrument) else {
      throw Refusal(KEEL_REASON_UNKNOWN_INSTRUMENT)
    }
    let size = intent.raw.pointee.qty
    guard size >= 0, size == 0 || intent.side != nil else {
      throw Refusal(KEEL_REASON_MALFORMED, value: size)
    }
    let account = state.account(of: instrument)
    guard !account.isHedging else { throw Refusal(KEEL_REASON_POSITION_SIDE) }
    let wanted = (intent.side?.sign ?? 1) * size
    let projected = state.positions[slot, intent.instrument].projected
    let (difference, overflow) = wanted.subtractingReportingOverflow(projected)
    guard !overflow, difference != .min else {
      throw Refusal(KEEL_REASON_MALFORMED, value: size)
    }
    let amount = instrument.roundedDown(Quantity(mantissa: abs(difference)))
    let request = make(
      intent, difference > 0 ? .buy : .sell, intent.limit == nil ? .market : .limit,
      intent.timeInForce ?? .goodTillCancelled, amount)
    // A group has its orders named one by one.
    guard request.link == .none, request.timeInForce != .goodTillDate else {
      throw Refusal(KEEL_REASON_UNSUPPORTED)
    }
    try check(intent, request, instrument, account)
    return amount.isZero ? .nothing : .place(request)
  }

  private func make(
    _ intent: IntentView, _ side: Side, _ type: OrderType, _ time: TimeInForce,
    _ quantity: Quantity
  ) -> PlaceRequest {
    var request = PlaceRequest(
      slot: slot, generation: generation, author: author, intentID: intent.intentID,
      instrument: intent.instrument, side: side, type: type, timeInForce: time,
      flags: intent.raw.pointee.flags, limit: intent.limit, quantity: quantity)
    request.positionSide = intent.positionSide ?? .net
    request.trigger = intent.trigger
    request.trail = intent.trail
    request.expires = intent.expires
    request.link = intent.link ?? .none
    request.linkID = intent.raw.pointee.link_id
    return request
  }

  // MARK: changing

  private func own(_ intent: IntentView, _ state: borrowing State) throws(Refusal) -> Order {
    guard let order = state.orders[intent.orderID], order.slot == slot, order.isOpen else {
      throw Refusal(KEEL_REASON_UNKNOWN_ORDER)
    }
    return order
  }

  private func amend(
    _ intent: IntentView, _ order: Order, _ state: borrowing State
  ) throws(Refusal) -> AmendRequest {
    let size = intent.raw.pointee.qty
    guard size >= 0, size == 0 || size > order.filled.mantissa, order.link != .bracket || size == 0
    else {
      throw Refusal(KEEL_REASON_MALFORMED, value: size)
    }
    guard intent.limit == nil || order.limit != nil else {
      throw Refusal(KEEL_REASON_MALFORMED)
    }
    guard intent.trigger == nil || (order.trigger != nil && !order.isTriggered) else {
      throw Refusal(KEEL_REASON_TRIGGER)
    }
    if order.state == .held || !order.isSent {
      return change(intent, order)
    }
    guard order.state == .accepted || order.state == .partiallyFilled else {
      throw Refusal(KEEL_REASON_CHANGE_UNDER_WAY)
    }
    guard state.accounts[Int(order.account)].has(KEEL_OFFER_AMEND) else {
      throw Refusal(KEEL_REASON_UNSUPPORTED)
    }
    return change(intent, order)
  }

  private func change(_ intent: IntentView, _ order: Order) -> AmendRequest {
    let size = intent.raw.pointee.qty
    return AmendRequest(
      orderID: order.id, limit: intent.limit == order.limit ? nil : intent.limit,
      trigger: intent.trigger == order.trigger ? nil : intent.trigger,
      quantity: size == 0 || size == order.quantity.mantissa ? nil : Quantity(mantissa: size))
  }
}
