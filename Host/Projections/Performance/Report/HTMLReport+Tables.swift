import Market

/// The figures in columns, and who earned them.
extension HTMLReport {
  private func percent(_ value: Double?, places: Int = 2, signed: Bool = false) -> String {
    NumberText.percent(value, places: places, signed: signed)
  }
  private func ratio(_ value: Double?) -> String { NumberText.decimal(value, places: 2) }
  private func amount(_ value: Double?) -> String { NumberText.amount(value) }
  private func pair(_ a: Double?, _ b: Double?) -> String {
    "\(percent(a, places: 1)) / \(percent(b, places: 1))"
  }

  var metrics: Markup {
    var markup: Markup = "<section><h2>Key figures</h2><div class=\"columns\">"
    markup += Self.table(returnRows, title: "Return")
    markup += Self.table(riskRows, title: "Risk")
    if report.knowsTrades {
      markup += Self.table(tradeRows, title: "Trades")
      markup += Self.table(
        comparisonRows,
        title: summary.comparison.map { "Against \($0.name.lowercased())" }
          ?? "Execution")
    }
    markup += "</div></section>\n"
    return markup
  }

  private var returnRows: [(String, String)] {
    let returns = summary.returns
    let best = summary.calendar.bestMonth?.value
    let worst = summary.calendar.worstMonth?.value
    return [
      ("Start", amount(summary.startEquity)), ("End", amount(summary.endEquity)),
      ("Total return", percent(summary.totalReturn)),
      ("Annual return", percent(returns.annualReturn)),
      ("Mean of a period", percent(returns.expectancy, places: 3)),
      ("Best / worst period", pair(returns.best, returns.worst)),
      ("Best / worst day", pair(summary.calendar.bestDay, summary.calendar.worstDay)),
      ("Best / worst month", pair(best, worst)),
      ("Periods won", percent(returns.winRate, places: 1)),
      ("Their profit factor", ratio(returns.profitFactor)),
    ]
  }

  private var riskRows: [(String, String)] {
    let returns = summary.returns
    return [
      ("Volatility", percent(returns.volatility)), ("Sharpe", ratio(returns.sharpe)),
      ("Sortino", ratio(returns.sortino)), ("Calmar", ratio(summary.calmar)),
      ("Max drawdown", percent(summary.maxDrawdown)),
      ("Ulcer index", NumberText.decimal(summary.ulcerIndex, places: 2)),
      ("Recovery factor", ratio(summary.recovery)), ("Tail ratio", ratio(returns.tailRatio)),
      ("VaR / ES 95 %, a period", pair(returns.valueAtRisk95, returns.expectedShortfall95)),
      ("Skew / excess kurtosis", "\(ratio(returns.skew)) / \(ratio(returns.excessKurtosis))"),
      ("Record needed, periods", NumberText.decimal(summary.trackRecordMin, places: 0)),
    ]
  }

  private var tradeRows: [(String, String)] {
    let trades = summary.trades
    return [
      ("Closed trades", NumberText.decimal(Double(trades.count), places: 0)),
      ("Long / short", "\(trades.longs) / \(trades.shorts)"),
      ("Win rate", percent(trades.winRate, places: 1)),
      ("Profit factor", ratio(trades.profitFactor)),
      ("Expectancy", amount(trades.expectancy)),
      ("Average return", percent(trades.averageReturn)),
      ("Mean win / loss", "\(amount(trades.averageWin)) / \(amount(trades.averageLoss))"),
      ("Payoff", ratio(trades.payoff)),
      ("Best / worst", "\(amount(trades.best)) / \(amount(trades.worst))"),
      (
        "Longest streaks",
        "\(trades.longestWinStreak) won / \(trades.longestLossStreak) lost"
      ),
      (
        "Held, mean / max",
        "\(NumberText.duration(trades.averageHeld)) / \(NumberText.duration(trades.longestHeld))"
      ),
      ("Excursion against / for", pair(trades.averageAdverse, trades.averageFavourable)),
    ]
  }

