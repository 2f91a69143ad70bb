/// Index into the session's instrument table; dense, never reused.
public struct InstrumentID: Hashable, Comparable, Sendable {
  public var rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  public var index: Int { Int(rawValue) }
  public static func < (a: InstrumentID, b: InstrumentID) -> Bool { a.rawValue < b.rawValue }
}

public enum InstrumentKind: UInt8, Sendable {
  case spot = 1, perpetual, inverse, future, option, equity
}

/// What limits by class count an instrument to. Raw values are the C ABI's.
public enum AssetClass: UInt8, Sendable, CaseIterable {
  case none = 0, crypto, equity, currency, commodity, rate, index
}

/// The numbers of one instrument; its names stay in the directory, so that this copies freely.
/// Arithmetic across prices and quantities goes through it, because only it knows the exponents.
public struct Instrument: Sendable {
  public var id: InstrumentID
  public var kind: InstrumentKind
  /// Constant for the life of the id.
  public var priceExponent: Int
  public var quantityExponent: Int
  /// Incremented when tick, lot or limits change.
  public var epoch: UInt16
  public var tick: Price
  public var lot: Quantity
  public var quantityMin: Quantity
  public var notionalMin: Money
  /// Contract size as mantissa and exponent; 1 for spot.
  public var multiplier: Int64
  public var multiplierExponent: Int
  public var base: AssetID
  public var quote: AssetID
  public var settlement: AssetID
  /// The account that trades it: the adapter of its venue.
  public var account: UInt16 = 0
  public var assetClass: AssetClass = .none
  /// 0 is none. A group holds instruments that move together.
  public var sector: UInt16 = 0
  public var group: UInt16 = 0
  /// Shares of the worth in parts per million; the whole where margin is not known.
  public var initialMargin: Int32 = 1_000_000
  public var maintenanceMargin: Int32 = 1_000_000
  /// nil if it never expires.
  public var expiry: Timestamp?
  /// `multiplier` in units of `Money` for one price step and one quantity step, where it is whole.
  private let factor: Int64?

  public init(
    id: InstrumentID, kind: InstrumentKind, priceExponent: Int, quantityExponent: Int,
    epoch: UInt16 = 0, tick: Price, lot: Quantity, quantityMin: Quantity, notionalMin: Money,
    multiplier: Int64 = 1, multiplierExponent: Int = 0, base: AssetID, quote: AssetID,
    settlement: AssetID
  ) {
    self.id = id
    self.kind = kind
    self.priceExponent = priceExponent
    self.quantityExponent = quantityExponent
    self.epoch = epoch
    self.tick = tick
    self.lot = lot
    self.quantityMin = quantityMin
    self.notionalMin = notionalMin
    self.multiplier = multiplier
    self.multiplierExponent = multiplierExponent
    self.base = base
    self.quote = quote
    self.settlement = settlement
    let exponent = priceExponent + quantityExponent + multiplierExponent - Money.exponent
    factor = FixedPoint.powerOfTen(exponent)
      .flatMap { $0 > Int128(Int64.max) ? nil : Int64($0) }
      .flatMap {
        let (product, overflow) = $0.multipliedReportingOverflow(by: multiplier)
        return overflow ? nil : product
      }
  }

  /// What `quantity` at `price` is worth in the settlement asset, never negative for a positive
  /// price; nil when it is beyond what the ledger can hold, or the price is worth nothing.
  public func notional(_ price: Price, _ quantity: Quantity) -> Money? {
    guard kind == .inverse else { return value(price, signed: quantity.mantissa) }
    return value(price, signed: quantity.mantissa).map { -$0 }
  }

  /// The value whose growth is the profit of a signed holding. A linear instrument's is price times
  /// quantity times contract size. An inverse one's contracts are counted in the quote asset and
  /// settled in the base: the value is their worth in base, negative, so that it too grows with the
  /// price.
  public func value(_ price: Price, signed quantity: Int64) -> Money? {
    guard kind != .inverse else { return inverseValue(price, signed: quantity) }
    if let factor {
      let product = price.mantissa.multipliedFullWidth(by: quantity)
      let small = Int64(truncatingIfNeeded: product.low)
      if product.high == small >> 63 {
        let value = small.multipliedFullWidth(by: factor)
        return Money(units: Int128(value.high) << 64 | Int128(value.low), asset: settlement)
      }
    }
    let product = Int128(price.mantissa) * Int128(quantity)
    let (value, overflow) = product.multipliedReportingOverflow(by: Int128(multiplier))
    guard !overflow else { return nil }
    let exponent = priceExponent + quantityExponent + multiplierExponent
    guard let units = FixedPoint.rescale(value, from: exponent, to: Money.exponent) else {
      return nil
    }
    return Money(units: units, asset: settlement)
  }

  private func inverseValue(_ price: Price, signed quantity: Int64) -> Money? {
    guard price.mantissa > 0, let scaled = scaledContracts(quantity) else { return nil }
    return Money(
      units: -FixedPoint.divideHalfToEven(scaled, by: Int128(price.mantissa)), asset: settlement)
  }

  /// Contracts times their size, so that one division by the price's mantissa leaves the value.
  private func scaledContracts(_ quantity: Int64) -> Int128? {
    let exponent = quantityExponent + multiplierExponent - priceExponent
    guard exponent >= Money.exponent else { return nil }
    return FixedPoint.rescale(
      Int128(quantity) * Int128(multiplier), from: exponent, to: Money.exponent)
  }

  /// The price at which a signed holding has this value, rounded half to even; nil when there is
  /// none that can be written.
  public func price(ofValue value: Int128, signed quantity: Int64) -> Price? {
    let mantissa: Int128
    if kind == .inverse {
      guard value != 0, let scaled = scaledContracts(quantity) else { return nil }
      let sign: Int128 = value < 0 ? 1 : -1
      mantissa = FixedPoint.divideHalfToEven(scaled * sign, by: value * -sign)
    } else {
      guard let unit = self.value(Price(mantissa: 1), signed: quantity), unit.units != 0 else {
        return nil
      }
      let sign: Int128 = unit.units < 0 ? -1 : 1
      mantissa = FixedPoint.divideHalfToEven(value * sign, by: unit.units * sign)
    }
    return Int64(exactly: mantissa).map(Price.init(mantissa:))
  }

  /// Whether a fill exchanges two assets, instead of settling a profit in one.
  public var exchangesAssets: Bool { kind == .spot || kind == .equity }
  /// Whether what is paid for it is paid when it is traded, and the holding is worth its price.
  public var isPaidInFull: Bool { exchangesAssets || kind == .option }

  public func isOnTick(_ price: Price) -> Bool { price.mantissa % tick.mantissa == 0 }
  public func isOnLot(_ quantity: Quantity) -> Bool { quantity.mantissa % lot.mantissa == 0 }

  /// Rounded down to a whole number of lots.
  public func roundedDown(_ quantity: Quantity) -> Quantity {
    Quantity(mantissa: FixedPoint.floor(quantity.mantissa, toMultipleOf: lot.mantissa))
  }
}
