import Market

/// An amount of the reporting asset, counted in 10^-6 of it: what limits, exposure and equity are
/// compared in. Ends are ends: what would be more than the largest is the largest, so that a sum of
/// foreign numbers neither traps nor turns its sign.
package struct Worth: Comparable, Hashable, Sendable {
  package var micros: Int64

  package static let zero = Worth(micros: 0)
  package static let most = Worth(micros: .max)
  package static let exponent = -6

  package init(micros: Int64) { self.micros = micros }
  package init(clamping sum: Int128) { micros = Int64(clamping: sum) }

  package static func < (a: Worth, b: Worth) -> Bool { a.micros < b.micros }
  package static func + (a: Worth, b: Worth) -> Worth {
    let (sum, overflow) = a.micros.addingReportingOverflow(b.micros)
    return Worth(micros: overflow ? (b.micros > 0 ? .max : .min) : sum)
  }
  package static func - (a: Worth, b: Worth) -> Worth {
    let (difference, overflow) = a.micros.subtractingReportingOverflow(b.micros)
    return Worth(micros: overflow ? (b.micros < 0 ? .max : .min) : difference)
  }

  /// Parts per million of it, rounded down.
  package func share(_ partsPerMillion: Int64) -> Worth {
    let (small, overflow) = micros.multipliedReportingOverflow(by: partsPerMillion)
    if !overflow, small >= 0 { return Worth(micros: small / 1_000_000) }
    let product = Int128(micros) * Int128(partsPerMillion)
    let quotient = product / 1_000_000
    let isExact = quotient * 1_000_000 == product
    return Worth(clamping: product < 0 && !isExact ? quotient - 1 : quotient)
  }
  /// The same, rounded up.
  package func shareRoundedUp(_ partsPerMillion: Int64) -> Worth {
    let (small, overflow) = micros.multipliedReportingOverflow(by: partsPerMillion)
    if !overflow, small >= 0 {
      return Worth(micros: small / 1_000_000 + (small % 1_000_000 > 0 ? 1 : 0))
    }
    let product = Int128(micros) * Int128(partsPerMillion)
    let quotient = product / 1_000_000
    let isExact = quotient * 1_000_000 == product
    return Worth(clamping: product > 0 && !isExact ? quotient + 1 : quotient)
  }
}

/// What one unit of an asset is worth in the reporting asset: mantissa of 10^exponent. Trailing
/// zeros are taken off once, so that a rate of one costs no arithmetic.
struct Rate: Equatable, Sendable {
  let mantissa: UInt64
  let exponent: Int

  static let one = Rate(mantissa: 1, exponent: 0)

  /// nil for a rate that nothing can have.
  init?(_ mantissa: Int64, exponent: Int) {
    guard mantissa > 0 else { return nil }
    self.init(mantissa: UInt64(mantissa), exponent: exponent)
  }
  private init(mantissa: UInt64, exponent: Int) {
    var (rest, zeros) = (mantissa, exponent)
    while rest % 10 == 0 {
      rest /= 10
      zeros += 1
    }
    self.mantissa = rest
    self.exponent = zeros
  }
}

/// Products of amounts and rates as worth: whole numbers of 192 bits, rounded once, at the end.
enum WorthProduct {
  /// a * b * c * 10^exponent, rounded up: a limit in whole micros is passed by the result exactly
  /// where it is passed by the true product.
  @inline(__always)
  static func roundedUp(_ a: UInt64, _ b: UInt64, _ c: UInt64, exponent: Int) -> Worth {
    scaled(a.multipliedFullWidth(by: b), c, exponent, up: true)
  }

  /// An exact amount at a rate. Down means towards less, also below zero.
  static func roundedDown(_ units: Int128, at rate: Rate) -> Worth {
    let (high, low) = (UInt64(units.magnitude >> 64), UInt64(truncatingIfNeeded: units.magnitude))
    let worth = scaled(
      (high, low), rate.mantissa, Money.exponent + rate.exponent - Worth.exponent, up: units < 0)
    return units < 0 ? Worth.zero - worth : worth
  }
  static func roundedUp(_ units: UInt128, at rate: Rate) -> Worth {
    scaled(
      (UInt64(units >> 64), UInt64(truncatingIfNeeded: units)), rate.mantissa,
      Money.exponent + rate.exponent - Worth.exponent, up: true)
  }

  @inline(__always)
  private static func scaled(
    _ product: (high: UInt64, low: UInt64), _ c: UInt64, _ exponent: Int, up: Bool
  ) -> Worth {
    if c == 1, product.high == 0, exponent <= 0, exponent > -20 {
      let divisor = powers[-exponent]
      let quotient = product.low / divisor
      let rest: UInt64 = up && quotient &* divisor != product.low ? 1 : 0
      return Worth(micros: Int64(clamping: quotient &+ rest))
    }
    // One wide division, where its quotient has room.
    if c == 1, exponent < 0, exponent > -20, product.high < powers[-exponent] {
      let (quotient, rest) = powers[-exponent].dividingFullWidth(product)
      guard quotient < UInt64(Int64.max) else { return .most }
      return Worth(micros: Int64(quotient) + (up && rest != 0 ? 1 : 0))
    }
    return scaledWide(product, c, exponent, up: up)
  }

  private static func scaledWide(
    _ product: (high: UInt64, low: UInt64), _ c: UInt64, _ exponent: Int, up: Bool
  ) -> Worth {
    let bottom = product.low.multipliedFullWidth(by: c)
    let top = product.high.multipliedFullWidth(by: c)
    let (middle, carry) = top.low.addingReportingOverflow(bottom.high)
    var (h, m, l) = (top.high &+ (carry ? 1 : 0), middle, bottom.low)
    if h | m | l == 0 { return .zero }
    guard exponent <= 0 else {
      guard h | m == 0, exponent < powers.count else { return .most }
      let (result, overflow) = l.multipliedReportingOverflow(by: powers[exponent])
      return overflow ? .most : Worth(micros: Int64(clamping: result))
    }
    var left = -exponent
    var isExact = true
    while left > 0, h | m | l != 0 {
      let step = Swift.min(left, powers.count - 1)
      let divisor = powers[step]
      var remainder: UInt64 = 0
      (h, remainder) = divisor.dividingFullWidth((0, h))
      (m, remainder) = divisor.dividingFullWidth((remainder, m))
      (l, remainder) = divisor.dividingFullWidth((remainder, l))
      isExact = isExact && remainder == 0
      left -= step
    }
    guard h | m == 0, l < UInt64(Int64.max) else { return .most }
    return Worth(micros: Int64(l) + (up && !isExact ? 1 : 0))
  }

  /// 10^0 to 10^19, all that 64 bits hold.
  private static let powers: [UInt64] = [
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
    10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000,
    100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
    100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
  ]
}
