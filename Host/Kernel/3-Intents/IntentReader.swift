import Market
import PluginABI
import PluginBridge

/// Turns a plugin's intent into a request, or says what is wrong with it. Pure.
struct IntentReader {
  let slot: UInt32
  let generation: UInt32
  let author: UInt32

  func request(_ intent: IntentView, _ state: borrowing State) -> Result<Request, Refusal> {
    guard intent.intentID != 0 else { return .failure(Refusal(KEEL_REASON_MALFORMED)) }
    switch intent.kind {
    case .place: return place(intent, state)
    case .target: return target(intent, state)
    case .cancel: return cancel(intent, state)
    case .cancelAll:
      return .success(
        .cancelAll(intent.raw.pointee.h.inst == KEEL_NO_INST ? nil : intent.instrument))
    case .amend:
      // Known to the ABI, offered once a venue can keep an order's priority.
      return .failure(Refusal(KEEL_REASON_UNSUPPORTED))
    }
  }

  private func place(_ intent: IntentView, _ state: borrowing State) -> Result<Request, Refusal> {
    guard state.instrument(intent.instrument) != nil else {
      return .failure(Refusal(KEEL_REASON_UNKNOWN_INSTRUMENT))
    }
    guard let side = intent.side, let type = intent.type, let time = intent.timeInForce,
      intent.raw.pointee.qty > 0
    else { return .failure(Refusal(KEEL_REASON_MALFORMED, value: intent.raw.pointee.qty)) }
    guard type == .market || type == .limit, isOffered(intent, time)
    else { return .failure(Refusal(KEEL_REASON_UNSUPPORTED)) }
    guard (type == .limit) == (intent.limit != nil) else {
      return .failure(Refusal(KEEL_REASON_MALFORMED))
    }
    return .success(
      .place(
        make(intent, side, type, time, Quantity(mantissa: intent.raw.pointee.qty))))
  }

  /// What the ABI can say and this host does not do is refused, never quietly left out.
  private func isOffered(_ intent: IntentView, _ time: TimeInForce) -> Bool {
    let raw = intent.raw.pointee
    return (time == .goodTillCancelled || time == .immediateOrCancel) && !intent.isReduceOnly
      && raw.display == 0 && raw.account == 0 && Int(raw.algorithm) == KEEL_ALGO_NONE
      && Int(raw.link) == KEEL_LINK_NONE && Int(raw.position_side) == KEEL_POSITION_NET
      && Int(raw.flags) & ~KEEL_INF_POST_ONLY == 0 && isAbsent(raw.trigger)
      && isAbsent(raw.expires) && isAbsent(raw.trail)
  }

  private func isAbsent(_ field: Int64) -> Bool { field == KEEL_NULL || field == 0 }

  /// The order that leads from what the slot holds and has working to what it wants to hold.
  private func target(_ intent: IntentView, _ state: borrowing State) -> Result<Request, Refusal> {
    guard let instrument = state.instrument(intent.instrument) else {
      return .failure(Refusal(KEEL_REASON_UNKNOWN_INSTRUMENT))
    }
    let size = intent.raw.pointee.qty
    guard size >= 0, size == 0 || intent.side != nil else {
      return .failure(Refusal(KEEL_REASON_MALFORMED, value: size))
    }
    let time = intent.timeInForce ?? .goodTillCancelled
    guard isOffered(intent, time) else { return .failure(Refusal(KEEL_REASON_UNSUPPORTED)) }
    let wanted = (intent.side?.sign ?? 1) * size
    let projected = state.positions[slot, intent.instrument].projected
    let (difference, overflow) = wanted.subtractingReportingOverflow(projected)
    guard !overflow, difference != .min else {
      return .failure(Refusal(KEEL_REASON_MALFORMED, value: size))
    }
    let amount = instrument.roundedDown(Quantity(mantissa: abs(difference)))
    guard !amount.isZero else { return .success(.nothing) }
    return .success(
      .place(
        make(
          intent, difference > 0 ? .buy : .sell, intent.limit == nil ? .market : .limit, time,
          amount)))
  }

  private func cancel(_ intent: IntentView, _ state: borrowing State) -> Result<Request, Refusal> {
    guard let order = state.orders[intent.orderID], order.slot == slot, order.isOpen else {
      return .failure(Refusal(KEEL_REASON_UNKNOWN_ORDER))
    }
    return .success(.cancel(orderID: order.id))
  }

  private func make(
    _ intent: IntentView, _ side: Side, _ type: OrderType, _ time: TimeInForce,
    _ quantity: Quantity
  ) -> PlaceRequest {
    PlaceRequest(
      slot: slot, generation: generation, author: author, intentID: intent.intentID,
      instrument: intent.instrument, side: side, type: type, timeInForce: time,
      flags: intent.raw.pointee.flags, limit: intent.limit, quantity: quantity)
  }
}
