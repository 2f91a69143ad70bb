/// Division that answers nil where there is no number to answer.
enum Ratio {
  static func of(_ numerator: Double, _ denominator: Double) -> Double? {
    guard denominator != 0 else { return nil }
    return (numerator / denominator).ifFinite
  }
}

extension Double {
  /// nil for what no report can show.
  var ifFinite: Double? { isFinite ? self : nil }
}
