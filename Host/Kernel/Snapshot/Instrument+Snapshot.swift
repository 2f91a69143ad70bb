package import Market

extension Instrument: SnapshotElement {
  package static var blank: Instrument {
    Instrument(
      id: .blank, kind: .spot, priceExponent: 0, quantityExponent: 0, tick: Price(mantissa: 1),
      lot: Quantity(mantissa: 1), quantityMin: .zero, notionalMin: .zero(.none), base: .none,
      quote: .none, settlement: .none)
  }

  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&id)
    codec.value(&kind)
    codec.value(&priceExponent)
    codec.value(&quantityExponent)
    codec.value(&epoch)
    codec.value(&tick)
    codec.value(&lot)
    codec.value(&quantityMin)
    codec.value(&notionalMin)
    codec.value(&multiplier)
    codec.value(&multiplierExponent)
    codec.value(&base)
    codec.value(&quote)
    codec.value(&settlement)
    codec.value(&account)
    codec.value(&assetClass)
    codec.value(&sector)
    codec.value(&group)
    codec.value(&initialMargin)
    codec.value(&maintenanceMargin)
    codec.value(&expiry)
    let exponents = [priceExponent, quantityExponent, multiplierExponent]
    codec.require(
      exponents.allSatisfy((-16...16).contains) && tick.mantissa > 0 && lot.mantissa > 0
        && multiplier > 0 && notionalMin.units >= 0 && (0...1_000_000).contains(initialMargin)
        && (0...1_000_000).contains(maintenanceMargin),
      "an instrument's numbers contradict each other")
    if codec.isReading, codec.refusal == nil { self = withFactor }
  }

  /// The same, with what follows from its numbers computed again.
  private var withFactor: Instrument {
    var made = Instrument(
      id: id, kind: kind, priceExponent: priceExponent, quantityExponent: quantityExponent,
      epoch: epoch, tick: tick, lot: lot, quantityMin: quantityMin, notionalMin: notionalMin,
      multiplier: multiplier, multiplierExponent: multiplierExponent, base: base, quote: quote,
      settlement: settlement)
    made.account = account
    made.assetClass = assetClass
    made.sector = sector
    made.group = group
    made.initialMargin = initialMargin
    made.maintenanceMargin = maintenanceMargin
    made.expiry = expiry
    return made
  }
}
