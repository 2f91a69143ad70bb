/// Powers of ten and the one place where fixed-point numbers are rounded: half to even.
public enum FixedPoint {
  /// 10^exponent for 0...38, the range of `Int128`; nil beyond it.
  public static func powerOfTen(_ exponent: Int) -> Int128? {
    guard exponent >= 0, exponent <= 38 else { return nil }
    var power: Int128 = 1
    for _ in 0..<exponent { power *= 10 }
    return power
  }

  /// The same value counted in 10^target instead of 10^source; nil when it does not fit.
  public static func rescale(_ mantissa: Int128, from source: Int, to target: Int) -> Int128? {
    if source == target { return mantissa }
    if source > target {
      guard let factor = powerOfTen(source - target) else { return mantissa == 0 ? 0 : nil }
      let (product, overflow) = mantissa.multipliedReportingOverflow(by: factor)
      return overflow ? nil : product
    }
    guard let divisor = powerOfTen(target - source) else { return 0 }
    return divideHalfToEven(mantissa, by: divisor)
  }

  /// `divisor` must be positive.
  public static func divideHalfToEven(_ dividend: Int128, by divisor: Int128) -> Int128 {
    precondition(divisor > 0, "rounding divides by a positive number")
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
    let distance = remainder.magnitude
    let other = divisor.magnitude - distance
    let roundsAway = distance > other || (distance == other && quotient % 2 != 0)
    return roundsAway ? quotient + (dividend < 0 ? -1 : 1) : quotient
  }

  /// The largest multiple of `step` that is not above `value`.
  public static func floor(_ value: Int64, toMultipleOf step: Int64) -> Int64 {
    precondition(step > 0, "a step is positive")
    let remainder = value % step
    return remainder < 0 ? value - remainder - step : value - remainder
  }
}
