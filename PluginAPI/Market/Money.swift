/// Which asset an amount is in: an index into the session's asset table; 0 is none.
public struct AssetID: Hashable, Sendable {
  public var rawValue: UInt32
  public static let none = AssetID(rawValue: 0)
  public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// An exact signed amount of one asset, counted in 10^-16: the product of any price and any
/// quantity with at most eight decimals each needs no rounding.
public struct Money: Hashable, Sendable {
  public static let exponent = -16

  public var units: Int128
  public var asset: AssetID

  public init(units: Int128, asset: AssetID) {
    self.units = units
    self.asset = asset
  }
  /// From the two halves that records carry.
  public init(low: UInt64, high: Int64, asset: AssetID) {
    self.init(units: Int128(high) << 64 | Int128(low), asset: asset)
  }
  public var low: UInt64 { UInt64(truncatingIfNeeded: units) }
  public var high: Int64 { Int64(truncatingIfNeeded: units >> 64) }

  public static func zero(_ asset: AssetID) -> Money { Money(units: 0, asset: asset) }

  public var isNegative: Bool { units < 0 }
  /// For statistics and display only; the ledger never reads it.
  public var approximation: Double { Double(units) / 1e16 }

  public static func + (a: Money, b: Money) -> Money {
    precondition(a.asset == b.asset, "amounts of different assets do not add")
    return Money(units: a.units + b.units, asset: a.asset)
  }
  public static func - (a: Money, b: Money) -> Money {
    precondition(a.asset == b.asset, "amounts of different assets do not subtract")
    return Money(units: a.units - b.units, asset: a.asset)
  }
  public static prefix func - (a: Money) -> Money { Money(units: -a.units, asset: a.asset) }
}
