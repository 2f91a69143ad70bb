import Market

/// What changed facts do to the figures.
extension Portfolio {
  mutating func define(_ instrument: Instrument) {
    let index = instrument.id.index
    // A new epoch may bring another class, sector, group or margin: counted anew.
    let isHeld = rows[index].isHeld
    if isHeld { value(index, exposed: false) }
    rows[index].instrument = instrument
    if isHeld { value(index, exposed: true) }
  }

  /// A price was heard. Nearly always of an instrument on which nothing here depends.
  @inline(__always)
  mutating func price(_ index: Int, _ market: borrowing TopOfBook) {
    guard isWatched[index] else { return }
    price(watched: index, market.valuation?.mantissa, market.updated)
  }

  private mutating func price(watched index: Int, _ reference: Int64?, _ time: Timestamp) {
    guard let reference else { return }
    let isNew = rows[index].reference != reference
    rows[index].reference = reference
    if isNew, rows[index].isHeld { value(index, exposed: true) }
    let asset = rows[index].ratedAsset
    guard asset != 0, let instrument = rows[index].instrument else { return }
    assets[Int(asset)].updated = time
    if isNew { rate(asset, Rate(reference, exponent: instrument.priceExponent)) }
  }

  /// A slot's position or work changed; `price` is taken where no market has told one.
  mutating func moved(
    _ slot: UInt32, _ id: InstrumentID, _ position: Position, price: Price?
  ) {
    let (index, cell) = (id.index, self.index(slot, id))
    guard let instrument = rows[index].instrument else { return }
    let before = cells[cell].holding
    var after = Holding()
    after.quantity = position.quantity
    after.cost = position.cost
    after.workingBuy = position.workingBuy
    after.workingSell = position.workingSell
    cells[cell].holding = after
    rows[index].account.quantity &+= after.quantity &- before.quantity
    rows[index].account.cost += after.cost - before.cost
    rows[index].account.workingBuy &+= after.workingBuy &- before.workingBuy
    rows[index].account.workingSell &+= after.workingSell &- before.workingSell
    if let price, price.mantissa > 0, rows[index].reference == 0 || !rows[index].isHeld {
      rows[index].reference = price.mantissa
    }
    if before.isFlat != after.isFlat { link(cell, in: index, isHeld: !after.isFlat) }
    realise(position.realised - position.fees + position.funding, cell, slot, instrument)
    hold(index, rows[index].firstCell != .max)
    value(cell, of: slot, index)
    value(index, exposed: true, cells: false)
  }

  /// What a slot has realised is worth what it was then. Without a rate it waits for the next one.
  private mutating func realise(
    _ realised: Int128, _ cell: Int, _ slot: UInt32, _ instrument: Instrument
  ) {
    let change = realised - cells[cell].realised
    guard change != 0, let rate = assets[Int(instrument.settlement.rawValue)].rate else { return }
    cells[cell].realised = realised
    totals.realisedBySlot[Int(slot)] += Int128(WorthProduct.roundedDown(change, at: rate).micros)
  }

  /// Values an instrument anew, or takes it out of all sums.
  mutating func value(_ index: Int, exposed: Bool, cells walks: Bool = true) {
    guard let instrument = rows[index].instrument else { return }
    var row = RowValue()
    let rate = assets[Int(instrument.settlement.rawValue)].rate
    if exposed, let rate { row = RowValue(rows[index], instrument, rate) }
    let isUnrated = exposed && rows[index].isHeld && rate == nil
    if isUnrated != rows[index].isUnrated { totals.unrated += isUnrated ? 1 : -1 }
    rows[index].isUnrated = isUnrated
    totals.move(instrument, by: row.exposure.difference(from: rows[index].exposure))
    totals.margin += row.margin.difference(from: rows[index].margin)
    totals.unrealised += row.unrealised.difference(from: rows[index].unrealised)
    totals.coveredRisk += row.coveredRisk.difference(from: rows[index].coveredRisk)
    totals.uncovered += row.uncovered.difference(from: rows[index].uncovered)
    rows[index].exposure = row.exposure
    rows[index].margin = row.margin
    rows[index].unrealised = row.unrealised
    rows[index].coveredRisk = row.coveredRisk
    rows[index].uncovered = row.uncovered
    guard walks else { return }
    var slot = rows[index].firstCell
    while slot != .max {
      let cell = index * slots + Int(slot)
      value(cell, of: slot, index)
      slot = cells[cell].next
    }
  }

