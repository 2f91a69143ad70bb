import Market
import PluginABI
import PluginBridge

/// What the venue does of its own accord: positions closed without an order, funding, expiry.
extension MatchingEngine {
  mutating func endAll(
    _ market: Market, _ state: OrderState, reason: Int, at time: Int64,
    _ reports: inout RecordBuffer
  ) {
    for list in 0..<VenueOrder.Place.lists {
      while market.pointee.lists[list].count > 0 {
        let count = market.pointee.lists[list].count
        end(
          market.pointee.lists[list][count - 1].slot, state, reason: reason, at: time, &reports)
      }
    }
  }

  /// Closes what is held by fills of no order. Their execution ids begin with the reason.
  mutating func close(
    _ market: Market, _ instrument: Instrument, at price: Int64?, _ word: StaticString,
    fee rate: Int64, _ time: Int64, _ reports: inout RecordBuffer
  ) {
    guard let price else { return }
    for leg in 0..<2 as Range<UInt8> {
      let quantity = market.pointee.held(leg)
      guard quantity != 0 else { continue }
      market.pointee.hold(leg, 0 &- quantity)
      var record = keel_ev_fill()
      record.h = keel_event(KEEL_EV_FILL, of: keel_ev_fill.self, instrument: instrument.id)
      record.h.ts_recv = time
      record.h.ts_venue = time
      record.px = price
      record.qty = Int64(clamping: quantity.magnitude)
      record.side = (quantity > 0 ? Side.sell : .buy).rawValue
      record.position_side = leg == 1 ? PositionSide.short.rawValue : PositionSide.net.rawValue
      record.account = model.account
      record.liquidity = Liquidity.taker.rawValue
      record.is_external = UInt8(KEEL_FILL_CLOSING)
      record.fee_exp = Self.feeExponent
      record.fee_asset = instrument.settlement.rawValue
      executions.name(&record, as: word)
      if rate != 0,
        let worth = instrument.notional(
          Price(mantissa: price), Quantity(mantissa: record.qty))
      {
        record.fee = Self.share(worth.units, rate)
      }
      if model.margin.isWatched {
        pay(record, instrument)
        revalue(market)
      }
      tell(record, at: time, &reports)
    }
  }

  /// Instruments that end now: their orders expire, and positions settle: at the mark or the last
  /// price, an option at what exercising it brings where the underlying's index is known.
  mutating func settle(at time: Int64, _ reports: inout RecordBuffer) {
    nextExpiry = .max
    for index in 0..<marketCount {
      let market = market(index)
      guard let instrument = market.pointee.instrument, !market.pointee.hasExpired else {
        continue
      }
      guard market.pointee.expiry <= time else {
        nextExpiry = Swift.min(nextExpiry, market.pointee.expiry)
        continue
      }
      market.pointee.hasExpired = true
      endAll(market, .expired, reason: KEEL_REASON_EXPIRED, at: time, &reports)
      close(
        market, instrument, at: settlementPrice(market, instrument), "settlement-", fee: 0, time,
        &reports)
    }
  }

  private mutating func settlementPrice(_ market: Market, _ instrument: Instrument) -> Int64? {
    if instrument.kind == .option, let strike = market.pointee.strike,
      market.pointee.index != KEEL_NULL
    {
      let index = market.pointee.index
      return Swift.max(0, market.pointee.isPut ? strike - index : index - strike)
    }
    if market.pointee.mark != KEEL_NULL { return market.pointee.mark }
    return market.pointee.last != KEEL_NULL ? market.pointee.last : market.pointee.valuation
  }

  mutating func see(mark record: Record, _ market: Market, _ reports: inout RecordBuffer) {
    guard let raw = record.cast(to: keel_ev_mark.self)?.pointee else { return }
    if raw.mark > 0 { market.pointee.mark = raw.mark }
    if raw.index > 0 { market.pointee.index = raw.index }
    if model.margin.isWatched, !market.pointee.isFlat {
      watch(market, at: record.header.pointee.ts_recv, &reports)
    }
  }

  /// Funding that the data tells. The host applies the record itself; here the account pays.
  mutating func take(funding record: Record, _ market: Market) {
    guard model.margin.isWatched, let raw = record.cast(to: keel_ev_funding.self)?.pointee,
      raw.due <= record.header.pointee.ts_recv, raw.due > market.pointee.funded, raw.mark > 0
    else { return }
    payFunding(raw, market)
  }

  private mutating func payFunding(_ funding: keel_ev_funding, _ market: Market) {
    market.pointee.funded = funding.due
    guard model.margin.isWatched, let instrument = market.pointee.instrument,
      !instrument.isPaidInFull
    else { return }
    for leg in 0..<2 as Range<UInt8> where market.pointee.held(leg) != 0 {
      let quantity = market.pointee.held(leg)
      guard
        let worth = instrument.notional(
          Price(mantissa: funding.mark), Quantity(mantissa: Int64(clamping: quantity.magnitude)))
      else { continue }
      let (product, overflow) = worth.units.multipliedReportingOverflow(by: Int128(funding.rate))
      guard !overflow,
        let units = FixedPoint.rescale(product, from: Int(funding.rate_exp), to: 0)
      else { continue }
      account.pay(instrument.settlement, quantity > 0 ? 0 &- units : units)
    }
  }

  /// A boundary of the schedule: every perpetual whose price is known is funded at its mark.
  mutating func fund(at time: Int64, _ reports: inout RecordBuffer) {
    nextFunding = model.funding.boundary(after: time)
    for index in 0..<marketCount {
      let market = market(index)
      guard let instrument = market.pointee.instrument, instrument.expiry == nil,
        instrument.kind == .perpetual || instrument.kind == .inverse,
        market.pointee.funded < time, let mark = market.pointee.valuation, mark > 0
      else { continue }
      var record = keel_ev_funding()
      record.h = keel_event(KEEL_EV_FUNDING, of: keel_ev_funding.self, instrument: instrument.id)
      record.h.ts_recv = time
      record.h.ts_venue = time
      record.rate = model.funding.partsPerMillion
      record.rate_exp = -6
      record.mark = mark
      record.due = time
      payFunding(record, market)
      tell(record, at: time, &reports)
      if model.margin.isWatched { watch(market, at: time, &reports) }
    }
  }
}
