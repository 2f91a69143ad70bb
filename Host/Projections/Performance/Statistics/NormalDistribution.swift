import Glibc

/// The standard normal distribution.
package enum NormalDistribution {
  /// The share of it below `value`.
  package static func cumulative(_ value: Double) -> Double {
    0.5 * erfc(-value / 2.0.squareRoot())
  }

  /// The value below which `share` of it lies; nil outside (0, 1).
  ///
  /// A rough start for the tail, and from there Newton's method with a second-order correction
  /// (Halley's) on the cumulative distribution itself: a few steps reach what a double can hold.
  package static func quantile(_ share: Double) -> Double? {
    guard share > 0, share < 1 else { return nil }
    guard share != 0.5 else { return 0 }
    let tail = Swift.min(share, 1 - share)
    let sign: Double = share < 0.5 ? -1 : 1
    var value = (-2 * log(tail)).squareRoot()
    value = Swift.max(0, value - (log(value + 1) + 0.9) / (value + 0.6))
    for _ in 0..<60 {
      // In the tail, where the distribution is small and its difference to the aim exact.
      let density = exp(-value * value / 2) / (2 * Double.pi).squareRoot()
      guard density > 0 else { break }
      let step = (cumulative(-value) - tail) / density
      let change = step / (1 + value * step / 2)
      value += change
      if change.magnitude <= 1e-15 * Swift.max(1, value) { break }
    }
    return sign * value
  }
}
