import Market
import Performance
import Research
import Wording

/// What a walk-forward run found, for people.
struct WalkForwardText {
  let findings: WalkForwardFindings
  let directory: String

  func write(to output: Output) {
    output.table(segments)
    for segment in findings.segments {
      if let failure = segment.failure {
        output.note("segment \(segment.window.number + 1) is left out: \(failure)")
      }
    }
    output.line()
    output.table(drift)
    output.line()
    let summary = findings.summary
    output.line(
      "out of sample  return \(FigureText.percent(summary.totalReturn))  Sharpe "
        + "\(FigureText.decimal(summary.returns.sharpe, places: 2))  drawdown "
        + FigureText.percent(summary.maxDrawdown))
    output.line("efficiency     \(efficiency)")
    output.line()
    output.line("\(directory)/report.html, segments.csv, trials.ndjson")
  }

  /// A share of a loss says nothing.
  private var efficiency: String {
    let (growth, objective) = (findings.returnEfficiency, findings.objectiveEfficiency)
    guard growth != nil || objective != nil else {
      return "none: what was fitted did not earn in its own windows either"
    }
    return "\(FigureText.percent(growth, places: 0)) of the fitted growth, "
      + "\(FigureText.percent(objective, places: 0)) of the fitted \(findings.objective.name)"
  }

  private var segments: Table {
    let names = findings.space.parameters.map(\.name)
    var table = Table(
      [.trailing("SEGMENT"), .leading("TESTED FROM"), .leading("TO")]
        + names.map { .trailing($0) } + [
          .trailing("FITTED"), .trailing("TRADED"), .trailing("RETURN"), .trailing("TRADES"),
        ])
    for segment in findings.segments {
      table.add(
        [
          String(segment.window.number + 1), minute(segment.window.testStart),
          minute(segment.window.testEnd),
        ] + (segment.point?.values.map(\.text) ?? names.map { _ in "-" }) + [
          FigureText.figure(segment.fitted), FigureText.figure(segment.traded),
          FigureText.percent(segment.testReturn), segment.trades.map { String($0) } ?? "-",
        ])
    }
    return table
  }

  private var drift: Table {
    var table = Table([.leading("PARAMETER"), .trailing("CHANGES"), .trailing("MEAN STEP")])
    for drift in findings.drifts {
      table.add([
        drift.name, "\(drift.changes) of \(drift.steps)",
        drift.meanShare.map { FigureText.percent($0, places: 0) + " of its range" } ?? "-",
      ])
    }
    return table
  }

  private func minute(_ time: Timestamp) -> String {
    String(UTCTime.text(time).prefix(16)).replacing("T", with: " ")
  }
}
