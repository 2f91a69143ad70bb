import Market
import PluginABI
import PluginBridge

/// From an approved request to an order, and the ends of orders whose time is over.
extension Kernel {
  /// nil when a table or the turn is full.
  mutating func open(_ request: PlaceRequest, into effects: inout Effects) -> Order? {
    var request = request
    if request.timeInForce == .day {
      request.expires = state.portfolio.day.endOfDay(state.now)
    }
    if request.type == .trailingStop, request.trigger == nil {
      request.trigger = firstTrigger(of: request)
    }
    guard let order = router.open(request, &state, &effects) else { return nil }
    // The price may be there already.
    if order.state == .held { state.orders.setBounds(.always, of: order.instrument) }
    return order
  }

  private func firstTrigger(of request: PlaceRequest) -> Price? {
    guard let trail = request.trail, let market = state.market(request.instrument),
      let seen = SeenPrices(market)
    else { return nil }
    let price =
      request.side == .sell
      ? seen.sellLast.subtractingReportingOverflow(trail.mantissa)
      : seen.buyLast.addingReportingOverflow(trail.mantissa)
    return price.overflow || price.partialValue <= 0 ? nil : Price(mantissa: price.partialValue)
  }

  /// Ends orders whose time is over, where the venue does not.
  @inline(__always)
  mutating func expire(into effects: inout Effects) {
    if state.orders.soonestDeadline <= state.now { expireDue(into: &effects) }
  }

  private mutating func expireDue(into effects: inout Effects) {
    var soonest = Timestamp.distantFuture
    var index = state.orders.openCount
    while index > 0 {
      index -= 1
      guard index < state.orders.openCount else { continue }
      let order = state.orders.openOrder(at: index)
      guard let deadline = order.deadline else { continue }
      if deadline <= state.now { cancel(order.id, as: .expired, into: &effects) }
      // A turn too full for its cancel leaves it for the next one.
      if let left = state.orders[order.id], left.isOpen, let deadline = left.deadline {
        soonest = Swift.min(soonest, deadline)
      }
    }
    state.orders.setSoonestDeadline(soonest)
  }
}
