/// A report as one HTML file that needs nothing beside it: styles, drawings and a script of a few
/// lines stand in it, and nothing is fetched. It is whole without the script.
package struct HTMLReport {
  let report: BacktestReport
  var summary: PerformanceSummary { report.summary }

  package init(_ report: BacktestReport) { self.report = report }

  package var text: String {
    var page: Markup = """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(report.title)</title>
      <style>
      \(Markup(stringLiteral: ReportStyle.css))
      </style></head><body><main>

      """
    page += header
    page += warnings
    page += tiles
    page += equity
    page += months
    page += rolling
    page += metrics
    page += trades
    page += groups
    page += simulations
    page += selection
    page += tables
    page += settings
    page += footer
    page += """
      </main><script>
      \(Markup(stringLiteral: ReportStyle.script))
      </script></body></html>

      """
    return page.text
  }

  /// In pieces, for a sink that writes them away.
  package func write(_ sink: (String) -> Void) { sink(text) }

  private var header: Markup {
    var facts = Markup()
    for fact in report.facts { facts += "<div><dt>\(fact.name)</dt><dd>\(fact.value)</dd></div>" }
    let span =
      "\(ReportTime.day(summary.start)) – \(ReportTime.day(summary.end)) UTC"
    let subtitle = report.subtitle.isEmpty ? span : "\(report.subtitle) · \(span)"
    return """
      <header><div><h1>\(report.title)</h1><p>\(subtitle)</p></div>\
      <dl class="facts">\(facts)</dl></header>

      """
  }

  private var warnings: Markup {
    let found = report.findings
    guard !found.isEmpty else { return "" }
    let sorted = found.filter { $0.weight == .serious } + found.filter { $0.weight == .notice }
    var list = Markup()
    for warning in sorted {
      list += "<li class=\"\(warning.weight.rawValue)\"><b>"
      list += "\(warning.weight == .serious ? "Warning" : "Note")</b>\(warning.text)</li>"
    }
    return "<ul class=\"warnings\">\(list)</ul>\n"
  }

  private var tiles: Markup {
    let returns = summary.returns
    let trades = summary.trades
    let held = summary.comparison?.statistics.totalReturn
    func percent(_ value: Double?) -> String { NumberText.percent(value, signed: true) }
    func ratio(_ value: Double?) -> String { NumberText.decimal(value, places: 2) }
    var tiles: [(String, String, Double?, String)] = [
      (
        "Total return", percent(summary.totalReturn), summary.totalReturn,
        held.map { "held \(percent($0))" } ?? ""
      ),
      (
        "Annual return", percent(returns.annualReturn), returns.annualReturn,
        "volatility \(NumberText.percent(returns.volatility))"
      ),
      (
        "Sharpe", ratio(returns.sharpe), nil,
        summary.sharpeProbability.map { "above 0: \(NumberText.percent($0))" } ?? ""
      ),
      ("Sortino", ratio(returns.sortino), nil, "Calmar \(ratio(summary.calmar))"),
      (
        "Max drawdown", NumberText.percent(summary.maxDrawdown), summary.maxDrawdown,
        "longest \(NumberText.duration(summary.longestDrawdown))"
      ),
    ]
    if let count = report.tradesCounted {
      tiles.append(("Trades", NumberText.decimal(Double(count), places: 0), nil, ""))
    }
    if report.knowsTrades {
      tiles += [
        (
          "Profit factor", ratio(trades.profitFactor), nil,
          "payoff \(ratio(trades.payoff))"
        ),
        (
          "Win rate", NumberText.percent(trades.winRate), nil,
          "\(NumberText.decimal(Double(trades.count), places: 0)) trades"
        ),
        (
          "In the market", NumberText.percent(summary.timeInMarket), nil,
          "turnover \(Self.turnover(summary.annualTurnover))×/yr"
        ),
      ]
    }
    var markup: Markup = "<div class=\"tiles\" style=\"--tiles:\(tiles.count)\">"
    for (name, value, sign, more) in tiles {
      let kind = sign.map { $0 > 0 ? "gain" : $0 < 0 ? "loss" : "" } ?? ""
      markup += "<div class=\"tile\"><span>\(name)</span>"
      markup += "<strong class=\"\(kind)\">\(value)</strong><small>\(more)</small></div>"
    }
    markup += "</div>\n"
    return markup
  }

  private var settings: Markup {
    guard !report.costs.isEmpty || !report.settings.isEmpty else { return "" }
    var markup: Markup = "<div class=\"pair\">"
    for (title, facts) in [("Costs and fills", report.costs), ("Settings", report.settings)]
    where !facts.isEmpty {
      markup += "<section><h2>\(title)</h2>"
      markup += Self.table(facts.map { ($0.name, $0.value) })
      markup += "</section>"
    }
    markup += "</div>\n"
    return markup
  }

  private var footer: Markup {
    let returns = summary.returns
    let rate = NumberText.percent(returns.riskFree, places: 2)
    let convention: String
    switch returns.convention {
    case .periodic:
      convention =
        "Sharpe: mean over sample deviation of period returns, times the root of the periods in a "
        + "year. Sortino: the same over the root mean square of losses, of all periods."
    case .annual:
      convention =
        "Sharpe: annual return less the risk-free rate, over annual volatility. Sortino: the same "
        + "over the sample deviation of negative returns."
    }
    return """
      <footer><p>\(NumberText.plain(returns.periodsPerYear, places: 1)) periods a year, \
      risk-free rate \(rate). \(convention) \
      Drawdown, best and worst are of period ends unless said otherwise. Times are UTC.</p>\
      <p>Made by keel. A backtest shows what would have been, under the assumptions above; live \
      results are usually worse.</p></footer>

      """
  }

  static func table(_ rows: [(String, String)], title: String? = nil) -> Markup {
    var markup: Markup = "<table class=\"facts\">"
    if let title { markup += "<caption>\(title)</caption>" }
    markup += "<tbody>"
    for (name, value) in rows { markup += "<tr><td>\(name)</td><td>\(value)</td></tr>" }
    markup += "</tbody></table>"
    return markup
  }

  static func sign(_ value: Double?) -> String {
    value.map { $0 > 0 ? "gain" : $0 < 0 ? "loss" : "" } ?? ""
  }

  private static func turnover(_ value: Double?) -> String {
    NumberText.decimal(value, places: value ?? 0 < 100 ? 1 : 0)
  }
}
