import JSON
import Market
package import Performance
import Wording

/// The pages of a search: what `report.html` shows, as values.
package enum ResearchReport {
  private static let rowsMax = 50

  /// nil where no trial counted.
  package static func sweep(
    _ findings: SweepFindings, title: String, facts: [BacktestReport.Fact]
  ) -> BacktestReport? {
    guard let best = findings.ranked.first, let result = best.record.result else { return nil }
    let curve = result.curve
    let summary = PerformanceSummary(curve)
    var report = BacktestReport(
      title: title, currency: result.currency, curve: curve, summary: summary)
    report.subtitle = "best of \(Count.text(findings.finished, "trial"))"
    report.knowsTrades = false
    report.tradesCounted = result.trades
    report.facts = facts
    report.settings = zip(findings.space.parameters, best.record.point.values).map {
      BacktestReport.Fact($0.name, $1.text)
    }
    report.selection = findings.selection
    report.sweep = findings.map(cellsMax: 40)
    report.tables = [table(findings)]
    if findings.failed > 0 {
      report.warnings.append(
        .init(.notice, "\(Count.text(findings.failed, "trial")) failed and are not in it."))
    }
    if let reason = findings.overfittingUnknown {
      report.warnings.append(
        .init(.notice, "There is no probability of overfitting: \(reason)."))
    }
    if result.periods + 1 > result.times.count {
      report.warnings.append(
        .init(
          .notice,
          "The course is kept at \(result.times.count) points of \(result.periods) periods: "
            + "the table has the trial's own figures, those above are of these points."))
    }
    return report
  }

  private static func table(_ findings: SweepFindings) -> BacktestReport.Table {
    let names = findings.space.parameters.map(\.name)
    return BacktestReport.Table(
      title: "Best trials by \(findings.objective.name)",
      columns: ["Trial"] + names + [findings.objective.name, "Return", "Max drawdown", "Trades"],
      rows: findings.ranked.prefix(rowsMax).map { trial in
        let figures = trial.record.result?.figures
        return [String(trial.record.number)] + trial.record.point.values.map(\.text) + [
          FigureText.figure(trial.value),
          FigureText.percent(figures?["total_return"]?.double),
          FigureText.percent(figures?["max_drawdown"]?.double),
          String(trial.record.result?.trades ?? 0),
        ]
      })
  }

  package static func walkForward(
    _ findings: WalkForwardFindings, title: String, facts: [BacktestReport.Fact]
  ) -> BacktestReport {
    var report = BacktestReport(
      title: title, currency: findings.currency, curve: findings.curve,
      summary: findings.summary)
    report.tradesCounted = findings.segments.reduce(0) { $0 + ($1.trades ?? 0) }
    report.subtitle =
      "out of sample: \(Count.text(findings.segments.count, "segment")), one behind the other"
    report.knowsTrades = false
    report.facts =
      facts + [
        .init("Efficiency of return", FigureText.percent(findings.returnEfficiency, places: 0)),
        .init(
          "Efficiency of objective", FigureText.percent(findings.objectiveEfficiency, places: 0)),
      ]
    report.walkForwardMetric = findings.objective.name
    let origin = findings.segments.first?.window.fitStart ?? Timestamp(nanoseconds: 0)
    func day(_ time: Timestamp) -> Double { Double((time - origin).count) / 86_400e9 }
    report.walkForward = findings.segments.map { segment in
      WalkForwardSegment(
        name: String(segment.window.number + 1), fitStart: day(segment.window.fitStart),
        fitEnd: day(segment.window.testStart), end: day(segment.window.testEnd),
        fitted: segment.fitted, traded: segment.traded)
    }
    report.tables = [segments(findings), drift(findings)]
    for segment in findings.segments {
      if let failure = segment.failure {
        report.warnings.append(
          .init(.serious, "Segment \(segment.window.number + 1) is left out: \(failure)."))
      }
    }
    return report
  }

  private static func segments(_ findings: WalkForwardFindings) -> BacktestReport.Table {
    let names = findings.space.parameters.map(\.name)
    return BacktestReport.Table(
      title: "Segments",
      columns: ["Segment", "Tested from", "to"] + names
        + ["Fitted", "Traded", "Return", "Trades"],
      rows: findings.segments.map { segment in
        [
          String(segment.window.number + 1),
          minute(segment.window.testStart), minute(segment.window.testEnd),
        ] + (segment.point?.values.map(\.text) ?? names.map { _ in "-" }) + [
          FigureText.figure(segment.fitted), FigureText.figure(segment.traded),
          FigureText.percent(segment.testReturn), segment.trades.map { String($0) } ?? "-",
        ]
      })
  }

  private static func minute(_ time: Timestamp) -> String {
    String(UTCTime.text(time).prefix(16)).replacing("T", with: " ")
  }

  private static func drift(_ findings: WalkForwardFindings) -> BacktestReport.Table {
    BacktestReport.Table(
      title: "Drift of parameters",
      columns: ["Parameter", "Changes", "of", "Mean step, of its range"],
      rows: findings.drifts.map {
        [
          $0.name, String($0.changes), String($0.steps),
          FigureText.percent($0.meanShare, places: 0),
        ]
      })
  }
}
