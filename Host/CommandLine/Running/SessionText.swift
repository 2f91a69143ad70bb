import JSON
import PluginHost
import Wording

/// A session's status in aligned text. Works on the status as JSON, because that is what a running
/// host answers; a session at hand gives the same.
struct SessionText {
  let status: JSONValue

  func write(to output: Output) {
    output.line(
      "session \(text("session")) at \(text("time")): \(count("events", "event")), "
        + "\(count("turns", "turn")), \(count("openOrders", "open order"))")
    var table = Table([
      .leading("SLOT"), .leading("PLUGIN"), .trailing("GEN"),
      .leading("STATE"), .trailing("ORDERS"), .trailing("FILLS"), .trailing("REFUSED"),
      .trailing("REJECTED"), .trailing("OPEN"), .leading("POSITION"), .trailing("PROFIT"),
      .trailing("FEES"),
    ])
    for slot in status["slots"]?.elements ?? [] { table.add(row(slot)) }
    output.table(table)
    for slot in status["slots"]?.elements ?? [] {
      for (key, words) in [
        ("refusalReasons", "refused"), ("rejectionReasons", "rejected by the venue"),
      ] {
        let reasons = (slot[key]?.members ?? []).map { "\($0.value.display) \($0.key)" }
        guard !reasons.isEmpty else { continue }
        output.line(
          "\(slot["name"]?.display ?? ""): \(words): \(reasons.joined(separator: ", "))")
      }
    }
    for slot in status["slots"]?.elements ?? [] {
      guard let sandbox = slot["sandbox"]?.string else { continue }
      let restarts = slot["restarts"]?.integer ?? 0
      output.line(
        "\(slot["name"]?.display ?? ""): in worker \(slot["worker"]?.display ?? ""), sandbox: "
          + sandbox + (restarts > 0 ? "; started again \(Count.text(restarts, "time"))" : ""))
    }
    for swap in (status["swaps"]?.elements ?? []).suffix(3) {
      let fault = swap["steps"]?.elements?.last { $0["name"]?.display == "fault" }
      output.line(
        "swap of \(swap["slot"]?.display ?? "") to \(swap["to"]?.display ?? ""): "
          + (swap["outcome"]?.display ?? "")
          + (fault.map { ": \($0["detail"]?.display ?? "")" } ?? ""))
    }
    for offer in status["offers"]?.elements ?? [] { output.line("on offer: \(Self.offer(offer))") }
    output.line("trading: \(trading)")
    let cash = (status["cash"]?.members ?? []).map { "\($0.value.display) \($0.key)" }
    output.line("cash: \(cash.joined(separator: ", "))")
  }

  private static func offer(_ offer: JSONValue) -> String {
    let plugins = (offer["plugins"]?.elements ?? []).map {
      "\($0["id"]?.display ?? "") \($0["version"]?.display ?? "")"
    }
    let what = [
      offer["state"]?.display ?? "", plugins.joined(separator: ", "),
      offer["signedBy"].map { "signed by \($0.display)" } ?? "",
      offer["isolation"]?.string == "process" ? "runs in a worker only" : "",
      offer["capabilities"]?["network"] != nil ? BundleCapabilities.noHosts : "",
      offer["why"]?.display ?? "",
    ]
    return (offer["path"]?.display ?? "") + ": "
      + what.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// Of all, then of the slots that are bound tighter.
  private var trading: String {
    let all = status["trading"]?["state"]?.display ?? ""
    let own = (status["trading"]?["slots"]?.members ?? []).filter { $0.value.display != all }
    let killing = status["trading"]?["killing"]?.bool == true ? ", orders are being cancelled" : ""
    return ([all + killing] + own.map { "\($0.key) \($0.value.display)" }).joined(separator: "; ")
  }

  private func count(_ key: String, _ thing: String) -> String {
    Count.text(status[key]?.integer ?? 0, thing)
  }

  private func text(_ key: String) -> String { status[key]?.display ?? "" }

  private func row(_ slot: JSONValue) -> [String] {
    func field(_ key: String) -> String { slot[key]?.display ?? "" }
    let positions = (slot["positions"]?.elements ?? []).map {
      "\($0["quantity"]?.display ?? "") \($0["instrument"]?.display ?? "")"
        + ($0["average"]?.string.map { " @ \($0)" } ?? "")
    }
    let results = slot["results"]?.elements ?? []
    func money(_ key: String) -> String {
      results.map {
        "\(Self.cents($0[key]?.display ?? "0")) \($0["asset"]?.display ?? "")"
      }.joined(separator: " ")
    }
    return [
      field("name"), plugin(slot), field("generation"), field("state"),
      field("orders"), field("fills"), field("refusals"), field("rejections"),
      field("openOrders"),
      positions.isEmpty ? "flat" : positions.joined(separator: ", "),
      field("kind") == "alpha" ? "" : money("total"), field("kind") == "alpha" ? "" : money("fees"),
    ]
  }

  /// The last part of the id is enough beside the slot's name.
  private func plugin(_ slot: JSONValue) -> String {
    let id = slot["plugin"]?.display ?? ""
    return "\(id.split(separator: ".").last ?? "") \(slot["version"]?.display ?? "")"
  }

  /// Two decimals, cut, for people; the exact text stands in the JSON.
  private static func cents(_ text: String) -> String {
    let parts = text.split(separator: ".", maxSplits: 1)
    let decimals = parts.count > 1 ? String(parts[1].prefix(2)) : ""
    return "\(parts.first ?? "0").\(decimals)\(String(repeating: "0", count: 2 - decimals.count))"
  }
}

extension JSONValue {
  /// As a person reads it: without quotes.
  var display: String { string ?? text() }
}
