package import Market
package import PluginABI

/// One fill on its way through the ledger: amounts exact, in the settlement asset.
private struct Booking {
  let slot: Int
  let instrument: Instrument
  let leg: Int32
  let time: Timestamp
  let price: Price
  var signed: Int64
  /// Signed as the quantity is.
  var value: Int128
  var fee: Int128
  var slippage: Int128
}

extension TradeLedger {
  /// Takes the next fill. `mid` is the middle of the market when the order was decided on; nil
  /// leaves the fill out of what is said about slippage. nil is answered when it was taken.
  @discardableResult
  package mutating func add(
    _ fill: UnsafePointer<keel_ev_fill>, mid: Price? = nil
  ) -> Refusal? {
    let raw = fill
    let slot = Int(raw.pointee.h.source)
    let index = Int(raw.pointee.h.inst)
    guard slot < options.slots else { return refuse(.unknownSlot) }
    guard index < options.instruments, let instrument = instruments[index],
      let key = key(slot, index, raw.pointee.position_side)
    else { return refuse(.unknownInstrument) }
    guard let side = Side(rawValue: raw.pointee.side) else { return refuse(.noSide) }
    let quantity = raw.pointee.qty
    guard quantity > 0 else { return refuse(.noQuantity) }
    let price = Price(mantissa: raw.pointee.px)
    let held = places[key] >= 0 ? pool[Int(places[key])].quantity : 0
    let (sum, overflow) = held.addingReportingOverflow(side.sign * quantity)
    guard !overflow, sum.magnitude < 1 << 62, quantity < 1 << 62,
      let value = instrument.value(price, signed: side.sign * quantity),
      value.units.magnitude < 1 << 120
    else { return refuse(.notRepresentable) }
    let fee = FillFee.units(raw, instrument, rates: rates)
    let slippage = mid.flatMap { mid in
      instrument.value(mid, signed: side.sign * quantity).map { value.units &- $0.units }
    }
    let rate = rate(of: instrument.settlement)
    count(
      RatedFill(
        worth: rate.map { $0 * value.approximation.magnitude },
        fee: fee.flatMap { fee in rate.map { $0 * (Double(fee) / 1e16) } },
        slippage: slippage.flatMap { slip in rate.map { $0 * (Double(slip) / 1e16) } },
        liquidity: raw.pointee.liquidity), slot: slot, index)
    book(
      Booking(
        slot: slot, instrument: instrument, leg: key & 1 == 1 ? 1 : 0,
        time: Timestamp(nanoseconds: raw.pointee.h.ts_recv), price: price,
        signed: side.sign * quantity, value: value.units, fee: fee ?? 0,
        slippage: slippage ?? 0), at: key)
    return nil
  }

  private mutating func book(_ fill: Booking, at key: Int) {
    guard places[key] >= 0 else { return enter(fill, at: key) }
    let place = Int(places[key])
    let held = pool[place].quantity
    guard (held > 0) != (fill.signed > 0) else { return enter(fill, at: key) }
    let amount = abs(fill.signed)
    let closing = Swift.min(amount, abs(held))
    var part = fill
    part.signed = fill.signed > 0 ? closing : -closing
    part.value = Proportion.of(fill.value, closing, of: amount)
    part.fee = Proportion.of(fill.fee, closing, of: amount)
    part.slippage = Proportion.of(fill.slippage, closing, of: amount)
    leave(part, key, place)
    guard amount > closing else { return }
    // A flip: what is left of the fill begins a trade the other way.
    var rest = fill
    rest.signed = fill.signed - part.signed
    rest.value = fill.value - part.value
    rest.fee = fill.fee - part.fee
    rest.slippage = fill.slippage - part.slippage
    enter(rest, at: key)
  }

  private mutating func enter(_ fill: Booking, at key: Int) {
    if places[key] < 0 { open(fill, at: key) }
    let place = Int(places[key])
    pool[place].enter(fill.signed, value: fill.value)
    pool[place].fees &+= fill.fee
    pool[place].slippage &+= fill.slippage
    pool[place].fills += 1
    if let value = fill.instrument.value(fill.price, signed: pool[place].quantity) {
      pool[place].mark(value.units)
    }
  }

