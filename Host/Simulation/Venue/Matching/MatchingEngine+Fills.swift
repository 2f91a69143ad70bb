import Market
import PluginABI
import PluginBridge

/// Fills, and what they cost.
extension MatchingEngine {
  static let feeExponent: Int8 = -8

  mutating func fill(
    _ order: UnsafeMutablePointer<VenueOrder>, _ quantity: Int64, at price: Int64,
    _ liquidity: Liquidity, _ market: Market, at time: Int64, _ reports: inout RecordBuffer
  ) {
    order.pointee.filled &+= quantity
    order.pointee.shown = Swift.max(0, order.pointee.shown &- quantity)
    if order.pointee.shown == 0, order.pointee.remaining > 0 {
      if order.pointee.display > 0 {
        market.pointee.needsRefresh = true
      } else {
        order.pointee.shown = order.pointee.remaining
      }
    }
    let side = order.pointee.side
    market.pointee.hold(order.pointee.leg, side.sign * quantity)
    var record = keel_ev_fill()
    record.h = keel_event(KEEL_EV_FILL, of: keel_ev_fill.self)
    record.h.inst = order.pointee.instrument
    record.h.ts_recv = barTime ?? time
    record.h.ts_venue = record.h.ts_recv
    record.order_id = order.pointee.id
    record.px = price
    record.qty = quantity
    record.side = side.rawValue
    record.position_side = order.pointee.positionSide
    record.account = model.account
    record.liquidity = liquidity.rawValue
    executions.name(&record)
    charge(&record, liquidity, market)
    tell(record, at: record.h.ts_recv, &reports)
  }

  /// The fee, the traded volume and the account's cash.
  private mutating func charge(
    _ record: inout keel_ev_fill, _ liquidity: Liquidity, _ market: Market
  ) {
    record.fee_exp = Self.feeExponent
    if countsVolume { volume.advance(to: record.h.ts_recv) }
    let tier = countsVolume ? model.fees.tier(volume.total) : plainFees
    let rate =
      liquidity == .maker ? tier.makerPartsPerMillion : tier.takerPartsPerMillion
    guard rate != 0 || countsVolume || model.margin.isWatched,
      let instrument = market.pointee.instrument
    else {
      record.fee_asset = market.pointee.instrument?.settlement.rawValue ?? 0
      return
    }
    let price = Price(mantissa: record.px)
    let quantity = Quantity(mantissa: record.qty)
    let worth = instrument.notional(price, quantity)
    setFee(&record, worth, rate: rate, instrument)
    if countsVolume { volume.add(counted(instrument, price, quantity, worth)) }
    guard model.margin.isWatched else { return }
    pay(record, instrument)
    revalue(market)
  }

  private mutating func setFee(
    _ record: inout keel_ev_fill, _ worth: Money?, rate: Int64, _ instrument: Instrument
  ) {
    record.fee_asset = instrument.settlement.rawValue
    guard let worth, rate != 0 else { return }
    switch model.fees.currency {
    case .settlement: record.fee = Self.share(worth.units, rate)
    case .received:
      guard instrument.exchangesAssets, record.side == Side.buy.rawValue,
        let base = FixedPoint.rescale(
          Int128(record.qty), from: instrument.quantityExponent, to: Money.exponent)
      else {
        record.fee = Self.share(worth.units, rate)
        return
      }
      record.fee_asset = instrument.base.rawValue
      record.fee = Self.share(base, rate)
    case .asset(let asset, let assetRate):
      record.fee_asset = asset.rawValue
      record.fee = Self.share(worth.units, rate, dividedBy: assetRate)
    }
  }

  /// Rounded once, half to even, to 10^-8. A worth too large to be multiplied is divided first: its
  /// rest is nothing.
  static func share(
    _ units: Int128, _ rate: Int64, dividedBy assetRate: Int64 = 100_000_000
  ) -> Int64 {
    // Units of 10^-16, divided by a mantissa of 10^-8, are units of 10^-8.
    let divisor = 1_000_000 * Int128(assetRate)
    let (product, overflow) = units.multipliedReportingOverflow(by: Int128(rate))
    return Int64(
      clamping: overflow
        ? FixedPoint.divideHalfToEven(units, by: divisor) * Int128(rate)
        : FixedPoint.divideHalfToEven(product, by: divisor))
  }

  /// What tiers count: an inverse contract by its worth in the quote asset.
  private mutating func counted(
    _ instrument: Instrument, _ price: Price, _ quantity: Quantity, _ worth: Money?
  ) -> Int128 {
    guard instrument.kind == .inverse else { return worth?.units ?? 0 }
    let exponent = instrument.quantityExponent + instrument.multiplierExponent
    return FixedPoint.rescale(
      Int128(quantity.mantissa) * Int128(instrument.multiplier), from: exponent,
      to: Money.exponent) ?? 0
  }
}
