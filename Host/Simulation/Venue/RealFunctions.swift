/// Logarithm, exponential and power from the four operations alone: the same bits on every machine,
/// which the C library does not promise. Exact to about 15 digits.
enum RealFunctions {
  private static let logarithmOfTwo = 0.693_147_180_559_945_3

  /// Of a positive number.
  static func logarithm(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return value > 0 ? .infinity : -.infinity }
    var mantissa = value.significand
    var exponent = Double(value.exponent)
    if mantissa > 1.414_213_562_373_095 {
      mantissa /= 2
      exponent += 1
    }
    // ln m = 2 artanh((m - 1) / (m + 1)), whose argument is below 0.172.
    let ratio = (mantissa - 1) / (mantissa + 1)
    let square = ratio * ratio
    var term = ratio
    var sum = 0.0
    for odd in stride(from: 1.0, through: 23.0, by: 2.0) {
      sum += term / odd
      term *= square
    }
    return exponent * logarithmOfTwo + 2 * sum
  }

  static func exponential(_ value: Double) -> Double {
    guard value > -700 else { return 0 }
    guard value < 700 else { return .infinity }
    let whole = (value / logarithmOfTwo).rounded()
    let rest = value - whole * logarithmOfTwo
    var term = 1.0
    var sum = 1.0
    for count in 1...18 {
      term *= rest / Double(count)
      sum += term
    }
    return Double(sign: .plus, exponent: Int(whole), significand: 1) * sum
  }

  /// Of a base that is not negative.
  static func power(_ base: Double, _ exponent: Double) -> Double {
    guard base > 0 else { return 0 }
    if exponent == 1 { return base }
    if exponent == 2 { return base * base }
    return exponential(exponent * logarithm(base))
  }
}
