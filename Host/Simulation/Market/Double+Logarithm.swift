extension Double {
  /// The natural logarithm of a number above zero, by arithmetic alone: the system's may differ in
  /// its last bit from machine to machine, and an invented market is the same on all of them.
  var pureLogarithm: Double {
    precondition(self > 0 && isFinite, "a logarithm is of a number above zero")
    var whole = Double(exponent)
    var part = significand
    if part > 1.4142135623730951 {
      part /= 2
      whole += 1
    }
    // 2 artanh(s), where |s| < 0.172: the ninth term is below the last bit.
    let s = (part - 1) / (part + 1)
    let square = s * s
    var sum = 0.0
    for odd in stride(from: 19.0, through: 1, by: -2) { sum = sum * square + 1 / odd }
    return whole * 0.6931471805599453 + 2 * s * sum
  }
}