  private mutating func value(_ cell: Int, of slot: UInt32, _ index: Int) {
    guard let instrument = rows[index].instrument else { return }
    let holding = cells[cell].holding
    var (exposure, result) = (Worth.zero, Worth.zero)
    if let rate = assets[Int(instrument.settlement.rawValue)].rate, rows[index].reference > 0 {
      exposure = Self.worth(instrument, rows[index].reference, holding.reach, rate)
      result = Self.profit(instrument, rows[index].reference, holding, rate)
    }
    totals.bySlot[Int(slot)] += exposure.difference(from: cells[cell].exposure)
    totals.resultBySlot[Int(slot)] += result.difference(from: cells[cell].result)
    cells[cell].exposure = exposure
    cells[cell].result = result
  }

  /// What closing at `price` would realise, rounded down; as bad as can be where that is beyond the
  /// ledger.
  static func profit(
    _ instrument: Instrument, _ price: Int64, _ holding: Holding, _ rate: Rate,
    paid: Bool = false
  ) -> Worth {
    guard holding.quantity != 0 else { return .zero }
    guard let value = instrument.value(Price(mantissa: price), signed: holding.quantity) else {
      return Worth.zero - .most
    }
    let (units, overflow) = value.units.subtractingReportingOverflow(paid ? 0 : holding.cost)
    return overflow ? Worth.zero - .most : WorthProduct.roundedDown(units, at: rate)
  }

  private mutating func link(_ cell: Int, in index: Int, isHeld: Bool) {
    let slot = UInt32(cell - index * slots)
    if isHeld {
      let first = rows[index].firstCell
      cells[cell].next = first
      cells[cell].previous = .max
      if first != .max { cells[index * slots + Int(first)].previous = slot }
      rows[index].firstCell = slot
      return
    }
    let (previous, next) = (cells[cell].previous, cells[cell].next)
    if previous == .max {
      rows[index].firstCell = next
    } else {
      cells[index * slots + Int(previous)].next = next
    }
    if next != .max { cells[index * slots + Int(next)].previous = previous }
  }

  /// Enters an instrument into the list of its settlement asset, or takes it out.
  private mutating func hold(_ index: Int, _ isHeld: Bool) {
    guard rows[index].isHeld != isHeld, let instrument = rows[index].instrument else { return }
    rows[index].isHeld = isHeld
    isWatched[index] = isHeld || rows[index].ratedAsset != 0
    let asset = Int(instrument.settlement.rawValue)
    if isHeld {
      let first = assets[asset].firstHeld
      rows[index].next = first
      rows[index].previous = .max
      if first != .max { rows[Int(first)].previous = UInt32(index) }
      assets[asset].firstHeld = UInt32(index)
      return
    }
    let (previous, next) = (rows[index].previous, rows[index].next)
    if previous == .max {
      assets[asset].firstHeld = next
    } else {
      rows[Int(previous)].next = next
    }
    if next != .max { rows[Int(next)].previous = previous }
  }
}

/// One instrument's figures at one price and rate.
struct RowValue {
  var exposure = Worth.zero
  var margin = Worth.zero
  var unrealised = Worth.zero
  var coveredRisk = Worth.zero
  var uncovered = Worth.zero

  init() {}

  init(_ row: borrowing Portfolio.Row, _ instrument: Instrument, _ rate: Rate) {
    guard row.reference > 0 else { return }
    let reach = row.account.reach
    exposure = Portfolio.worth(instrument, row.reference, reach, rate)
    uncovered = exposure
    if !instrument.isPaidInFull {
      margin = exposure.shareRoundedUp(Int64(instrument.initialMargin))
    }
    if !instrument.exchangesAssets {
      // Of an option the holding itself is worth something: its price was paid.
      unrealised = Portfolio.profit(
        instrument, row.reference, row.account, rate, paid: instrument.isPaidInFull)
    }
    let isLong = row.account.quantity >= 0
    let cover = isLong ? row.longCover : row.shortCover
    guard cover.quantity > 0, instrument.kind != .inverse else { return }
    let covered = Swift.min(UInt64(cover.quantity), reach)
    let trigger = cover.notional / Int128(cover.quantity)
    let distance = isLong ? Int128(row.reference) - trigger : trigger + 1 - Int128(row.reference)
    coveredRisk = Portfolio.worth(
      instrument, Int64(clamping: Swift.max(0, distance)), covered, rate)
    uncovered = Portfolio.worth(instrument, row.reference, reach - covered, rate)
  }
}

extension Worth {
  func difference(from other: Worth) -> Int128 { Int128(micros) - Int128(other.micros) }
}
