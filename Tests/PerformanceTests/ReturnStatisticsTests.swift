import Market
import Performance
import Testing

/// Six months, worked out by hand.
@Suite struct ReturnStatisticsTests {
  private let returns = [0.10, -0.05, 0.02, 0, -0.10, 0.20]

  @Test func theFiguresOfAShortCourse() {
    let statistics = ReturnStatistics(returns, periodsPerYear: 12)
    // 1.1 * 0.95 * 1.02 * 1 * 0.9 * 1.2
    #expect(isNear(statistics.totalReturn, 0.151172))
    #expect(isNear(statistics.annualReturn, 1.151172 * 1.151172 - 1))
    // The mean is 0.17 / 6; squares sum to 0.0629, less 6 times the mean's square, over five.
    let variance = (0.0629 - 0.17 * 0.17 / 6) / 5
    #expect(isNear(statistics.volatility, (variance * 12).squareRoot()))
    #expect(isNear(statistics.sharpe, 0.17 / 6 / variance.squareRoot() * 12.0.squareRoot()))
    let downside = (0.0125 / 6).squareRoot()
    #expect(isNear(statistics.sortino, 0.17 / 6 / downside * 12.0.squareRoot()))
    #expect(isNear(statistics.profitFactor, 0.32 / 0.15))
    #expect(isNear(statistics.averageWin, 0.32 / 3) && isNear(statistics.averageLoss, -0.075))
    #expect(statistics.winRate == 0.5 && statistics.winRateNonzero == 0.6)
    #expect(statistics.longestWinStreak == 1 && statistics.longestLossStreak == 1)
    // 0.05 * 5 is a quarter of the way from the lowest to the next, 0.95 * 5 three quarters.
    #expect(
      isNear(statistics.valueAtRisk95, 0.0875) && isNear(statistics.tailRatio, 0.175 / 0.0875))
    #expect(isNear(statistics.expectedShortfall95, 0.1))
  }

  @Test func theOtherConventionTakesAnnualFigures() throws {
    let statistics = ReturnStatistics(
      returns, periodsPerYear: 12, riskFree: 0.02, convention: .annual)
    let annual = try #require(statistics.annualReturn)
    let volatility = try #require(statistics.volatility)
    #expect(isNear(statistics.sharpe, (annual - 0.02) / volatility))
    // Two losses, 0.025 either side of their mean.
    let losses = (0.025 * 0.025 * 2).squareRoot() * 12.0.squareRoot()
    #expect(isNear(statistics.sortino, (annual - 0.02) / losses))
  }

  @Test func aRiskFreeRateIsTakenFromEachPeriod() throws {
    let plain = ReturnStatistics(returns, periodsPerYear: 12)
    let excess = ReturnStatistics(returns.map { $0 - 0.01 }, periodsPerYear: 12)
    let taken = ReturnStatistics(returns, periodsPerYear: 12, riskFree: 0.12)
    #expect(isNear(taken.sharpe, excess.sharpe) && plain.sharpe != taken.sharpe)
  }

  @Test func whatThereIsNotIsAbsent() {
    let none = ReturnStatistics([], periodsPerYear: 252)
    #expect(none.totalReturn == nil && none.sharpe == nil && none.winRate == nil)
    let flat = ReturnStatistics([0.1, 0.1, 0.1], periodsPerYear: 252)
    #expect(flat.sharpe == nil && flat.sortino == nil && flat.profitFactor == nil)
    #expect(flat.averageLoss == nil && flat.payoff == nil && flat.skew == nil)
    let one = ReturnStatistics([0.1], periodsPerYear: 252)
    #expect(one.volatility == nil && one.sharpe == nil && isNear(one.totalReturn, 0.1))
    let ruined = ReturnStatistics([0.1, -1, 0.5], periodsPerYear: 252)
    #expect(ruined.totalReturn == -1 && ruined.annualReturn == nil)
    let unknown = ReturnStatistics([0.1, 0.2], periodsPerYear: 0)
    #expect(unknown.sharpe == nil && unknown.totalReturn == nil)
  }

  @Test func momentsAreThoseOfTheTextbook() {
    // Deviations -2, -1, 0, 3: squares sum to 14, cubes to 18, fourth powers to 98.
    let moments = Moments([1, 2, 3, 6])
    #expect(moments.mean == 3 && isNear(moments.deviation, (14.0 / 3).squareRoot()))
    #expect(isNear(moments.populationSkew, 4.5 / (3.5 * 3.5.squareRoot())))
    #expect(isNear(moments.populationKurtosis, 24.5 / 12.25))
    #expect(isNear(moments.excessKurtosis, 3.0 / 2 * (5 * (24.5 / 12.25 - 3) + 6)))
    #expect(Moments([0.3, 0.3, 0.3]).populationSkew == nil)
  }

  @Test(arguments: [1, 2, 3, 10, 999] as [Int])
  func percentilesAreThoseOfTheSortedValues(_ count: Int) throws {
    var random = ResamplingGenerator(seed: UInt64(count))
    let values = (0..<count).map { _ in Double(Int.random(in: -20...20, using: &random)) }
    let sorted = values.sorted()
    let shares = [0, 0.05, 0.1, 0.5, 0.5, 0.77, 0.95, 1]
    let found = try #require(Percentiles.of(values, shares))
    for (share, value) in zip(shares, found) {
      let place = share * Double(count - 1)
      let (low, high) = (sorted[Int(place)], sorted[min(count - 1, Int(place) + 1)])
      #expect(value == low + (place - place.rounded(.down)) * (high - low))
    }
    var backwards = Percentiles(values)
    let (last, first) = (backwards.next(1), backwards.next(0))
    #expect(last == sorted.last && first == sorted.first)
  }

  @Test func aBenchmarkIsHeldAgainstTheSamePeriods() throws {
    let market = [0.05, -0.02, 0.01, 0.01, -0.06, 0.08]
    let doubled = market.map { 2 * $0 + 0.001 }
    let found = try #require(
      BenchmarkComparison(doubled, against: market, name: "market", periodsPerYear: 12))
    #expect(isNear(found.beta, 2) && isNear(found.alpha, 0.012, 1e-7))
    #expect(isNear(found.correlation, 1))
    let differences = Moments(market.map { $0 + 0.001 })
    let ratio = try #require(differences.deviation.map { differences.mean / $0 })
    #expect(isNear(found.informationRatio, ratio * 12.0.squareRoot(), 1e-8))
    #expect(isNear(found.maxDrawdown, 0.98 * 1.01 * 1.01 * 0.94 - 1))
    #expect(
      BenchmarkComparison([0.1], against: market, name: "market", periodsPerYear: 12) == nil)
  }

  @Test func rollingSharpeIsThatOfEachWindow() {
    var random = ResamplingGenerator(seed: 3)
    let returns = (0..<200).map { _ in Double.random(in: -0.1...0.1, using: &random) }
    let values = RollingSharpe.values(returns, window: 30, periodsPerYear: 252)
    #expect(values.count == 171)
    for (index, value) in values.enumerated() {
      let window = Array(returns[index..<index + 30])
      let sharpe = ReturnStatistics(window, periodsPerYear: 252).sharpe
      #expect(isNear(value, sharpe, 1e-8))
    }
    #expect(RollingSharpe.values([0.1, 0.1, 0.1], window: 2, periodsPerYear: 1) == [nil, nil])
  }
}