  private mutating func leave(_ fill: Booking, _ key: Int, _ place: Int) {
    let closing = abs(fill.signed)
    let held = pool[place].quantity
    if let value = fill.instrument.value(fill.price, signed: held) { pool[place].mark(value.units) }
    pool[place].fills += 1
    let released = pool[place].leave(closing, value: fill.value)
    let isFlat = pool[place].quantity == 0
    switch options.counting {
    case .flatToFlat:
      pool[place].fees &+= fill.fee
      pool[place].slippage &+= fill.slippage
      if isFlat { close(whole(place, fill)) }
    case .everyClose:
      close(part(place, fill, released: released, of: abs(held)))
    }
    if isFlat { free(place, key) }
  }

  /// The trade from flat to flat.
  private func whole(_ place: Int, _ fill: Booking) -> ClosedTrade {
    let open = pool[place]
    let isLong = fill.signed < 0
    return ClosedTrade(
      slot: fill.slot, instrument: fill.instrument.id, side: isLong ? .buy : .sell,
      entryTime: open.entryTime, exitTime: fill.time,
      entryPrice: fill.instrument.price(
        ofValue: open.enteredValue, signed: isLong ? open.entered : -open.entered),
      exitPrice: fill.instrument.price(
        ofValue: open.leftValue, signed: isLong ? open.left : -open.left),
      quantity: Quantity(mantissa: Swift.max(0, open.entered)),
      worth: money(abs(open.enteredValue), fill), gross: money(open.realised, fill),
      fees: money(open.fees, fill), funding: money(open.funding, fill),
      slippage: money(open.slippage, fill), adverse: money(open.lowest, fill),
      favourable: money(open.highest, fill), fills: open.fills,
      barLength: options.barLength, rate: rate(of: fill.instrument.settlement))
  }

  /// What one close took out of the position, with its part of the fees so far.
  private mutating func part(
    _ place: Int, _ fill: Booking, released: Int128, of held: Int64
  ) -> ClosedTrade {
    let closing = abs(fill.signed)
    let fees = Proportion.of(pool[place].fees, closing, of: held)
    let slippage = Proportion.of(pool[place].slippage, closing, of: held)
    let funding = Proportion.of(pool[place].funding, closing, of: held)
    let lowest = Proportion.of(pool[place].lowest, closing, of: held)
    let highest = Proportion.of(pool[place].highest, closing, of: held)
    pool[place].fees &-= fees
    pool[place].slippage &-= slippage
    pool[place].funding &-= funding
    pool[place].lowest &-= lowest
    pool[place].highest &-= highest
    // What was realised is told by this trade; the rest begins again from its own cost.
    pool[place].realised = 0
    let isLong = fill.signed < 0
    let signed = isLong ? closing : -closing
    return ClosedTrade(
      slot: fill.slot, instrument: fill.instrument.id, side: isLong ? .buy : .sell,
      entryTime: pool[place].entryTime, exitTime: fill.time,
      entryPrice: fill.instrument.price(ofValue: released, signed: signed),
      exitPrice: fill.price, quantity: Quantity(mantissa: closing),
      worth: money(abs(released), fill), gross: money(-(fill.value &+ released), fill),
      fees: money(fees &+ fill.fee, fill), funding: money(funding, fill),
      slippage: money(slippage &+ fill.slippage, fill), adverse: money(lowest, fill),
      favourable: money(highest, fill), fills: pool[place].fills,
      barLength: options.barLength, rate: rate(of: fill.instrument.settlement))
  }

  private func money(_ units: Int128, _ fill: Booking) -> Money {
    Money(units: units, asset: fill.instrument.settlement)
  }

  private mutating func open(_ fill: Booking, at key: Int) {
    var trade = OpenTrade()
    trade.entryTime = fill.time
    trade.slot = Int32(fill.slot)
    trade.leg = fill.leg
    trade.instrument = fill.instrument.id
    trade.next = holders[fill.instrument.id.index]
    let place: Int32
    if firstFree >= 0 {
      place = firstFree
      firstFree = pool[Int(place)].next
      pool[Int(place)] = trade
    } else {
      place = Int32(pool.count)
      pool.append(trade)
    }
    if trade.next >= 0 { pool[Int(trade.next)].previous = place }
    holders[fill.instrument.id.index] = place
    places[key] = place
  }

  private mutating func free(_ place: Int, _ key: Int) {
    let (next, previous) = (pool[place].next, pool[place].previous)
    if previous >= 0 {
      pool[Int(previous)].next = next
    } else {
      holders[pool[place].instrument.index] = next
    }
    if next >= 0 { pool[Int(next)].previous = previous }
    pool[place].next = firstFree
    firstFree = Int32(place)
    places[key] = -1
  }
}