  private var comparisonRows: [(String, String)] {
    var rows: [(String, String)] = []
    if let other = summary.comparison {
      rows += [
        ("Its total return", percent(other.statistics.totalReturn)),
        ("Its Sharpe", ratio(other.statistics.sharpe)),
        ("Its max drawdown", percent(other.maxDrawdown)),
        ("Alpha, annual", percent(other.alpha)), ("Beta", ratio(other.beta)),
        ("Correlation", ratio(other.correlation)),
        ("Information ratio", ratio(other.informationRatio)),
      ]
    }
    let execution = summary.execution
    return rows + [
      ("Fills", NumberText.decimal(Double(execution.fills), places: 0)),
      ("Turnover", amount(execution.turnover)),
      ("Fees", "\(amount(execution.fees)) (\(basisPoints(execution.feeRate)))"),
      (
        "Slippage to mid",
        execution.measuredTurnover > 0
          ? "\(amount(execution.slippage)) (\(basisPoints(execution.slippageRate)))"
          : "not measured"
      ),
      ("Filled as maker", percent(execution.makerShare, places: 1)),
    ]
  }

  private func basisPoints(_ value: Double?) -> String {
    "\(NumberText.decimal(value.map { $0 * 10_000 }, places: 1)) bp"
  }

  var groups: Markup {
    var markup = Markup()
    for (title, groups) in [
      ("By strategy", report.strategies), ("By instrument", report.instruments),
    ] where !groups.isEmpty {
      markup += "<section class=\"long\"><h2>\(title)</h2><div class=\"scroll\">"
      markup += groupTable(groups)
      markup += "</div></section>\n"
    }
    return markup
  }

  private func groupTable(_ groups: [GroupPerformance]) -> Markup {
    var markup: Markup = """
      <table><thead><tr><th>Name</th><th>Net profit</th><th>Gross</th><th>Fees</th>\
      <th>Trades</th><th>Win rate</th><th>Profit factor</th><th>Expectancy</th>\
      <th>Avg. return</th><th>Turnover</th><th>Slippage</th></tr></thead><tbody>
      """
    for group in groups {
      let (trades, execution) = (group.trades, group.execution)
      let cells = [
        amount(trades.gross), amount(execution.fees), "\(trades.count)",
        percent(trades.winRate, places: 1), ratio(trades.profitFactor),
        amount(trades.expectancy), percent(trades.averageReturn), amount(execution.turnover),
        execution.measuredTurnover > 0 ? basisPoints(execution.slippageRate) : NumberText.absent,
      ]
      markup += "<tr><td class=\"name\">\(group.name)</td>"
      markup +=
        "<td class=\"\(Self.sign(trades.net))\">\(NumberText.amount(trades.net, signed: true))"
      markup += "</td>"
      for cell in cells { markup += "<td>\(cell)</td>" }
      markup += "</tr>"
    }
    markup += "</tbody></table>"
    return markup
  }

  var selection: Markup {
    guard report.selection != nil || report.sweep != nil || !report.walkForward.isEmpty else {
      return ""
    }
    var markup: Markup = "<section class=\"long\"><h2>Selection and robustness</h2>"
    if let selection = report.selection {
      var rows = [
        ("Configurations tried", NumberText.decimal(Double(selection.trials), places: 0)),
        (
          "Deflated Sharpe ratio (likelihood of skill)",
          percent(selection.deflatedSharpe, places: 1)
        ),
      ]
      if let found = selection.overfitting {
        rows += [
          ("Probability of backtest overfitting", percent(found.probability, places: 1)),
          ("Chosen lost money out of sample", percent(found.probabilityOfLoss, places: 1)),
          ("Slope of later over seen Sharpe", ratio(found.degradation)),
          (
            "Combinations of \(found.blocks) blocks",
            NumberText.decimal(Double(found.combinations), places: 0)
          ),
        ]
      }
      markup += Self.table(rows)
    }
    if let sweep = report.sweep {
      markup += "<p><b>\(sweep.metric)</b> by \(sweep.rowName) and \(sweep.columnName)</p>"
      markup += "<div class=\"scroll\">\(Markup(stringLiteral: sweep.svg))</div>"
    }
    if !report.walkForward.isEmpty {
      let plot = WalkForwardPlot.svg(report.walkForward, metric: report.walkForwardMetric)
      markup += "<p><b>Walk forward</b></p>"
      markup += "<div class=\"scroll\">\(Markup(stringLiteral: plot))</div>"
    }
    markup += "</section>\n"
    return markup
  }
}
