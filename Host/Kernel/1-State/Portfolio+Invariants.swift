import Market

/// Slow and obvious: every figure again, from the facts alone. For tests and simulation.
extension Portfolio {
  func checkInvariants(
    _ positions: borrowing PositionTable, _ orders: borrowing OrderTable,
    _ cash: borrowing CashLedger, _ invariants: inout InvariantCheck
  ) {
    invariants.require(stale.isEmpty, "what changed in a turn is valued by its end")
    var again = Totals(slots: slots, groupings: totals.byGroup.count)
    for index in rows.indices {
      guard let instrument = rows[index].instrument else { continue }
      check(index, instrument, positions, &again, &invariants)
    }
    for (index, asset) in assets.elements.enumerated() {
      let balance = cash.total(AssetID(rawValue: UInt32(index))).units
      invariants.require(asset.balance == balance, "the portfolio counts the ledger's balance")
      guard let rate = asset.rate else {
        if balance != 0 { again.unrated += 1 }
        continue
      }
      again.cash += Int128(WorthProduct.roundedDown(balance, at: rate).micros)
    }
    invariants.require(again.gross == totals.gross, "gross exposure is the sum of the instruments'")
    invariants.require(
      again.bySlot.isEqual(to: totals.bySlot), "a slot's exposure is the sum of its own")
    invariants.require(
      again.byClass.isEqual(to: totals.byClass), "a class's exposure is the sum of its own")
    invariants.require(
      again.bySector.isEqual(to: totals.bySector), "a sector's exposure is the sum of its own")
    invariants.require(
      again.byGroup.isEqual(to: totals.byGroup), "a group's exposure is the sum of its own")
    invariants.require(again.margin == totals.margin, "margin is the sum of the instruments'")
    invariants.require(
      again.unrealised == totals.unrealised, "profit is the sum of the instruments'")
    invariants.require(
      again.resultBySlot.isEqual(to: totals.resultBySlot), "a slot's result is its cells'")
    invariants.require(again.cash == totals.cash, "cash is the sum of the assets'")
    invariants.require(again.unrated == totals.unrated, "what has no rate is counted once")
    invariants.require(again.coveredRisk == totals.coveredRisk, "covered risk is the instruments'")
    invariants.require(
      again.uncovered == totals.uncovered, "what no stop covers is the instruments'")
    checkReservations(orders, &invariants)
  }

  private func check(
    _ index: Int, _ instrument: Instrument, _ positions: borrowing PositionTable,
    _ again: inout Totals, _ invariants: inout InvariantCheck
  ) {
    let row = rows[index]
    var account = Holding()
    var holders = 0
    let rate = assets[Int(instrument.settlement.rawValue)].rate
    for slot in 0..<slots {
      let position = positions.whole(UInt32(slot), instrument.id)
      var holding = Holding()
      holding.quantity = position.quantity
      holding.cost = position.cost
      holding.workingBuy = position.workingBuy
      holding.workingSell = position.workingSell
      account.quantity &+= position.quantity
      account.cost += position.cost
      account.workingBuy &+= position.workingBuy
      account.workingSell &+= position.workingSell
      if !holding.isFlat { holders += 1 }
      guard let rate, !holding.isFlat, row.reference > 0 else { continue }
      again.bySlot[slot] += Int128(
        worth(index, row.pricing, row.reference, holding.reach, rate).micros)
      again.resultBySlot[slot] += Int128(
        profit(index, row.pricing, row.reference, holding, rate).micros)
    }
    invariants.require(row.isHeld == (holders > 0), "what has a holder is held")
    invariants.require(
      isWatched[index] == (row.isHeld || row.ratedAsset != 0), "what counts is watched")
    invariants.require(row.account == account, "the slots' holdings sum to the account's")
    guard row.isHeld else { return }
    guard let rate else {
      again.unrated += 1
      return
    }
    let value = rowValue(index, row.pricing, rate)
    again.move(row.pricing, by: Int128(value.exposure.micros))
    again.margin += Int128(value.margin.micros)
    again.unrealised += Int128(value.unrealised.micros)
    again.coveredRisk += Int128(value.coveredRisk.micros)
    again.uncovered += Int128(value.uncovered.micros)
  }

  private func checkReservations(
    _ orders: borrowing OrderTable, _ invariants: inout InvariantCheck
  ) {
    var reserved = assets.elements.map { _ in Int128(0) }
    orders.forEachOpen { order in
      guard !order.working.isZero, let instrument = rows[order.instrument.index].instrument,
        let spending = spending(
          order.side, order.working, reservedPrice(order), instrument)
      else { return }
      reserved[Int(spending.asset.rawValue)] += spending.units ?? 0
    }
    invariants.require(
      reserved == assets.elements.map(\.reserved), "what is reserved is what open orders will take")
  }
}
