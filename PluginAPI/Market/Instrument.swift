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
  }

  /// What `quantity` at `price` is worth in the settlement asset; nil when it is beyond what the
  /// ledger can hold. Linear instruments only.
  public func notional(_ price: Price, _ quantity: Quantity) -> Money? {
    notional(price, signed: quantity.mantissa)
  }

  /// The same for a signed holding.
  public func notional(_ price: Price, signed quantity: Int64) -> Money? {
    let product = Int128(price.mantissa) * Int128(quantity)
    let (value, overflow) = product.multipliedReportingOverflow(by: Int128(multiplier))
    guard !overflow else { return nil }
    let exponent = priceExponent + quantityExponent + multiplierExponent
    guard let units = FixedPoint.rescale(value, from: exponent, to: Money.exponent) else {
      return nil
    }
    return Money(units: units, asset: settlement)
  }

  /// Whether a holding is worth price times quantity times contract size, as the ledger counts.
  public var isLinear: Bool { kind != .inverse && kind != .option }

  /// Whether a fill exchanges two assets, instead of settling a profit in one.
  public var exchangesAssets: Bool { kind == .spot || kind == .equity }

  public func isOnTick(_ price: Price) -> Bool { price.mantissa % tick.mantissa == 0 }
  public func isOnLot(_ quantity: Quantity) -> Bool { quantity.mantissa % lot.mantissa == 0 }

  /// Rounded down to a whole number of lots.
  public func roundedDown(_ quantity: Quantity) -> Quantity {
    Quantity(mantissa: FixedPoint.floor(quantity.mantissa, toMultipleOf: lot.mantissa))
  }
}
