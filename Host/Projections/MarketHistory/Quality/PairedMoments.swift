/// Means, variances and covariance of pairs as they come, by Welford's sums.
struct PairedMoments: Sendable {
  private var count = 0.0
  private var means = (a: 0.0, b: 0.0)
  private var squares = (a: 0.0, b: 0.0)
  private var products = 0.0

  mutating func add(_ a: Double, _ b: Double) {
    count += 1
    let distance = (a: a - means.a, b: b - means.b)
    means.a += distance.a / count
    means.b += distance.b / count
    squares.a += distance.a * (a - means.a)
    squares.b += distance.b * (b - means.b)
    products += distance.a * (b - means.b)
  }

  var correlation: Double? {
    guard count >= 3, squares.a > 0, squares.b > 0 else { return nil }
    return products / (squares.a * squares.b).squareRoot()
  }
}
