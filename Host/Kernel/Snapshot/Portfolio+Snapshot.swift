import Market

extension Portfolio: SnapshotValue {
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.constant(UInt64(slots), .foreign, "the number of slots valued")
    codec.table(&rows)
    codec.table(&cells)
    codec.table(&assets)
    codec.list(&movingRates, limit: assets.count)
    codec.table(&isWatched)
    codec.table(&orders)
    codec.table(&accounts)
    codec.value(&totals)
    codec.value(&day)
    guard codec.isReading, codec.refusal == nil else { return }
    codec.require(hasSoundNumbers, "the portfolio names what is none")
    if codec.refusal == nil { codec.require(hasSoundLists, "the portfolio's lists are no lists") }
  }

  private var hasSoundNumbers: Bool {
    movingRates.allSatisfy { Int($0) < assets.count }
      && orders.elements.allSatisfy { Int($0.asset) < assets.count }
      && assets.elements.allSatisfy { $0.market == .max || Int($0.market) < rows.count }
      && rows.indices.allSatisfy { index in
        guard Int(rows[index].ratedAsset) < assets.count else { return false }
        guard let instrument = rows[index].instrument else { return true }
        return instrument.id.index == index && hasRoom(for: instrument)
          && Int(instrument.settlement.rawValue) < assets.count
      }
  }

  /// Each list ends, and is linked both ways.
  private var hasSoundLists: Bool {
    rows.indices.allSatisfy { index in
      isList(from: rows[index].firstCell, places: slots) { place in
        let cell = cells[index * slots + Int(place)]
        return (cell.next, cell.previous)
      }
    }
      && assets.elements.allSatisfy { asset in
        isList(from: asset.firstHeld, places: rows.count) { place in
          (rows[Int(place)].next, rows[Int(place)].previous)
        }
      }
  }

  private func isList(
    from first: UInt32, places: Int, _ links: (UInt32) -> (next: UInt32, previous: UInt32)
  ) -> Bool {
    var (before, place, steps) = (UInt32.max, first, 0)
    while place != .max {
      guard Int(place) < places, steps < places else { return false }
      let link = links(place)
      guard link.previous == before else { return false }
      (before, place, steps) = (place, link.next, steps + 1)
    }
    return true
  }
}

extension Worth: SnapshotElement {
  package static var blank: Worth { .zero }
  package mutating func code(_ codec: inout SnapshotCodec) { codec.value(&micros) }
}

extension Rate: SnapshotElement {
  static var blank: Rate { .one }

  mutating func code(_ codec: inout SnapshotCodec) {
    var (mantissa, exponent) = (Int64(clamping: mantissa), Int32(exponent))
    codec.value(&mantissa)
    codec.value(&exponent)
    codec.require((-40...40).contains(exponent), "10^\(exponent) is no part of a rate")
    guard codec.isReading, codec.refusal == nil else { return }
    if let rate = Rate(mantissa, exponent: Int(exponent)) {
      self = rate
    } else {
      codec.refuse(.contradicts, "\(mantissa) is no rate")
    }
  }
}

extension Portfolio.Holding: SnapshotValue {
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&quantity)
    codec.amount(&cost)
    codec.value(&workingBuy)
    codec.value(&workingSell)
    codec.require(workingBuy >= 0 && workingSell >= 0, "work is never less than none")
  }
}

extension Portfolio.Cell: SnapshotElement {
  static var blank: Self { Self() }

  mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&holding)
    codec.amount(&realised)
    codec.value(&exposure)
    codec.value(&result)
    codec.value(&next)
    codec.value(&previous)
  }
}

extension Portfolio.Cover: SnapshotValue {
  mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&quantity)
    codec.amount(&notional)
  }
}

extension Portfolio.Row: SnapshotElement {
  static var blank: Self { Self() }

  mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&instrument)
    codec.value(&reference)
    codec.value(&account)
    codec.value(&exposure)
    codec.value(&unrealised)
    codec.value(&margin)
    codec.value(&coveredRisk)
    codec.value(&uncovered)
    codec.value(&longCover)
    codec.value(&shortCover)
    codec.value(&firstCell)
    codec.value(&ratedAsset)
    codec.value(&isHeld)
    codec.value(&isUnrated)
    codec.value(&next)
    codec.value(&previous)
  }
}

extension RatedAsset: SnapshotElement {
  static var blank: RatedAsset { RatedAsset() }

  mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&rate)
    codec.value(&isFixed)
    codec.value(&updated)
    codec.amount(&balance)
    codec.value(&worth)
    codec.amount(&unvaluedFlow)
    codec.amount(&reserved)
    codec.value(&isUnrated)
    codec.value(&market)
    codec.value(&firstHeld)
  }
}

extension Reservation: SnapshotElement {
  static var blank: Reservation { Reservation() }

  mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&order)
    codec.value(&asset)
    codec.value(&price)
    codec.amount(&units)
  }
}

extension AccountTerms: SnapshotElement {
  package static var blank: AccountTerms { AccountTerms() }

  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&takerFee)
    codec.value(&mayOwe)
  }
}

extension Totals: SnapshotValue {
  mutating func code(_ codec: inout SnapshotCodec) {
    codec.amount(&gross)
    codec.table(&bySlot)
    codec.table(&byClass)
    codec.table(&bySector)
    codec.table(&byGroup)
    codec.amount(&margin)
    codec.amount(&unrealised)
    codec.amount(&coveredRisk)
    codec.amount(&uncovered)
    codec.table(&resultBySlot)
    codec.table(&realisedBySlot)
    codec.amount(&cash)
    codec.amount(&flows)
    codec.amount(&revaluation)
    codec.value(&unrated)
    codec.value(&hasCash)
  }
}

extension TradingDay: SnapshotValue {
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&highest)
    codec.value(&first)
    codec.count(&entries)
    codec.table(&entriesBySlot)
    codec.table(&resultBySlot)
    codec.value(&end)
    codec.value(&offset)
    codec.require(entriesBySlot.elements.allSatisfy { $0 >= 0 && $0 < .max }, "entries are counted")
  }
}

/// An amount of the ledger, or a sum of such.
extension Int128: SnapshotElement {
  package mutating func code(_ codec: inout SnapshotCodec) { codec.amount(&self) }
}
