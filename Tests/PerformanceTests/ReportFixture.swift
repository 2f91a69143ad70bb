import JSON
import Market
import Performance
import PluginBridge

/// A report with every part, made of seeded numbers and names that would be tags.
enum ReportFixture {
  static let hostile = "<script>alert(\"x\")</script> & 'co' \u{0} ]]>"

  static func report(days: Int = 500, trades: Int = 60, name: String = hostile) -> BacktestReport {
    var random = ResamplingGenerator(seed: 9)
    var curve = EquityCurve(period: .day)
    var (equity, price) = (100_000.0, 100.0)
    for day in 0..<days {
      let time = Timestamp(nanoseconds: 1_600_000_000_000_000_000 + Int64(day) * 86_400_000_000_000)
      curve.add(
        EquitySample(
          time: time, equity: equity, gross: equity * 0.8, net: equity * 0.5, cash: equity * 0.2,
          benchmark: price))
      equity *= 1 + Double.random(in: -0.02...0.021, using: &random)
      price *= 1 + Double.random(in: -0.03...0.031, using: &random)
    }
    var scenario = LedgerScenario()
    for _ in 0..<trades {
      let entry = Int.random(in: 90...110, using: &random)
      scenario.fill("buy 1 @ \(entry) fee 0.1 mid \(entry)")
      scenario.fill("sell 1 @ \(entry + Int.random(in: -9...10, using: &random)) fee 0.1")
    }
    var names = ReportNames(slots: ["host", name, "b", "c"])
    names.set(scenario.instrument, symbol: name)
    let summary = PerformanceSummary(
      curve, trades: scenario.ledger.totals, execution: scenario.ledger.execution)
    var report = BacktestReport(
      title: name, currency: "USD", curve: curve, summary: summary, names: names)
    report.subtitle = name
    report.facts = [BacktestReport.Fact("mode", name)]
    report.warnings = [BacktestReport.Warning(.serious, name)]
    report.costs = [BacktestReport.Fact(name, "0.1 %")]
    report.settings = [BacktestReport.Fact("seed", name)]
    report.take(scenario.ledger)
    var settings = MonteCarlo()
    settings.paths = 100
    if let result = settings.run(curve.returns, .stationary(8)) {
      report.simulations = [BacktestReport.Simulation(name: name, result: result)]
    }
    var sweep = SweepMap(
      metric: name, columnName: name, columns: ["10", name], rowName: name, rows: ["1", "2"],
      values: [[1.5, nil], [-0.5, .nan]])
    sweep.chosen = (0, 0)
    report.sweep = sweep
    report.walkForward = [
      WalkForwardSegment(
        name: name, fitStart: 0, fitEnd: 300, end: 400, fitted: 1.5, traded: -0.2),
      WalkForwardSegment(
        name: "b", fitStart: 100, fitEnd: 400, end: 500, fitted: nil, traded: .infinity),
    ]
    report.selection = BacktestReport.Selection(trials: 40, deflatedSharpe: 0.6)
    return report
  }
}
