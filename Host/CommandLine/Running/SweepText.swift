import JSON
import Performance
import Research
import Wording

/// What a sweep found, for people.
struct SweepText {
  let findings: SweepFindings
  let options: ResearchOptions

  func write(to output: Output) {
    counts.forEach { output.note($0) }
    guard let best = findings.ranked.first else {
      output.line("no trial counts: " + nothing)
      output.line("\(options.directory)/results.csv")
      return
    }
    output.table(table)
    if let map = findings.map(cellsMax: 12) {
      output.line()
      HeatMapText.lines(map, width: output.width).forEach { output.line($0) }
    }
    output.line()
    worth(best.value).forEach { output.line($0) }
    output.line()
    output.line("\(options.directory)/report.html, results.csv, trials.ndjson")
    output.line("the best again, with its trades and a report of its own:")
    output.line("  \(options.line(best.record.point))")
  }

  private var nothing: String {
    findings.rejected > 0
      ? "\(findings.rejected) have fewer than \(Count.text(options.tradesMin, "trade"))"
      : "none has a \(findings.objective.name)"
  }

  private var counts: [String] {
    var lines: [String] = []
    if let failure = findings.firstFailure {
      lines.append(
        "\(Count.text(findings.failed, "trial")) failed; trial \(failure.number): "
          + (failure.failure?.text ?? ""))
    }
    if findings.rejected > 0, !findings.ranked.isEmpty {
      let trades = Count.text(options.tradesMin, "trade")
      lines.append("\(Count.text(findings.rejected, "trial")) with fewer than \(trades) left out")
    }
    if findings.unrated > 0, !findings.ranked.isEmpty {
      lines.append(
        "\(Count.text(findings.unrated, "trial")) without \(findings.objective.name) left out")
    }
    return lines
  }

  private var table: Table {
    let names = findings.space.parameters.map(\.name)
    let isReturn = findings.objective.name == "total_return"
    var table = Table(
      ([.trailing("TRIAL")] + names.map { .trailing($0) })
        + [.trailing(findings.objective.name.uppercased())]
        + (isReturn ? [] : [.trailing("RETURN")]) + [.trailing("DRAWDOWN"), .trailing("TRADES")])
    for trial in findings.ranked.prefix(options.bestMax) {
      let figures = trial.record.result?.figures
      table.add(
        [String(trial.record.number)] + trial.record.point.values.map(\.text)
          + [FigureText.figure(trial.value)]
          + (isReturn ? [] : [FigureText.percent(figures?["total_return"]?.double)])
          + [
            FigureText.percent(figures?["max_drawdown"]?.double),
            String(trial.record.result?.trades ?? 0),
          ])
    }
    return table
  }

  /// What speaks for and against the best being more than luck.
  private func worth(_ best: Double) -> [String] {
    var lines: [String] = []
    if let near = findings.neighbours {
      let kept = best > 0 ? ", \(FigureText.percent(near.mean / best, places: 0)) of it" : ""
      let verdict =
        best <= 0
        ? ""
        : near.mean >= 0.8 * best
          ? ": a plateau"
          : near.mean < 0.5 * best
            ? ": a lone peak, more likely luck" : ""
      lines.append(
        "neighbours    mean \(FigureText.figure(near.mean)) of "
          + "\(Count.text(near.count, "trial")) around the best\(kept)\(verdict)")
    } else {
      lines.append("neighbours    none was tried")
    }
    if let found = findings.selection.overfitting {
      lines.append(
        "overfitting   \(FigureText.percent(found.probability, places: 1)) likely that the best "
          + "seen is below the median of what comes")
    } else if let reason = findings.overfittingUnknown {
      lines.append("overfitting   unknown: \(reason)")
    }
    lines.append(
      "deflated      "
        + (findings.selection.deflatedSharpe.map {
          "\(FigureText.percent($0, places: 1)) likely that its Sharpe ratio is more than the luck "
            + "of \(Count.text(findings.selection.trials, "trial"))"
        } ?? "Sharpe ratio unknown: it takes two trials whose returns vary"))
    return lines
  }
}
