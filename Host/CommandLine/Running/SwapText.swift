import JSON
import Sessions

/// A swap's timeline in aligned text. Works on the report as JSON, because that is what a running
/// host answers; a session at hand gives the same.
struct SwapText {
  let report: JSONValue

  var lines: [String] {
    let title =
      "swap of \(text("slot")): \(text("from")) -> \(text("to")): \(text("outcome"))"
    return [title] + (report["steps"]?.elements ?? []).map { "  " + Self.line($0) }
  }

  /// One step: what was done, how long it took, what came of it.
  static func line(_ step: JSONValue) -> String {
    let time = step["nanoseconds"]?.integer.map(SwapReport.duration) ?? ""
    return TextWidth.padded(step["name"]?.display ?? "", to: 12, onTheLeft: false)
      + TextWidth.padded(time, to: 11, onTheLeft: true) + "  " + (step["detail"]?.display ?? "")
  }

  private func text(_ key: String) -> String { report[key]?.display ?? "" }
}
