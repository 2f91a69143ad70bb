import Market
import PluginABI
import PluginBridge

/// Decides whether a request may become an order. Pure: a decision changes nothing, so a dry run
/// and the real thing are the same question. Cancels are never asked about: they only reduce risk.
package struct RiskManager: Sendable {
  package var limits: RiskLimits

  package init(limits: RiskLimits) { self.limits = limits }

  /// nil when the order may go, else the first check it fails.
  package func assess(_ request: PlaceRequest, _ state: borrowing State) -> Refusal? {
    guard let instrument = state.instrument(request.instrument),
      let market = state.market(request.instrument)
    else { return Refusal(KEEL_REASON_UNKNOWN_INSTRUMENT) }
    return checkForm(request, instrument)
      ?? checkMarket(request, market, state.now)
      ?? checkWorth(request, instrument, market, state)
      ?? checkCash(request, instrument, market, state)
  }

  private func checkForm(_ request: PlaceRequest, _ instrument: Instrument) -> Refusal? {
    if let limit = request.limit, limit.mantissa <= 0 || !instrument.isOnTick(limit) {
      return Refusal(
        KEEL_REASON_OFF_TICK, value: limit.mantissa, limit: instrument.tick.mantissa)
    }
    guard instrument.isOnLot(request.quantity) else {
      return Refusal(
        KEEL_REASON_OFF_LOT, value: request.quantity.mantissa, limit: instrument.lot.mantissa)
    }
    guard request.quantity >= instrument.quantityMin else {
      return Refusal(
        KEEL_REASON_BELOW_MINIMUM, value: request.quantity.mantissa,
        limit: instrument.quantityMin.mantissa)
    }
    return nil
  }

  private func checkMarket(
    _ request: PlaceRequest, _ market: TopOfBook, _ now: Timestamp
  ) -> Refusal? {
    guard market.isTrading else { return Refusal(KEEL_REASON_HALTED) }
    guard let reference = market.reference else { return Refusal(KEEL_REASON_STALE_DATA) }
    let age = now - market.updated
    if let oldest = limits.dataAgeMax, age > oldest {
      return Refusal(KEEL_REASON_STALE_DATA, value: age.count, limit: oldest.count)
    }
    if let collar = limits.priceCollarPartsPerMillion, let limit = request.limit {
      let distance = abs(Int128(limit.mantissa) - Int128(reference.mantissa)) * 1_000_000
      guard distance <= Int128(collar) * Int128(reference.mantissa.magnitude) else {
        return Refusal(
          KEEL_REASON_PRICE_COLLAR, value: limit.mantissa, limit: reference.mantissa)
      }
    }
    return nil
  }

  private func checkWorth(
    _ request: PlaceRequest, _ instrument: Instrument, _ market: TopOfBook,
    _ state: borrowing State
  ) -> Refusal? {
    guard let price = request.limit ?? market.reference,
      let worth = instrument.notional(price, request.quantity)
    else { return Refusal(KEEL_REASON_ORDER_NOTIONAL) }
    guard worth.units >= instrument.notionalMin.units else {
      return Refusal(
        KEEL_REASON_BELOW_MINIMUM, value: whole(worth), limit: whole(instrument.notionalMin))
    }
    if let most = limits.orderNotionalMax, worth.units > most.units {
      return Refusal(KEEL_REASON_ORDER_NOTIONAL, value: whole(worth), limit: whole(most))
    }
    guard let most = limits.positionNotionalMax else { return nil }
    let held = state.positions[request.slot, request.instrument]
    // The worst case in the order's direction: what is held and everything working that way fills.
    let working = request.side == .buy ? held.workingBuy : -held.workingSell
    let (before, first) = held.quantity.addingReportingOverflow(working)
    let (after, second) = before.addingReportingOverflow(
      request.side.sign * request.quantity.mantissa)
    guard !first, !second, after != .min,
      let exposure = instrument.notional(price, Quantity(mantissa: abs(after)))
    else { return Refusal(KEEL_REASON_POSITION_LIMIT) }
    let reduces = abs(after) <= abs(held.quantity) && (after == 0 || (after > 0) == (held.quantity > 0))
    if exposure.units > most.units, !reduces {
      return Refusal(KEEL_REASON_POSITION_LIMIT, value: whole(exposure), limit: whole(most))
    }
    return nil
  }

  /// Spot must be paid for: bought with quote that is there, sold from base that is there.
  private func checkCash(
    _ request: PlaceRequest, _ instrument: Instrument, _ market: TopOfBook,
    _ state: borrowing State
  ) -> Refusal? {
    guard instrument.kind == .spot, let price = request.limit ?? market.reference else { return nil }
    switch request.side {
    case .buy:
      var needed = instrument.notional(price, request.quantity)?.units ?? .max / 2
      for index in 0..<state.orders.openCount {
        let order = state.orders.openOrder(at: index)
        guard order.side == .buy, let other = state.instrument(order.instrument),
          other.kind == .spot, other.quote == instrument.quote,
          let reserved = other.notional(order.limit ?? price, order.remaining)
        else { continue }
        needed += reserved.units
      }
      let available = state.cash.balance(instrument.quote)
      guard needed <= available.units else {
        return Refusal(
          KEEL_REASON_INSUFFICIENT_CASH,
          value: whole(Money(units: needed, asset: instrument.quote)), limit: whole(available))
      }
    case .sell:
      let available = state.cash.balance(instrument.base)
      var working: Int64 = 0
      state.orders.forEachOpen { order in
        if order.side == .sell, order.instrument == request.instrument {
          working += order.remaining.mantissa
        }
      }
      let needed = FixedPoint.rescale(
        Int128(request.quantity.mantissa) + Int128(working), from: instrument.quantityExponent,
        to: Money.exponent)
      guard let needed, needed <= available.units else {
        return Refusal(
          KEEL_REASON_INSUFFICIENT_CASH, value: request.quantity.mantissa + working,
          limit: FixedPoint.rescale(
            available.units, from: Money.exponent, to: instrument.quantityExponent
          ).flatMap { Int64(exactly: $0) })
      }
    }
    return nil
  }

  /// Whole units, for the record of the decision; nil beyond 64 bits.
  private func whole(_ money: Money) -> Int64? {
    FixedPoint.rescale(money.units, from: Money.exponent, to: 0).flatMap { Int64(exactly: $0) }
  }
}
