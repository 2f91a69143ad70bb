import JSON
import Testing

@testable import keel

@Suite struct ControlRequestTests {
  private func read(_ text: String) throws -> ControlRequest {
    try ControlRequest(try JSONValue.parse(text))
  }

  @Test(arguments: [
    ("[]", "request", "got an array"),
    ("{}", "command", "missing"),
    (#"{"command": 7}"#, "command", "7"),
    (#"{"command": "swp"}"#, "command", #"did you mean "swap"?"#),
    (#"{"command": "status", "slot": "a"}"#, "slot", "remove it"),
    (#"{"command": "stop", "now": true}"#, "now", "true"),
    (#"{"command": "rollback"}"#, "slot", "missing"),
    (#"{"command": "rollback", "slot": ""}"#, "slot", "not empty"),
    (#"{"command": "swap", "slot": "a"}"#, "plugin", "missing"),
    (#"{"command": "swap", "slot": "a", "plugin": "b", "shadw": 3}"#, "shadw", "shadow"),
    (#"{"command": "swap", "slot": "a", "plugin": "b", "orders": "adapt"}"#, "orders", "adopt"),
    (#"{"command": "swap", "slot": "a", "plugin": "b", "orders": 1}"#, "orders", "cancel-first"),
    (#"{"command": "swap", "slot": "a", "plugin": "b", "shadow": -1}"#, "shadow", "-1"),
    (#"{"command": "swap", "slot": "a", "plugin": "b", "probation": "x"}"#, "probation", "x"),
    (#"{"command": "swap", "slot": "a", "plugin": "b", "requireEqual": 1}"#, "requireEqual", "1"),
    (#"{"command": "swap", "slot": "a", "plugin": "b", "parameters": []}"#, "parameters", "[]"),
    (#"{"command": "risk set"}"#, "limits", "missing"),
    (#"{"command": "risk set", "limits": {}}"#, "limits", "none is named"),
    (#"{"command": "risk set", "limits": {"budgt": "1"}, "slot": "a"}"#, "budgt", "budget"),
    (#"{"command": "risk set", "limits": {"leverageMax": "2"}, "class": "x"}"#, "class", "crypto"),
    (
      #"{"command": "risk set", "limits": {"budget": "2"}, "slot": "a", "class": "rate"}"#,
      "class", "leave one of the two out"
    ),
    (#"{"command": "risk check", "slot": "a", "side": "up"}"#, "side", "buy or sell"),
    (#"{"command": "risk check", "slot": "a", "side": "buy"}"#, "instrument", "missing"),
    (#"{"command": "halt", "reducing": "yes"}"#, "reducing", "true or false"),
    (#"{"command": "kill", "flatten": 1}"#, "flatten", "true or false"),
    (#"{"command": "resume", "flatten": true}"#, "flatten", "true"),
    (
      #"{"command": "swap", "slot": "a", "plugin": "b", "parameters": {"fast": [3]}}"#,
      "parameter fast", "no parameter can be [3]"
    ),
    (
      #"{"command": "swap", "slot": "a", "plugin": "b", "parameters": {"fast": null}}"#,
      "parameter fast", "no parameter can be null"
    ),
  ]) func whatMeansNothingIsRefused(_ text: String, _ subject: String, _ said: String) throws {
    let error = #expect(throws: CommandError.self) { try read(text) }
    #expect(error?.exitCode == .usage && error?.subject == subject)
    let words = "\(error?.message ?? ""); \(error?.remedy ?? "")"
    #expect(words.contains(said), "\(words)")
    #expect(error?.remedy.isEmpty == false)
  }

  @Test func ordersAboutTradingAreRead() throws {
    let limits = try read(
      #"{"command": "risk set", "limits": {"budget": "2"}, "slot": "a", "who": "w", "why": "y"}"#)
    for part in ["budget", "Optional(2000000)", #"slot("a")"#, #"who: "w""#, #"why: "y""#] {
      #expect("\(limits)".contains(part), "\(limits)")
    }
    #expect("\(try read(#"{"command": "kill", "flatten": true}"#))".contains("flattens: true"))
    #expect(
      "\(try read(#"{"command": "halt", "reducing": true}"#))".contains("TradingOrder.reduce"))
    #expect("\(try read(#"{"command": "halt"}"#))".contains("TradingOrder.halt"))
  }

  @Test func whatIsWholeIsRead() throws {
    let request = try read(
      #"""
      {"command": "swap", "slot": "a", "plugin": "b@2.0", "orders": "cancel-first", "shadow": 3,
       "probation": 0, "requireEqual": true,
       "parameters": {"on": true, "fast": 3, "size": 0.5, "mode": "x"}}
      """#)
    // As text: what an option is made of belongs to other rooms.
    let text = "\(request)"
    for part in [
      #"slot: "a""#, #"id("b", version: Optional("2.0"))"#, "Orders.cancelFirst",
      "shadowBatches: 3", "probationBatches: 0", "requireEqual: true",
      #"(name: "on", value: true), (name: "fast", value: 3), (name: "size", value: 0.5)"#,
      #"(name: "mode", value: "x")"#,
    ] {
      #expect(text.contains(part), "\(text)")
    }
    guard case .rollback("a") = try read(#"{"command": "rollback", "slot": "a"}"#),
      case .stop = try read(#"{"command": "stop"}"#),
      case .status = try read(#"{"command": "status"}"#)
    else {
      Issue.record("a simple command was read as another")
      return
    }
  }
}
