import Market
import Wording

/// The summary for a terminal: pairs of name and figure, and one row for each strategy and
/// instrument.
package struct SummaryText {
  private let report: BacktestReport
  private var summary: PerformanceSummary { report.summary }

  package init(_ report: BacktestReport) { self.report = report }

  /// In two columns, a line each.
  package var figures: [String] {
    let rows = zip(left, right).map { ($0, $1) }
    let widths = [
      (left.map { $0.0.count }.max() ?? 0), (left.map { $0.1.count }.max() ?? 0),
      (right.map { $0.0.count }.max() ?? 0), (right.map { $0.1.count }.max() ?? 0),
    ]
    return rows.map { first, second in
      Self.padded(first.0, widths[0]) + "  " + Self.padded(first.1, widths[1], trailing: true)
        + "    " + Self.padded(second.0, widths[2]) + "  "
        + Self.padded(second.1, widths[3], trailing: true)
    }
  }

  /// Name, trades, win rate, profit factor, net, fees, turnover.
  package static let groupColumns = [
    "", "TRADES", "WIN RATE", "PROFIT FACTOR", "NET", "FEES", "TURNOVER",
  ]
  package var strategies: [[String]] { report.strategies.map(Self.row) }
  package var instruments: [[String]] { report.instruments.map(Self.row) }

  private static func row(_ group: GroupPerformance) -> [String] {
    [
      group.name, String(group.trades.count), NumberText.percent(group.trades.winRate),
      NumberText.decimal(group.trades.profitFactor, places: 2),
      NumberText.amount(group.trades.net, signed: true), NumberText.amount(group.execution.fees),
      NumberText.amount(group.execution.turnover),
    ]
  }

  private var left: [(String, String)] {
    let (returns, trades) = (summary.returns, summary.trades)
    return [
      ("Final equity", "\(NumberText.amount(summary.endEquity)) \(report.currency)"),
      ("Total return", NumberText.percent(summary.totalReturn, places: 2, signed: true)),
      ("Annual return", NumberText.percent(returns.annualReturn, places: 2, signed: true)),
      ("Annual volatility", NumberText.percent(returns.volatility, places: 2)),
      ("Sharpe", NumberText.decimal(returns.sharpe, places: 2)),
      ("Sortino", NumberText.decimal(returns.sortino, places: 2)),
      ("Calmar", NumberText.decimal(summary.calmar, places: 2)),
      ("Trades", String(trades.count)),
      ("Win rate", NumberText.percent(trades.winRate)),
      ("Profit factor", NumberText.decimal(trades.profitFactor, places: 2)),
      ("Expectancy", NumberText.amount(trades.expectancy, signed: true)),
    ]
  }

  private var right: [(String, String)] {
    let (execution, comparison) = (summary.execution, summary.comparison)
    return [
      ("Start equity", "\(NumberText.amount(summary.startEquity)) \(report.currency)"),
      (
        "Buy and hold",
        NumberText.percent(comparison?.statistics.totalReturn, places: 2, signed: true)
      ),
      ("Max drawdown", NumberText.percent(summary.maxDrawdown, places: 2)),
      ("Longest drawdown", NumberText.duration(summary.longestDrawdown)),
      ("Time in market", NumberText.percent(summary.timeInMarket)),
      ("Average leverage", NumberText.decimal(summary.averageLeverage, places: 2)),
      ("Beta to it", NumberText.decimal(comparison?.beta, places: 2)),
      ("Fills", String(execution.fills)),
      ("Turnover", NumberText.amount(execution.turnover)),
      ("Fees", NumberText.amount(execution.fees)),
      ("Slippage", NumberText.amount(execution.slippage)),
    ]
  }

  /// From when to when, and by which returns ratios are made.
  package var span: String {
    guard let start = summary.start, let end = summary.end else { return "no data" }
    return "\(UTCTime.text(start)) to \(UTCTime.text(end)), "
      + "\(NumberText.duration(end - start)), \(summary.returns.count) returns"
      + (summary.ruined.map { "; ruined at \(UTCTime.text($0))" } ?? "")
  }

  private static func padded(_ text: String, _ width: Int, trailing: Bool = false) -> String {
    let space = String(repeating: " ", count: Swift.max(0, width - text.count))
    return trailing ? space + text : text + space
  }
}
