import Wording

/// The segments as a table of comma-separated values.
package enum WalkForwardTable {
  package static func text(_ findings: WalkForwardFindings) -> String {
    let names = findings.space.parameters.map(\.name)
    let head =
      ["segment", "fit_start", "fit_end", "test_start", "test_end"] + names + [
        "fitted_\(findings.objective.name)", "traded_\(findings.objective.name)", "fit_return",
        "test_return", "trades", "failure",
      ]
    var text = head.map(FigureText.field).joined(separator: ",") + "\r\n"
    for segment in findings.segments {
      let window = segment.window
      let times = [window.fitStart, window.fitEnd, window.testStart, window.testEnd]
      let values = segment.point?.values.map(\.text) ?? names.map { _ in "" }
      let figures = [segment.fitted, segment.traded, segment.fitReturn, segment.testReturn]
      let fields =
        [String(window.number + 1)] + times.map(UTCTime.text) + values
        + figures.map { $0.map { "\($0)" } ?? "" }
        + [segment.trades.map { String($0) } ?? "", segment.failure ?? ""]
      text += fields.map(FigureText.field).joined(separator: ",") + "\r\n"
    }
    return text
  }
}
