import Market

/// What valuing an instrument takes of it. Small, because every price of what is held asks for it.
struct Pricing: Sendable {
  /// Price times quantity times contract size is its worth.
  private(set) var isLinear = false
  private(set) var isInverse = false
  private(set) var isPaidInFull = false
  private(set) var exchangesAssets = false
  private(set) var assetClass: UInt8 = 0
  private(set) var sector: UInt16 = 0
  private(set) var group: UInt16 = 0
  private(set) var settlement: UInt32 = 0
  private(set) var initialMargin: Int64 = 0
  private(set) var priceExponent = 0
  private var multiplier: UInt64 = 0
  /// Of price, quantity and multiplier together, from micros.
  private var exponent = 0
  /// One price step of one quantity step in units of money; 0 where that is not whole.
  private var factor: Int64 = 0

  init() {}

  init(_ instrument: Instrument) {
    isInverse = instrument.kind == .inverse
    isLinear = !isInverse
    isPaidInFull = instrument.isPaidInFull
    exchangesAssets = instrument.exchangesAssets
    assetClass = instrument.assetClass.rawValue
    sector = instrument.sector
    group = instrument.group
    settlement = instrument.settlement.rawValue
    initialMargin = Int64(instrument.initialMargin)
    priceExponent = instrument.priceExponent
    multiplier = UInt64(instrument.multiplier.magnitude)
    let own =
      instrument.priceExponent + instrument.quantityExponent + instrument.multiplierExponent
    exponent = own - Worth.exponent
    if isLinear, own >= Money.exponent,
      let unit = instrument.value(Price(mantissa: 1), signed: 1)
    {
      factor = Int64(exactly: unit.units) ?? 0
    }
  }

  /// What a quantity is worth at a price, rounded up; of an inverse one the caller knows.
  @inline(__always)
  func worth(_ price: Int64, _ quantity: UInt64, _ rate: Rate) -> Worth {
    let (factor, overflow) = multiplier.multipliedReportingOverflow(by: rate.mantissa)
    guard !overflow else { return quantity == 0 ? .zero : .most }
    return WorthProduct.roundedUp(
      price.magnitude, quantity, factor, exponent: exponent + rate.exponent)
  }

  /// Price times quantity in units of money; nil where that takes longer arithmetic.
  @inline(__always)
  func value(_ price: Int64, _ quantity: Int64) -> Int128? {
    let product = price.multipliedFullWidth(by: quantity)
    let small = Int64(truncatingIfNeeded: product.low)
    guard factor != 0, product.high == small >> 63 else { return nil }
    let value = small.multipliedFullWidth(by: factor)
    return Int128(value.high) << 64 | Int128(value.low)
  }
}

/// Beside the small copy of its pricing, an instrument's row is left where it lies: it is large.
extension Portfolio {
  /// What a quantity is worth at a price, rounded up.
  @inline(__always)
  func worth(
    _ index: Int, _ pricing: Pricing, _ price: Int64, _ quantity: UInt64, _ rate: Rate
  ) -> Worth {
    pricing.isLinear
      ? pricing.worth(price, quantity, rate) : inverseWorth(index, price, quantity, rate)
  }

  private func inverseWorth(
    _ index: Int, _ price: Int64, _ quantity: UInt64, _ rate: Rate
  ) -> Worth {
    guard let amount = Int64(exactly: quantity),
      let notional = rows[index].instrument?
        .notional(Price(mantissa: price), Quantity(mantissa: amount))
    else { return .most }
    return WorthProduct.roundedUp(notional.units.magnitude, at: rate)
  }

  /// What closing at `price` would realise, rounded down; as bad as can be where that is beyond the
  /// ledger. What is paid for is worth its price whole.
  @inline(__always)
  func profit(
    _ index: Int, _ pricing: Pricing, _ price: Int64, _ holding: Holding, _ rate: Rate,
    paid: Bool = false
  ) -> Worth {
    // Flat as an account, its slots may still hold against each other: what they paid counts.
    if holding.quantity == 0, holding.cost == 0 { return .zero }
    guard
      let value = pricing.value(price, holding.quantity)
        ?? slowValue(index, price, holding.quantity)
    else { return Worth.zero - .most }
    let (units, overflow) = value.subtractingReportingOverflow(paid ? 0 : holding.cost)
    return overflow ? Worth.zero - .most : WorthProduct.roundedDown(units, at: rate)
  }

  private func slowValue(_ index: Int, _ price: Int64, _ quantity: Int64) -> Int128? {
    rows[index].instrument?.value(Price(mantissa: price), signed: quantity)?.units
  }
}
