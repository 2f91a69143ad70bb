import Performance
import Testing

@Suite struct OverfittingTests {
  /// The worked example of "The Sharpe Ratio Efficient Frontier": 24 months at 0.458 a month, with
  /// skew -2.448 and kurtosis 10.164, are above zero with 0.913; were they normal, with 0.982.
  @Test func theProbabilisticRatioOfThePaper() {
    let found = SharpeInference(sharpe: 0.458, count: 24, skew: -2.448, kurtosis: 10.164)
    #expect(isNear(found.probability(), 0.913, 1e-3))
    #expect(isNear(SharpeInference(sharpe: 0.458, count: 24).probability(), 0.982, 1e-3))
  }

  /// The example of "The Deflated Sharpe Ratio": 2.5 a year over 1,250 days of 250 a year, the best
  /// of 100 trials whose annual ratios have variance 1/2, skew -3, kurtosis 10: 0.9004.
  @Test func theDeflatedRatioOfThePaper() throws {
    let root = 250.0.squareRoot()
    let found = SharpeInference(sharpe: 2.5 / root, count: 1_250, skew: -3, kurtosis: 10)
    let expected = try #require(
      SharpeInference.expectedMaximum(trials: 100, variance: 0.5 / 250))
    #expect(isNear(expected, 0.1132, 1e-3))
    #expect(isNear(found.deflated(trials: 100, variance: 0.5 / 250), 0.9004, 1e-4))
  }

  @Test func aTrackRecordIsLongEnoughWhenItsProbabilitySaysSo() throws {
    let found = SharpeInference(sharpe: 0.1, count: 10, skew: -0.5, kurtosis: 6)
    let needed = try #require(found.trackRecordMin(confidence: 0.95))
    let then = SharpeInference(
      sharpe: 0.1, count: Int(needed.rounded()), skew: -0.5, kurtosis: 6)
    #expect(isNear(then.probability(), 0.95, 1e-3))
    #expect(found.trackRecordMin(above: 0.2) == nil)
  }

  @Test func oneTrialIsNotDeflated() {
    let found = SharpeInference(sharpe: 0.1, count: 500)
    #expect(found.deflated(trials: 1, variance: 0.01) == found.probability())
    #expect(SharpeInference([0.1, 0.1, 0.1]) == nil)
  }

  @Test func theNormalDistributionIsThatOfTheTables() throws {
    #expect(isNear(NormalDistribution.cumulative(1.959963984540054), 0.975, 1e-12))
    #expect(isNear(NormalDistribution.quantile(0.975), 1.959963984540054, 1e-12))
    #expect(isNear(NormalDistribution.quantile(0.99), 2.326347874040841, 1e-12))
    #expect(isNear(NormalDistribution.quantile(1e-10), -6.361340902404056, 1e-10))
    #expect(NormalDistribution.quantile(0.5) == 0 && NormalDistribution.quantile(1) == nil)
    for share in [0.001, 0.2, 0.6, 0.999_999] {
      let value = try #require(NormalDistribution.quantile(share))
      #expect(isNear(NormalDistribution.cumulative(value), share, 1e-12))
    }
  }

  /// Two blocks of two periods, two configurations, by hand: each is better where the other is
  /// worse, so the best seen is always the worst later: rank 1 of 2, share 1/3, log(1/2).
  @Test func everyChoiceIsWrongWhereFortuneTurns() throws {
    let found = try #require(
      BacktestOverfitting([[0.02, 0.03, -0.03, -0.02], [-0.03, -0.02, 0.02, 0.03]], blocks: 2))
    #expect(found.combinations == 2 && found.probability == 1 && found.probabilityOfLoss == 1)
    #expect(found.logits.allSatisfy { isNear($0, -0.693_147_180_559_945_3, 1e-12) })
  }

  @Test func skillThatLastsIsNotOverfitted() throws {
    var random = ResamplingGenerator(seed: 11)
    let trials = (0..<20).map { trial in
      (0..<320).map { _ in
        Double.random(in: -0.01...0.01, using: &random) + (trial == 7 ? 0.01 : 0)
      }
    }
    let found = try #require(BacktestOverfitting(trials))
    #expect(found.combinations == 12_870 && found.probability == 0)
    #expect(found.probabilityOfLoss == 0 && found.configurations == 20)
  }

  /// Among equals of pure luck, the best seen is anywhere later: about one half.
  @Test func luckIsOverfittedHalfTheTime() throws {
    var shares: [Double] = []
    for seed in 1...6 as ClosedRange<UInt64> {
      var random = ResamplingGenerator(seed: seed)
      let trials = (0..<30).map { _ in
        (0..<200).map { _ in Double.random(in: -0.01...0.01, using: &random) }
      }
      shares.append(try #require(BacktestOverfitting(trials, blocks: 10)).probability)
    }
    let mean = shares.reduce(0, +) / Double(shares.count)
    #expect(mean > 0.3 && mean < 0.75, "\(shares)")
  }

  @Test func whatCannotBeSplitHasNoAnswer() {
    let series = Array(repeating: 0.1, count: 40)
    #expect(BacktestOverfitting([series]) == nil)
    #expect(BacktestOverfitting([series, series], blocks: 3) == nil)
    #expect(BacktestOverfitting([series, series], blocks: 22) == nil)
    #expect(BacktestOverfitting([series, series], blocks: 40) == nil)
    #expect(BacktestOverfitting([series, Array(series.dropLast())], blocks: 2) == nil)
  }
}
