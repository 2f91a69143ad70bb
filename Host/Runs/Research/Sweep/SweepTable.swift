import JSON

/// All trials as a table of comma-separated values.
package enum SweepTable {
  private static let figures = [
    "total_return", "annual_return", "sharpe_ratio", "sortino_ratio", "max_drawdown",
    "calmar_ratio", "profit_factor", "total_trades", "end_equity",
  ]

  package static func text(
    _ trials: [TrialRecord], space: SearchSpace, objective: Objective
  ) -> String {
    let own = figures.contains(objective.name) ? [] : [objective.name]
    let shown = own + figures
    let head = ["trial"] + space.parameters.map(\.name) + shown + ["seconds", "error"]
    var text = head.map(FigureText.field).joined(separator: ",") + "\r\n"
    for trial in trials {
      var fields = [String(trial.number)] + trial.point.values.map(\.text)
      for name in shown {
        let value = trial.result.flatMap { Objective(name: name).value($0.figures) }
        fields.append(value.map { "\($0)" } ?? "")
      }
      fields += [FigureText.decimal(trial.seconds, places: 3), trial.failure?.text ?? ""]
      text += fields.map(FigureText.field).joined(separator: ",") + "\r\n"
    }
    return text
  }
}
