package import Configuration
import Kernel
import Market
package import Performance
import PluginBridge
package import Sessions
import Wording

/// What one run gives beside its session: a recorder to begin with, a report to end with.
package struct Backtest {
  package struct Options: Sendable {
    package var sampling: SamplingPeriod?
    package var periodsPerYear = PeriodsPerYear.continuous
    package var riskFree = 0.0
    /// Paths of the bootstrap; 0 makes none.
    package var paths = 10_000
    package init() {}
  }

  package let names: ReportNames
  private let options: Options
  private let configuration: Configuration
  private let recorder: BacktestRecorder

  package init(
    _ session: Session, _ configuration: Configuration, _ options: Options,
    rows: (ReportNames) -> ReportRows?
  ) {
    self.options = options
    self.configuration = configuration
    var names = ReportNames(slots: ["host"] + session.slotNames)
    for (index, _) in session.directory.instruments.enumerated() {
      let id = InstrumentID(rawValue: UInt32(index))
      guard let instrument = session.state.instrument(id) else { continue }
      names.set(instrument, symbol: session.directory.symbol(id))
    }
    self.names = names
    recorder = BacktestRecorder(
      session, sampling: Sampling(span: session.span, period: options.sampling),
      rows: rows(names))
    session.watch(recorder)
  }

  /// Once the run is over.
  package func report(_ session: Session, data: [String], run: [BacktestReport.Fact])
    -> BacktestReport
  {
    recorder.finish(session.state)
    var formulas = PerformanceSummary.Options()
    formulas.periodsPerYear = options.periodsPerYear
    formulas.riskFree = options.riskFree
    let summary = PerformanceSummary(
      recorder.curve, trades: recorder.ledger.totals, execution: recorder.ledger.execution,
      options: formulas)
    var report = BacktestReport(
      title: configuration.strategies.map(\.name).joined(separator: ", "),
      currency: session.directory.assets[Int(session.reportingAsset.rawValue)],
      curve: recorder.curve, summary: summary, names: names)
    report.subtitle = subtitle(session, data)
    report.take(recorder.ledger)
    report.facts = run
    report.costs = costs
    report.settings = settings
    if configuration.risk.limits.all.isEmpty {
      report.warnings.append(
        BacktestReport.Warning(
          .notice, "Every risk limit is off: preset \(configuration.risk.preset.rawValue)."))
    }
    simulate(&report)
    return report
  }

  private func subtitle(_ session: Session, _ data: [String]) -> String {
    let symbols = session.directory.instruments.indices.map {
      session.directory.symbol(InstrumentID(rawValue: UInt32($0)))
    }
    return (symbols.prefix(6) + (symbols.count > 6 ? ["and \(symbols.count - 6) more"] : []))
      .joined(separator: ", ") + " · " + data.joined(separator: ", ")
  }

  private var costs: [BacktestReport.Fact] {
    configuration.venues.flatMap { venue in
      venue.facts.map { BacktestReport.Fact("\(venue.name): \($0.name)", $0.value) }
    }
  }

  private var settings: [BacktestReport.Fact] {
    (configuration.alphas.map { ($0.name, $0.plugin) }
      + configuration.strategies.map { ($0.name, $0.plugin) })
      .flatMap { name, plugin in
        [BacktestReport.Fact(name, "\(plugin.id) \(plugin.version ?? "newest")")]
          + plugin.parameters.map {
            BacktestReport.Fact("\(name).\($0.name)", $0.value.text)
          }
      }
  }

  /// Trades in another order and mixture, and returns in blocks.
  private func simulate(_ report: inout BacktestReport) {
    guard options.paths > 0 else { return }
    var drawing = MonteCarlo()
    drawing.paths = options.paths
    drawing.seed = configuration.session.seed
    drawing.periodsPerYear = options.periodsPerYear.value(report.curve.times)
    let returns = report.curve.returns
    let length = MonteCarlo.blockLength(returns.count)
    if let result = drawing.run(returns, .stationary(length)) {
      report.simulations.append(
        BacktestReport.Simulation(name: "Returns in blocks of about \(length)", result: result))
    }
    guard let start = report.summary.startEquity, start > 0 else { return }
    drawing.accumulation = .adding
    drawing.periodsPerYear = nil
    let shares = report.trades.compactMap { $0.profit.map { $0 / start } }
    if shares.count >= 10, let result = drawing.run(shares, .single) {
      report.simulations.append(BacktestReport.Simulation(name: "Trades", result: result))
    }
  }
}
