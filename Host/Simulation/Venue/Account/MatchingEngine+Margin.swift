import Market
import PluginABI
import PluginBridge

/// The account as the venue watches it: what it has, what its positions bind, and their end when it
/// has too little.
extension MatchingEngine {
  mutating func take(cash record: Record) {
    guard let raw = record.cast(to: keel_rec_cash.self)?.pointee, raw.account == model.account
    else { return }
    let amount = Money(low: raw.low, high: raw.high, asset: AssetID(rawValue: raw.asset))
    account.makeRoom(for: amount.asset)
    account.pay(amount.asset, amount.units)
  }

  /// Value goes against cash: what is paid for a holding, or owed by one that was sold.
  mutating func pay(_ fill: keel_ev_fill, _ instrument: Instrument) {
    let sign = fill.side == Side.buy.rawValue ? fill.qty : 0 &- fill.qty
    if let value = instrument.value(Price(mantissa: fill.px), signed: sign) {
      account.pay(instrument.settlement, 0 &- value.units)
    }
    guard fill.fee != 0,
      let fee = FixedPoint.rescale(Int128(fill.fee), from: Int(fill.fee_exp), to: Money.exponent)
    else { return }
    account.pay(AssetID(rawValue: fill.fee_asset), 0 &- fee)
  }

  mutating func exposure(_ market: Market, _ instrument: Instrument) -> Exposure {
    var exposure = Exposure()
    guard let price = market.pointee.valuation.map(Price.init(mantissa:)) else { return exposure }
    for leg in 0..<2 as Range<UInt8> where market.pointee.held(leg) != 0 {
      let quantity = market.pointee.held(leg)
      guard let value = instrument.value(price, signed: quantity) else { continue }
      exposure.value &+= value.units
      // What is paid for and owned binds nothing.
      if instrument.isPaidInFull, quantity > 0 { continue }
      let worth = value.units < 0 ? 0 &- value.units : value.units
      exposure.maintenance &+= worth / 1_000_000 &* Int128(instrument.maintenanceMargin)
      exposure.initial &+= worth / 1_000_000 &* Int128(instrument.initialMargin)
    }
    return exposure
  }

  mutating func revalue(_ market: Market) {
    guard let instrument = market.pointee.instrument else { return }
    let after = exposure(market, instrument)
    account.move(instrument.settlement, from: market.pointee.exposure, to: after)
    market.pointee.exposure = after
  }

  /// Prices have moved: what is held is valued anew, and closed where too little is left.
  mutating func watch(_ market: Market, at time: Int64, _ reports: inout RecordBuffer) {
    guard let instrument = market.pointee.instrument else { return }
    revalue(market)
    if account.isShort(instrument.settlement) {
      liquidate(instrument.settlement, at: time, &reports)
    }
  }

  mutating func marginRefusal(of order: VenueOrder, _ market: Market, _ instrument: Instrument)
    -> Int?
  {
    guard !instrument.isPaidInFull, !order.isReduceOnly,
      let price = order.hasLimit ? order.limit : market.pointee.valuation
    else { return nil }
    let reducing = Swift.min(
      order.quantity, market.pointee.reducible(order.side, order.leg))
    let opening = Quantity(mantissa: order.quantity - reducing)
    guard let worth = instrument.notional(Price(mantissa: price), opening) else {
      return KEEL_REASON_MARGIN
    }
    let needed = worth.units / 1_000_000 &* Int128(instrument.initialMargin)
    return needed > account.free(instrument.settlement) ? KEEL_REASON_MARGIN : nil
  }

  /// All that settles in an asset is closed: first its orders, then its positions.
  private mutating func liquidate(
    _ asset: AssetID, at time: Int64, _ reports: inout RecordBuffer
  ) {
    let equity = account.equity(asset)
    let needed = account.maintenance(asset)
    for index in 0..<marketCount {
      let market = market(index)
      guard let instrument = market.pointee.instrument, instrument.settlement == asset else {
        continue
      }
      endAll(market, .cancelled, reason: KEEL_REASON_MARGIN, at: time, &reports)
    }
    for index in 0..<marketCount {
      let market = market(index)
      guard let instrument = market.pointee.instrument, instrument.settlement == asset,
        !market.pointee.isFlat
      else { continue }
      // Each position bears its part of what is left.
      let part = needed > 0 ? Double(market.pointee.exposure.maintenance) / Double(needed) : 0
      let loss = part == 1 ? equity : Int128(Double(equity) * part)
      let price = closingPrice(market, instrument, loss)
      close(
        market, instrument, at: price, "liquidation-", fee: model.margin.feePartsPerMillion,
        time, &reports)
    }
  }

  private mutating func closingPrice(
    _ market: Market, _ instrument: Instrument, _ loss: Int128
  ) -> Int64? {
    let quantity = market.pointee.held.0 &+ market.pointee.held.1
    if model.margin.close == .bankruptcy, quantity != 0,
      let price = instrument.price(
        ofValue: market.pointee.exposure.value &- loss, signed: quantity), price.mantissa > 0
    {
      return price.mantissa
    }
    let offered = quantity > 0 ? market.pointee.bid : market.pointee.ask
    let isThere = offered != VenueMarket.noBid && offered != VenueMarket.noAsk
    return isThere ? offered : market.pointee.valuation
  }
}
