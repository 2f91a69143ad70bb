package import Market

/// Everything one asks of a run, in one value. Absent values are nil.
///
/// Formulas, with r the returns of periods, n their count and Y the periods in a year:
/// annual return (1 + total)^(Y/n) - 1; volatility std(r) * sqrt(Y), of the sample; Sharpe
/// mean(r) / std(r) * sqrt(Y); Sortino mean(r) / sqrt(mean(min(r, 0)^2)) * sqrt(Y), over all n;
/// Calmar annual return / |max drawdown|; recovery total return / |max drawdown|; tail ratio
/// |95th percentile| / |5th|; ulcer index the root of the mean squared drawdown, in percent.
package struct PerformanceSummary: Sendable, Equatable {
  package struct Options: Sendable, Equatable {
    package var periodsPerYear = PeriodsPerYear.continuous
    /// Of a year.
    package var riskFree = 0.0
    package var convention = RatioConvention.periodic
    package var benchmarkName = "Buy and hold"

    package init() {}
  }

  package let options: Options
  package let start: Timestamp?
  package let end: Timestamp?
  package let startEquity: Double?
  package let endEquity: Double?
  /// When the account had nothing left, though the run went on. Then there are no figures of a year
  /// and no ratios: nobody trades on with what is not there.
  package let ruined: Timestamp?
  package let returns: ReturnStatistics
  package let totalReturn: Double?
  /// At the ends of periods, by which ratios are made; and of every sample that came.
  package let maxDrawdown: Double?
  package let deepestDrawdown: Double?
  package let longestDrawdown: Nanoseconds?
  package let ulcerIndex: Double?
  package let calmar: Double?
  package let recovery: Double?
  package let timeInMarket: Double?
  package let averageLeverage: Double?
  package let highestLeverage: Double?
  package let calendar: CalendarReturns
  package let comparison: BenchmarkComparison?
  package let trades: TradeTotals
  package let execution: ExecutionTotals
  /// Turnover of a year, in multiples of the mean equity.
  package let annualTurnover: Double?
  /// How likely the true Sharpe ratio is above zero.
  package let sharpeProbability: Double?
  /// Periods needed to say so with 95 % confidence.
  package let trackRecordMin: Double?

  package init(
    _ curve: EquityCurve, trades: TradeTotals = TradeTotals(),
    execution: ExecutionTotals = ExecutionTotals(), options: Options = Options()
  ) {
    let (times, equity) = (curve.times, curve.equity)
    let returns = curve.returns
    ruined = curve.ruined
    let perYear = curve.ruined == nil ? options.periodsPerYear.value(times) ?? 0 : 0
    let statistics = ReturnStatistics(
      returns, periodsPerYear: perYear, riskFree: options.riskFree,
      convention: options.convention)
    let drawdowns = Drawdowns(equity)
    self.options = options
    (start, end) = (times.first, times.last)
    (startEquity, endEquity) = (equity.first, equity.last)
    self.returns = statistics
    self.trades = trades
    self.execution = execution
    if let first = equity.first, let last = equity.last, equity.count > 1, first > 0 {
      totalReturn = (last / first - 1).ifFinite
    } else {
      totalReturn = nil
    }
    maxDrawdown =
      curve.ruined != nil ? curve.deepestDrawdown : equity.count > 1 ? drawdowns.deepest : nil
    deepestDrawdown = equity.count > 1 ? curve.deepestDrawdown : nil
    longestDrawdown = equity.count > 1 ? drawdowns.longest(times: times) : nil
    ulcerIndex = equity.count > 1 ? drawdowns.ulcerIndex : nil
    let fall = maxDrawdown?.magnitude
    calmar = statistics.annualReturn.flatMap { annual in fall.flatMap { Ratio.of(annual, $0) } }
    recovery = totalReturn.flatMap { total in fall.flatMap { Ratio.of(total, $0) } }
    timeInMarket = curve.timeInMarket
    averageLeverage = curve.averageLeverage
    highestLeverage = curve.highestLeverage
    calendar = CalendarReturns(times: times, equity: equity)
    let yearOfOthers = options.periodsPerYear.value(times) ?? 0
    comparison = curve.benchmarkReturns.flatMap {
      BenchmarkComparison(
        returns, against: $0, name: options.benchmarkName, periodsPerYear: yearOfOthers,
        riskFree: options.riskFree, convention: options.convention)
    }
    let years = Ratio.of(Double(returns.count), perYear) ?? 0
    annualTurnover = Ratio.of(execution.turnover, Moments(equity).mean * years)
    let inference = curve.ruined == nil ? SharpeInference(returns) : nil
    sharpeProbability = inference?.probability()
    trackRecordMin = inference?.trackRecordMin()
  }
}

/// The trades and fills of one strategy or one instrument.
package struct GroupPerformance: Sendable, Equatable {
  package var name: String
  package var trades: TradeTotals
  package var execution: ExecutionTotals

  package init(name: String, trades: TradeTotals, execution: ExecutionTotals) {
    self.name = name
    self.trades = trades
    self.execution = execution
  }
}
