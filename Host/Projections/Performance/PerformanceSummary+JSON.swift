package import JSON
import Market
import Wording

extension PerformanceSummary {
  /// The keys that other tools expect, in their usual spelling, and everything else beside them.
  package var json: JSONValue {
    .object(
      [
        ("start", start.map { .string(UTCTime.text($0)) } ?? .null),
        ("end", end.map { .string(UTCTime.text($0)) } ?? .null),
        ("ruined", ruined.map { .string(UTCTime.text($0)) } ?? .null),
        ("start_equity", .number(startEquity)), ("end_equity", .number(endEquity)),
        ("total_return", .number(totalReturn)), ("max_drawdown", .number(maxDrawdown)),
        ("max_drawdown_of_all_samples", .number(deepestDrawdown)),
        ("longest_drawdown_seconds", .number(longestDrawdown.map { Double($0.count) / 1e9 })),
        ("ulcer_index", .number(ulcerIndex)), ("calmar_ratio", .number(calmar)),
        ("recovery_factor", .number(recovery)), ("time_in_market", .number(timeInMarket)),
        ("average_leverage", .number(averageLeverage)),
        ("highest_leverage", .number(highestLeverage)),
        ("best_day", .number(calendar.bestDay)), ("worst_day", .number(calendar.worstDay)),
        ("best_month", .number(calendar.bestMonth?.value)),
        ("worst_month", .number(calendar.worstMonth?.value)),
        ("annual_turnover", .number(annualTurnover)),
        ("probabilistic_sharpe_ratio", .number(sharpeProbability)),
        ("track_record_min_periods", .number(trackRecordMin)),
        ("total_trades", .integer(trades.count)),
      ] + returns.members + [
        ("trades", trades.json), ("execution", execution.json),
        ("benchmark", comparison?.json ?? .null),
      ])
  }
}

extension ReturnStatistics {
  /// Without the total return, which equity itself tells better.
  var members: [(String, JSONValue)] {
    [
      ("periods", .integer(count)), ("periods_per_year", .double(periodsPerYear)),
      ("risk_free_rate", .double(riskFree)), ("annual_return", .number(annualReturn)),
      ("annual_volatility", .number(volatility)), ("sharpe_ratio", .number(sharpe)),
      ("sortino_ratio", .number(sortino)),
      ("downside_deviation", .number(downsideDeviation)), ("win_rate", .number(winRate)),
      ("win_rate_nonzero", .number(winRateNonzero)), ("profit_factor", .number(profitFactor)),
      ("expectancy", .number(expectancy)), ("payoff_ratio", .number(payoff)),
      ("average_win", .number(averageWin)), ("average_loss", .number(averageLoss)),
      ("best_period", .number(best)), ("worst_period", .number(worst)),
      ("longest_win_streak", .integer(longestWinStreak)),
      ("longest_loss_streak", .integer(longestLossStreak)), ("tail_ratio", .number(tailRatio)),
      ("value_at_risk_95", .number(valueAtRisk95)),
      ("expected_shortfall_95", .number(expectedShortfall95)), ("skew", .number(skew)),
      ("excess_kurtosis", .number(excessKurtosis)),
    ]
  }
}

extension TradeTotals {
  var json: JSONValue {
    .object([
      ("count", .integer(count)), ("longs", .integer(longs)), ("shorts", .integer(shorts)),
      ("net", .double(net)), ("gross", .double(gross)), ("fees", .double(fees)),
      ("funding", .double(funding)), ("win_rate", .number(winRate)),
      ("profit_factor", .number(profitFactor)), ("expectancy", .number(expectancy)),
      ("average_win", .number(averageWin)), ("average_loss", .number(averageLoss)),
      ("payoff_ratio", .number(payoff)), ("average_return", .number(averageReturn)),
      ("best", .number(best)), ("worst", .number(worst)),
      ("longest_win_streak", .integer(longestWinStreak)),
      ("longest_loss_streak", .integer(longestLossStreak)),
      ("average_held_seconds", .number(averageHeld.map { Double($0.count) / 1e9 })),
      ("average_adverse", .number(averageAdverse)),
      ("average_favourable", .number(averageFavourable)), ("unrated", .integer(unrated)),
    ])
  }
}

extension ExecutionTotals {
  var json: JSONValue {
    .object([
      ("fills", .integer(fills)), ("turnover", .double(turnover)), ("fees", .double(fees)),
      ("slippage", measuredTurnover > 0 ? .double(slippage) : .null),
      ("slippage_rate", .number(slippageRate)), ("fee_rate", .number(feeRate)),
      ("maker_share", .number(makerShare)), ("unrated", .integer(unrated)),
    ])
  }
}

extension BenchmarkComparison {
  var json: JSONValue {
    .object([
      ("name", .string(name)), ("total_return", .number(statistics.totalReturn)),
      ("annual_return", .number(statistics.annualReturn)),
      ("annual_volatility", .number(statistics.volatility)),
      ("sharpe_ratio", .number(statistics.sharpe)), ("max_drawdown", .number(maxDrawdown)),
      ("alpha", .number(alpha)), ("beta", .number(beta)), ("correlation", .number(correlation)),
      ("tracking_error", .number(trackingError)),
      ("information_ratio", .number(informationRatio)),
      ("excess_return", .number(excessReturn)),
    ])
  }
}

extension GroupPerformance {
  var json: JSONValue {
    .object([
      ("name", .string(name)), ("trades", trades.json), ("execution", execution.json),
    ])
  }
}
