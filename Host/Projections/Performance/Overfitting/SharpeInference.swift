import Glibc

/// How much a Sharpe ratio is worth, given how long it was observed, how far from normal the
/// returns are, and how many others were tried (Bailey and López de Prado, 2012 and 2014). All
/// ratios here are of one period, not of a year.
package struct SharpeInference: Sendable, Equatable {
  package let sharpe: Double
  package let count: Int
  /// Of the population; 0 and 3 are those of a normal distribution.
  package let skew: Double
  package let kurtosis: Double

  package init(sharpe: Double, count: Int, skew: Double = 0, kurtosis: Double = 3) {
    self.sharpe = sharpe
    self.count = count
    self.skew = skew
    self.kurtosis = kurtosis
  }

  /// nil for returns that do not vary.
  package init?(_ returns: [Double]) {
    let moments = Moments(returns)
    guard let deviation = moments.deviation, moments.varies,
      let skew = moments.populationSkew, let kurtosis = moments.populationKurtosis,
      let sharpe = Ratio.of(moments.mean, deviation)
    else { return nil }
    self.init(sharpe: sharpe, count: returns.count, skew: skew, kurtosis: kurtosis)
  }

  /// The variance of the estimate, times one less than the count.
  private var spread: Double? {
    let value = 1 - skew * sharpe + (kurtosis - 1) / 4 * sharpe * sharpe
    return value > 0 ? value.ifFinite : nil
  }

  /// How likely the true ratio is above `benchmark`.
  package func probability(above benchmark: Double = 0) -> Double? {
    guard count > 1, let spread else { return nil }
    let distance = (sharpe - benchmark) * Double(count - 1).squareRoot() / spread.squareRoot()
    return NormalDistribution.cumulative(distance).ifFinite
  }

  /// How many periods it takes until the true ratio is above `benchmark` with that confidence;
  /// nil where the observed one is not above it.
  package func trackRecordMin(above benchmark: Double = 0, confidence: Double = 0.95) -> Double? {
    guard sharpe > benchmark, let spread,
      let quantile = NormalDistribution.quantile(confidence)
    else { return nil }
    let ratio = quantile / (sharpe - benchmark)
    return (1 + spread * ratio * ratio).ifFinite
  }

  /// The best ratio to be expected of that many independent trials without any skill, where the
  /// ratios of trials have this variance.
  package static func expectedMaximum(trials: Int, variance: Double) -> Double? {
    guard trials > 0, variance >= 0 else { return nil }
    // The maximum of one is its mean.
    guard trials > 1 else { return 0 }
    let euler = 0.577_215_664_901_532_9
    let n = Double(trials)
    guard let first = NormalDistribution.quantile(1 - 1 / n),
      let second = NormalDistribution.quantile(1 - 1 / (n * exp(1)))
    else { return nil }
    return (variance.squareRoot() * ((1 - euler) * first + euler * second)).ifFinite
  }

  /// The deflated Sharpe ratio: how likely the true ratio is above what the best of that many
  /// trials without skill would show.
  package func deflated(trials: Int, variance: Double) -> Double? {
    Self.expectedMaximum(trials: trials, variance: variance).flatMap { probability(above: $0) }
  }

  /// The same, with the variance taken from the ratios of all trials, this one among them.
  package func deflated(trials sharpes: [Double]) -> Double? {
    guard let deviation = Moments(sharpes).deviation else { return nil }
    return deflated(trials: sharpes.count, variance: deviation * deviation)
  }
}
