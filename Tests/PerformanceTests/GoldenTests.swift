import Foundation
import JSON
import Market
import Performance
import Testing

/// Figures that other programs computed from real prices, to nine digits. Skipped where the data
/// is not: it is no part of the package.
@Suite(.enabled(if: GoldenData.isPresent, Comment(rawValue: GoldenData.absence)))
struct GoldenTests {
  private func curve(_ data: GoldenData) -> EquityCurve {
    var curve = EquityCurve(period: .everySample)
    for (time, close) in zip(data.times, data.closes) {
      curve.add(
        EquitySample(
          time: Timestamp(nanoseconds: time), equity: close / data.closes[0], gross: 1, net: 1,
          benchmark: close))
    }
    return curve
  }

  private func summary(_ data: GoldenData) -> PerformanceSummary {
    var options = PerformanceSummary.Options()
    options.periodsPerYear = .stated(data.periodsPerYear)
    return PerformanceSummary(curve(data), options: options)
  }

  @Test(arguments: GoldenData.names)
  func buyAndHoldIsAsComputedElsewhere(_ name: String) throws {
    let data = try GoldenData(name)
    let summary = summary(data)
    let returns = summary.returns
    let drawdowns = Drawdowns(data.closes)
    let group = "performance_buy_and_hold"
    let expected: [(String, Double?)] = [
      ("total_return", summary.totalReturn), ("annual_return_cagr", returns.annualReturn),
      ("annual_volatility", returns.volatility), ("sharpe", returns.sharpe),
      ("sortino", returns.sortino), ("downside_deviation_annual", returns.downsideDeviation),
      ("max_drawdown", summary.maxDrawdown), ("calmar", summary.calmar),
      ("max_drawdown_end_index", drawdowns.troughIndex.map(Double.init)),
      ("max_drawdown_peak_index", drawdowns.peakIndex.map(Double.init)),
      ("win_rate", returns.winRate), ("win_rate_nonzero", returns.winRateNonzero),
      ("profit_factor", returns.profitFactor), ("avg_win", returns.averageWin),
      ("avg_loss", returns.averageLoss), ("payoff_ratio", returns.payoff),
      ("expectancy", returns.expectancy), ("best", returns.best), ("worst", returns.worst),
      ("tail_ratio", returns.tailRatio), ("ulcer_index_pct", summary.ulcerIndex),
      ("recovery_factor", summary.recovery),
    ]
    for (key, value) in expected {
      let golden = try data.value(group, key)
      #expect(isNear(value, golden), "\(name) \(key): \(String(describing: value)), not \(golden)")
    }
  }

  @Test(arguments: GoldenData.names)
  func momentsAndTailsAreAsComputedElsewhere(_ name: String) throws {
    let data = try GoldenData(name)
    let returns = EquityCurve.returns(data.closes)
    let moments = Moments(returns)
    let statistics = ReturnStatistics(returns, periodsPerYear: data.periodsPerYear)
    let shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]
    let percentiles = try #require(Percentiles.of(returns, shares))
    var expected: [(String, Double?)] = [
      ("mean", moments.mean), ("std_ddof1", moments.deviation),
      ("std_ddof0", moments.populationDeviation), ("skew_biased", moments.populationSkew),
      ("skew_unbiased", statistics.skew),
      ("excess_kurt_biased", moments.populationKurtosis.map { $0 - 3 }),
      ("excess_kurt_unbiased", statistics.excessKurtosis),
    ]
    for (key, value) in zip(["p1", "p5", "p25", "p50", "p75", "p95", "p99"], percentiles) {
      expected.append((key, value))
    }
    for (key, value) in expected {
      let golden = try data.value("returns_describe", key)
      #expect(isNear(value, golden, 1e-8), "\(name) \(key): \(String(describing: value))")
    }
    let risk = try #require(data.entry["var_es_losses_positive"]?["0.95"])
    let risk95 = try #require(risk["historical_var"]?.double)
    let shortfall95 = try #require(risk["historical_es"]?.double)
    #expect(isNear(statistics.valueAtRisk95, risk95))
    #expect(isNear(statistics.expectedShortfall95, shortfall95))
  }

  @Test(arguments: GoldenData.names)
  func aCrossoverStrategyIsAsComputedElsewhere(_ name: String) throws {
    let data = try GoldenData(name)
    let positions = data.positions
    let returns = (0..<data.closes.count - 1).map { index in
      positions[index] ? data.closes[index + 1] / data.closes[index] - 1 : 0
    }
    let statistics = ReturnStatistics(returns, periodsPerYear: data.periodsPerYear)
    let equity = returns.reduce(into: [1.0]) { $0.append($0[$0.count - 1] * (1 + $1)) }
    let group = "strategy_sma10_20_long_flat"
    let expected: [(String, Double?)] = [
      ("total_return", statistics.totalReturn), ("sharpe", statistics.sharpe),
      ("sortino", statistics.sortino), ("max_drawdown", Drawdowns(equity).deepest),
    ]
    for (key, value) in expected {
      let golden = try data.value(group, key)
      #expect(isNear(value, golden), "\(name) \(key)")
    }
  }

  /// The same trades from fills, through the ledger: counted in whole numbers.
  @Test(arguments: GoldenData.names)
  func theLedgerFindsTheSameTrades(_ name: String) throws {
    let data = try GoldenData(name)
    var scenario = LedgerScenario(priceExponent: -8, barLength: nil)
    var indices: [(entry: Int, exit: Int)] = []
    var isLong = false
    for (index, wanted) in data.positions.enumerated() {
      let mustBe = wanted && index + 1 < data.closes.count
      guard mustBe != isLong else { continue }
      isLong = mustBe
      scenario.time = data.times[index]
      scenario.fill(
        mustBe ? "buy 1 @ \(data.closeTexts[index])" : "sell 1 @ \(data.closeTexts[index])")
      if mustBe { indices.append((index, 0)) } else { indices[indices.count - 1].exit = index }
    }
    let trades = scenario.ledger.trades
    let group = try #require(data.entry["strategy_sma10_20_long_flat"])
    #expect(trades.count == Int(try #require(group["n_trades"]?.integer)))
    let returned = try trades.map { try #require($0.returned) }
    for (index, golden) in (group["first_trades"]?.elements ?? []).enumerated() {
      #expect(indices[index].entry == Int(golden["entry_index"]?.integer ?? -1))
      #expect(indices[index].exit == Int(golden["exit_index"]?.integer ?? -1))
      #expect(isNear(returned[index], golden["ret"]?.double), "\(name), trade \(index)")
    }
    let totals = scenario.ledger.totals
    #expect(isNear(totals.averageReturn, group["avg_trade"]?.double))
    #expect(isNear(totals.winRate, group["win_rate"]?.double))
    let byReturn = ReturnStatistics(returned, periodsPerYear: 1)
    #expect(isNear(byReturn.profitFactor, group["profit_factor"]?.double))
  }
}
