import Glibc

/// Returns held against those of another course of the same periods, such as buy and hold.
package struct BenchmarkComparison: Sendable, Equatable {
  package let name: String
  package let statistics: ReturnStatistics
  package private(set) var maxDrawdown: Double?
  /// Of a year: what is left of the mean return when beta times the benchmark's is taken away.
  package private(set) var alpha: Double?
  package private(set) var beta: Double?
  package private(set) var correlation: Double?
  package private(set) var trackingError: Double?
  /// The mean difference of returns over its deviation, of a year.
  package private(set) var informationRatio: Double?
  /// Total return less the benchmark's.
  package private(set) var excessReturn: Double?

  /// Both series must be of the same periods; nil where they are not.
  package init?(
    _ returns: [Double], against benchmark: [Double], name: String, periodsPerYear: Double,
    riskFree: Double = 0, convention: RatioConvention = .periodic
  ) {
    guard returns.count == benchmark.count, returns.count > 1, periodsPerYear > 0 else {
      return nil
    }
    self.name = name
    statistics = ReturnStatistics(
      benchmark, periodsPerYear: periodsPerYear, riskFree: riskFree, convention: convention)
    maxDrawdown = Drawdowns(returns: benchmark).deepest
    let own = Moments(returns)
    let other = statistics.moments
    var products = 0.0
    for (a, b) in zip(returns, benchmark) { products += (a - own.mean) * (b - other.mean) }
    let perPeriod = riskFree / periodsPerYear
    if other.varies {
      beta = Ratio.of(products, other.second)
      alpha =
        beta.map {
          (own.mean - perPeriod - $0 * (other.mean - perPeriod)) * periodsPerYear
        }?.ifFinite
      if own.varies {
        correlation = Ratio.of(products, (own.second * other.second).squareRoot())
      }
    }
    let differences = Moments(zip(returns, benchmark).map { $0 - $1 })
    let root = periodsPerYear.squareRoot()
    trackingError = differences.deviation.map { $0 * root }?.ifFinite
    if differences.varies, let deviation = differences.deviation {
      informationRatio = Ratio.of(differences.mean, deviation).map { $0 * root }
    }
    let total = ReturnStatistics(returns, periodsPerYear: periodsPerYear).totalReturn
    if let total, let held = statistics.totalReturn { excessReturn = total - held }
  }
}
