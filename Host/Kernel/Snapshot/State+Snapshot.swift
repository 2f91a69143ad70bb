import Market

extension State: SnapshotValue {
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.constant(session, .foreign, "the session")
    codec.value(&now)
    codec.table(&instruments)
    codec.table(&markets)
    codec.table(&accounts)
    codec.value(&orders)
    codec.value(&positions)
    codec.value(&cash)
    codec.value(&books)
    codec.value(&portfolio)
    codec.count(&turns)
    codec.value(&counts)
    codec.value(&executions)
    codec.table(&funded)
    codec.value(&start)
    guard codec.isReading, codec.refusal == nil else { return }
    codec.require(hasKnownNames, "an instrument names an asset or account that is none")
    codec.require(hasCountableOrders, "an order names an instrument that is none")
  }

  private var hasKnownNames: Bool {
    instruments.indices.allSatisfy { index in
      guard let instrument = instruments[index] else { return true }
      return instrument.id.index == index && Int(instrument.account) < accounts.count
        && [instrument.settlement, instrument.base, instrument.quote, instrument.notionalMin.asset]
          .allSatisfy { cash.holds(instrument.account, $0.rawValue) }
    }
  }

  /// Open orders are of known instruments, and what they have working adds up.
  private var hasCountableOrders: Bool {
    var work: Int128 = 0
    var isKnown = true
    orders.forEachOpen { order in
      work += Int128(order.remaining.mantissa)
      isKnown = isKnown && instrument(order.instrument)?.account == order.account
    }
    return isKnown && work <= Int128(Int64.max)
  }
}

extension State.Counts: SnapshotValue {
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.count(&unknownReports)
    codec.count(&duplicateFills)
    codec.count(&externalFills)
    codec.count(&externalOrders)
    codec.count(&refusedAmounts)
  }
}

extension TopOfBook: SnapshotElement {
  package static var blank: TopOfBook { TopOfBook() }

  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&bid)
    codec.value(&ask)
    codec.value(&last)
    codec.value(&mark)
    codec.value(&updated)
    codec.value(&isTrading)
    codec.value(&isGapped)
  }
}

extension Account: SnapshotElement {
  package static var blank: Account { Account() }

  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&offers)
    codec.value(&orderTypes)
    codec.value(&timesInForce)
    codec.value(&takerFee)
  }
}
