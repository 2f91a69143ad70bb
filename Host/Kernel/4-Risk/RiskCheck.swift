import Market
import PluginABI
import PluginBridge

/// Decides whether a request may become an order. Pure: a decision changes nothing, so a dry run
/// and the real thing are the same question. Cancels are never asked about: they only reduce risk.
package struct RiskCheck: Sendable {
  package var limits: RiskLimits

  package init(limits: RiskLimits) { self.limits = limits }

  /// What is set aside in cash while the order works: what it gives away where assets are
  /// exchanged.
  func reserve(for request: PlaceRequest, _ state: borrowing State) -> Int128 {
    guard let instrument = state.instrument(request.instrument), instrument.exchangesAssets,
      let price = request.limit ?? state.market(request.instrument)?.reference
    else { return 0 }
    return price.cost(request.side, request.quantity, instrument) ?? 0
  }

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
    if let oldest = limits[.dataAge], age.count > oldest {
      return Refusal(KEEL_REASON_STALE_DATA, value: age.count, limit: oldest)
    }
    if let collar = limits[.priceCollar], let limit = request.limit {
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
    guard let own = request.limit ?? market.reference,
      let least = instrument.notional(own, request.quantity)
    else { return Refusal(KEEL_REASON_ORDER_NOTIONAL) }
    guard least.units >= instrument.notionalMin.units else {
      return Refusal(
        KEEL_REASON_BELOW_MINIMUM, value: whole(least), limit: whole(instrument.notionalMin))
    }
    // A sale far below the market is still worth the market's price.
    let price = Swift.max(own, market.reference ?? own)
    guard let worth = instrument.notional(price, request.quantity) else {
      return Refusal(KEEL_REASON_ORDER_NOTIONAL)
    }
    if let most = limits[.orderWorth], worth.units > Int128(most) * 10_000_000_000 {
      return Refusal(KEEL_REASON_ORDER_NOTIONAL, value: whole(worth), limit: most / 1_000_000)
    }
    let held = state.positions[request.slot, request.instrument, request.positionSide]
    // The worst case in the order's direction: what is held and everything working that way fills.
    // Its sums must hold whatever the limits say.
    let working = request.side == .buy ? held.workingBuy : -held.workingSell
    let (ordered, first) = working.addingReportingOverflow(
      request.side.sign * request.quantity.mantissa)
    let (after, second) = held.quantity.addingReportingOverflow(ordered)
    guard !first, !second, ordered != .min, after != .min else {
      return Refusal(KEEL_REASON_POSITION_LIMIT)
    }
    guard let most = limits[.positionWorth] else { return nil }
    guard let exposure = instrument.notional(price, Quantity(mantissa: abs(after)))
    else { return Refusal(KEEL_REASON_POSITION_LIMIT) }
    let reduces =
      abs(after) <= abs(held.quantity) && (after == 0 || (after > 0) == (held.quantity > 0))
    if exposure.units > Int128(most) * 10_000_000_000, !reduces {
      return Refusal(KEEL_REASON_POSITION_LIMIT, value: whole(exposure), limit: most / 1_000_000)
    }
    return nil
  }

  /// What is exchanged must be paid for: bought with quote that is there, sold from base that is
  /// there, beside what all other working spot orders would take of the same asset.
  private func checkCash(
    _ request: PlaceRequest, _ instrument: Instrument, _ market: TopOfBook,
    _ state: borrowing State
  ) -> Refusal? {
    guard instrument.exchangesAssets, let price = request.limit ?? market.reference else {
      return nil
    }
    let asset = instrument.given(by: request.side)
    let available = Money(
      units: state.cash[instrument.account, asset].available, asset: asset)
    let needed = price.cost(request.side, request.quantity, instrument)
    if let needed, needed <= available.units { return nil }
    return Refusal(
      KEEL_REASON_INSUFFICIENT_CASH,
      value: needed.flatMap { whole(Money(units: $0, asset: asset)) }, limit: whole(available))
  }

  /// Whole units, for the record of the decision; nil beyond 64 bits.
  private func whole(_ money: Money) -> Int64? {
    FixedPoint.rescale(money.units, from: Money.exponent, to: 0).flatMap { Int64(exactly: $0) }
  }
}

extension Price {
  /// What a spot order gives away: quote when it buys, base when it sells. nil beyond 128 bits.
  fileprivate func cost(_ side: Side, _ quantity: Quantity, _ instrument: Instrument) -> Int128? {
    switch side {
    case .buy: instrument.notional(self, quantity)?.units
    case .sell:
      FixedPoint.rescale(
        Int128(quantity.mantissa), from: instrument.quantityExponent, to: Money.exponent)
    }
  }
}
