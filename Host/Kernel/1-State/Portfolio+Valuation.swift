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
    guard asset != 0 else { return }
    assets[Int(asset)].updated = time
    if isNew { rate(asset, Rate(reference, exponent: rows[index].pricing.priceExponent)) }
  }

  /// A slot's position or work changed; `price` is taken where no market has told one.
  mutating func moved(
    _ slot: UInt32, _ id: InstrumentID, _ position: Position, price: Price?
  ) {
    let (index, cell) = (id.index, self.index(slot, id))
    guard rows[index].instrument != nil else { return }
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
    realise(
      position.realised - position.fees + position.funding, cell, slot,
      assets[Int(rows[index].pricing.settlement)].rate)
    hold(index, rows[index].firstCell != .max)
    touch(cell)
  }

  /// A cell's facts changed, and its instrument's with them: both are to be valued again.
  mutating func touch(_ cell: Int) {
    guard !cells[cell].isStale else { return }
    if stale.count == Self.staleMax { revalueStale() }
    cells[cell].isStale = true
    stale.append(UInt32(cell))
  }

  /// Values what changed: whatever happened to it in this turn, once.
  @inline(__always)
  mutating func revalue() {
    if !stale.isEmpty { revalueStale() }
  }

  private mutating func revalueStale() {
    var valued = -1
    for cell in stale {
      let (index, slot) = Int(cell).quotientAndRemainder(dividingBy: slots)
      cells[Int(cell)].isStale = false
      // Mostly one instrument; one that comes twice is valued twice, to the same.
      if index != valued { value(index, exposed: true, cells: false) }
      valued = index
      value(Int(cell), of: UInt32(slot), index)
    }
    stale.removeAll(keepingCapacity: true)
  }

  /// What a slot has realised is worth what it was then. Without a rate it waits for the next one.
  private mutating func realise(
    _ realised: Int128, _ cell: Int, _ slot: UInt32, _ rate: Rate?
  ) {
    let change = realised - cells[cell].realised
    guard change != 0, let rate else { return }
    cells[cell].realised = realised
    totals.realisedBySlot[Int(slot)] += Int128(WorthProduct.roundedDown(change, at: rate).micros)
  }

  /// Values an instrument anew, or takes it out of all sums.
  mutating func value(_ index: Int, exposed: Bool, cells walks: Bool = true) {
    let pricing = rows[index].pricing
    let rate = assets[Int(pricing.settlement)].rate
    var row = RowValue()
    if exposed, let rate { row = rowValue(index, pricing, rate) }
    let isUnrated = exposed && rows[index].isHeld && rate == nil
    if isUnrated != rows[index].isUnrated { totals.unrated += isUnrated ? 1 : -1 }
    rows[index].isUnrated = isUnrated
    totals.move(pricing, by: row.exposure.difference(from: rows[index].exposure))
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

  /// Values one slot's part of an instrument, whose row has been valued.
  private mutating func value(_ cell: Int, of slot: UInt32, _ index: Int) {
    let (pricing, reference) = (rows[index].pricing, rows[index].reference)
    let holding = cells[cell].holding
    var (exposure, result) = (Worth.zero, Worth.zero)
    if let rate = assets[Int(pricing.settlement)].rate, reference > 0 {
      // What one slot holds alone is worth what the account's is.
      let isAlone = rows[index].firstCell == slot && cells[cell].next == .max
      exposure =
        isAlone
        ? rows[index].exposure : worth(index, pricing, reference, holding.reach, rate)
      result =
        isAlone && !pricing.isPaidInFull
        ? rows[index].unrealised : profit(index, pricing, reference, holding, rate)
    }
    totals.bySlot[Int(slot)] += exposure.difference(from: cells[cell].exposure)
    totals.resultBySlot[Int(slot)] += result.difference(from: cells[cell].result)
    cells[cell].exposure = exposure
    cells[cell].result = result
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
    guard rows[index].isHeld != isHeld else { return }
    rows[index].isHeld = isHeld
    isWatched[index] = isHeld || rows[index].ratedAsset != 0
    let asset = Int(rows[index].pricing.settlement)
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
}

extension Portfolio {
  func rowValue(_ index: Int, _ pricing: Pricing, _ rate: Rate) -> RowValue {
    var value = RowValue()
    let (reference, account) = (rows[index].reference, rows[index].account)
    guard reference > 0 else { return value }
    let reach = account.reach
    value.exposure = worth(index, pricing, reference, reach, rate)
    value.uncovered = value.exposure
    if !pricing.isPaidInFull {
      value.margin = value.exposure.shareRoundedUp(pricing.initialMargin)
    }
    if !pricing.exchangesAssets {
      // Of an option the holding itself is worth something: its price was paid.
      value.unrealised = profit(
        index, pricing, reference, account, rate, paid: pricing.isPaidInFull)
    }
    let isLong = account.quantity >= 0
    let cover = isLong ? rows[index].longCover : rows[index].shortCover
    guard cover.quantity > 0, !pricing.isInverse else { return value }
    let covered = Swift.min(UInt64(cover.quantity), reach)
    let trigger = cover.notional / Int128(cover.quantity)
    let distance = isLong ? Int128(reference) - trigger : trigger + 1 - Int128(reference)
    value.coveredRisk = worth(
      index, pricing, Int64(clamping: Swift.max(0, distance)), covered, rate)
    value.uncovered = worth(index, pricing, reference, reach - covered, rate)
    return value
  }
}

extension Worth {
  func difference(from other: Worth) -> Int128 { Int128(micros) - Int128(other.micros) }
}
