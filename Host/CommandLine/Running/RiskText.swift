import JSON

/// A session's limits in aligned text. Works on what a running host answers.
struct RiskText {
  let status: JSONValue

  func write(to output: Output) {
    let asset = status["reporting"]?.display ?? ""
    output.line("session \(text("session")) at \(text("time")), worth in \(asset)")
    output.line("trading: \(status["trading"]?["state"]?.display ?? "")")
    output.line(account)
    output.table(slots)
    for breaker in status["breakers"]?.elements ?? [] {
      let until = breaker["until"]?.string.map { " until \($0)" } ?? ""
      output.line(
        "breaker of \(breaker["of"]?.display ?? "") \(breaker["name"]?.display ?? ""): "
          + "\(breaker["state"]?.display ?? "")\(until)")
    }
    output.table(limits)
  }

  private func text(_ key: String) -> String { status[key]?.display ?? "" }

  private static func shown(_ value: JSONValue?) -> String {
    value == .null || value == nil ? "unknown" : value?.display ?? ""
  }

  private var account: String {
    let account = status["account"]
    return "equity \(Self.shown(account?["equity"])), highest "
      + "\(Self.shown(account?["equityHighest"])), drawdown \(Self.shown(account?["drawdown"])), "
      + "day's loss \(Self.shown(account?["dayLoss"])), day's entries "
      + "\(Self.shown(account?["dayEntries"])), exposure \(Self.shown(account?["grossExposure"])), "
      + "margin \(Self.shown(account?["marginBound"]))"
  }

  private var slots: Table {
    var table = Table([
      .leading("SLOT"), .leading("TRADING"), .trailing("DAY'S LOSS"), .trailing("ENTRIES"),
      .trailing("EXPOSURE"),
    ])
    for slot in status["slots"]?.elements ?? [] {
      table.add(
        ["name", "trading", "dayLoss", "dayEntries", "grossExposure"].map {
          slot[$0]?.display ?? ""
        })
    }
    return table
  }

  private var limits: Table {
    var table = Table([
      .leading("LIMIT"), .leading("OF"), .trailing("VALUE"), .leading("UNIT"), .trailing("USED"),
      .trailing("%"),
    ])
    for limit in status["limits"]?.elements ?? [] {
      let holder = limit["of"]?.string.map { "\(limit["scope"]?.display ?? "") \($0)" } ?? "all"
      table.add([
        limit["name"]?.display ?? "", holder, limit["value"]?.display ?? "",
        limit["unit"]?.display ?? "", limit["used"]?.string ?? "",
        limit["usedPercent"]?.integer.map { "\($0)" } ?? "",
      ])
    }
    return table
  }

  // MARK: a dry run

  static func lines(ofCheck answer: JSONValue) -> [String] {
    let order =
      "\(answer["side"]?.display ?? "") \(answer["quantity"]?.display ?? "") "
      + (answer["instrument"]?.display ?? "")
      + (answer["price"]?.string.map { " @\($0)" } ?? " at the market")
    let verdict = answer["approved"]?.bool == true ? "approved" : "refused"
    let passing = answer["passing"]?.string ?? "no size"
    return [
      "\(order) of \(answer["slot"]?.display ?? ""): \(verdict), \(answer["level"]?.display ?? "") "
        + "(\(answer["score"]?.display ?? "") of 100), \(passing) would pass, in "
        + "\(answer["nanoseconds"]?.display ?? "") ns"
    ]
      + (answer["reasons"]?.elements ?? []).map { "  refused: \(finding($0))" }
      + (answer["warnings"]?.elements ?? []).map { "  warning: \(finding($0))" }
  }

  private static func finding(_ finding: JSONValue) -> String {
    let check = finding["check"]?.string.map { " (\($0))" } ?? ""
    let numbers = [("is", finding["value"]), ("limit", finding["limit"])]
      .compactMap { name, value in value?.string.map { "\(name) \($0)" } }
    return ([(finding["reason"]?.display ?? "") + check] + numbers).joined(separator: ", ")
  }
}
