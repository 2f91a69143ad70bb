import JSON
import Wording

/// A recovered state in aligned text, made from its JSON.
struct RecoveryText {
  let path: String
  let report: JSONValue

  func write(to output: Output) {
    let state = report["state"] ?? .null
    output.line(
      "\(path): session \(text(report, "session")) at \(text(state, "time")), "
        + Count.text(report["replayedTurns"]?.integer ?? 0, "turn") + " done again from "
        + (report["snapshot"]?["position"]?.string.map { "the snapshot at \($0)" }
          ?? "the beginning"))
    let cut = report["cutRecords"]?.integer ?? 0
    let torn = report["tornBytes"]?.integer ?? 0
    output.line(
      "  ends at \(text(report, "end")), "
        + (cut + torn == 0
          ? "whole"
          : "cut: \(Count.text(cut, "record")) of a turn without its end, \(torn) torn bytes"))
    for refused in report["refusedSnapshots"]?.elements ?? [] {
      output.line("  a snapshot is not used: \(refused.display)")
    }
    table(
      state, "slots", ["name", "plugin", "version", "generation", "isParked", "openOrders"], output)
    table(
      state, "orders",
      ["id", "slot", "instrument", "side", "type", "limit", "quantity", "filled", "state"], output)
    table(
      state, "positions",
      ["slot", "instrument", "side", "quantity", "average", "realised", "fees"], output)
    table(state, "cash", ["account", "asset", "total", "reserved"], output)
    table(state, "limits", ["limit", "scope", "value"], output)
  }

  private func text(_ value: JSONValue, _ key: String) -> String { value[key]?.display ?? "" }

  /// "openOrders" is headed OPEN ORDERS, and "isParked" PARKED.
  static func heading(_ key: String) -> String {
    let words = key.reduce(into: "") { text, letter in
      if letter.isUppercase { text += " " }
      text.append(letter)
    }
    return String(words.hasPrefix("is ") ? words.dropFirst(3) : words[...]).uppercased()
  }

  private func table(_ state: JSONValue, _ key: String, _ columns: [String], _ output: Output) {
    let rows = state[key]?.elements ?? []
    guard !rows.isEmpty else {
      output.line("no \(key)")
      return
    }
    var table = Table(columns.map { .leading(Self.heading($0)) })
    for row in rows { table.add(columns.map { text(row, $0) }) }
    output.table(table)
  }
}
