import Configuration
import JSON
import PluginHost
import Sessions
import Wording

/// A command to a running session, read from its JSON. Nothing is overlooked: a key, a value or a
/// parameter that means nothing is an error, so that no operator believes it was obeyed.
enum ControlRequest {
  case status
  case swap(slot: String, to: PluginReference, SwapOptions)
  case rollback(slot: String)
  case stop
  case risk(slot: String?)
  case setLimits([RiskLimitSetting], LimitTarget, OperatorNote)
  case check(OrderQuestion)
  case trade(TradingOrder, slot: String?, OperatorNote)

  private static let keys: [String: [String]] = [
    "status": [], "stop": [], "rollback": ["slot"],
    "swap": [
      "slot", "plugin", "orders", "shadow", "probation", "requireEqual", "parameters", "isolation",
    ],
    "risk show": ["slot"], "risk set": ["limits", "slot", "class", "who", "why"],
    "risk check": ["slot", "side", "instrument", "quantity", "price"],
    "halt": ["slot", "reducing", "who", "why"], "resume": ["slot", "who", "why"],
    "kill": ["slot", "flatten", "who", "why"],
  ]

  init(_ request: JSONValue) throws(CommandError) {
    guard let members = request.members else {
      throw Self.refusal(
        "request", "expected an object, got \(request.kindName)",
        "send one JSON object a line, such as {\"command\":\"status\"}")
    }
    let known = Self.keys.keys.sorted()
    guard let command = request["command"] else {
      throw Self.refusal(
        "command", "it is missing", "use one of: \(known.joined(separator: ", "))")
    }
    guard let name = command.string, let keys = Self.keys[name] else {
      throw Self.refusal(
        "command", "there is no command \(command.text())",
        Suggestion.remedy(for: command.display, among: known))
    }
    for member in members where member.key != "command" && !keys.contains(member.key) {
      throw Self.refusal(
        member.key, "\(name) has no such key; its value was \(member.value.text())",
        keys.isEmpty ? "remove it" : Suggestion.remedy(for: member.key, among: keys))
    }
    switch name {
    case "status": self = .status
    case "stop": self = .stop
    case "rollback": self = .rollback(slot: try Self.text(request, "slot"))
    case "risk show": self = .risk(slot: try Self.optionalText(request, "slot"))
    case "risk set": self = try Self.limits(request)
    case "risk check": self = .check(try Self.question(request))
    case "halt", "resume", "kill": self = try Self.trade(name, request)
    default:
      self = .swap(
        slot: try Self.text(request, "slot"),
        to: PluginReference(try Self.text(request, "plugin")), try Self.options(request))
    }
  }

  private static func options(_ request: JSONValue) throws(CommandError) -> SwapOptions {
    var options = SwapOptions()
    if let value = request["orders"] {
      guard let orders = value.string.flatMap(SwapOptions.Orders.init) else {
        throw refusal(
          "orders", "there is no policy \(value.text())",
          Suggestion.remedy(
            for: value.display, among: SwapOptions.Orders.allCases.map(\.rawValue)))
      }
      options.orders = orders
    }
    if let value = request["isolation"] {
      guard let placement = value.string.flatMap(SwapPlacement.init) else {
        throw refusal(
          "isolation", "there is no placement \(value.text())",
          Suggestion.remedy(for: value.display, among: SwapPlacement.allCases.map(\.rawValue)))
      }
      options.placement = placement
    }
    if let count = try count(request, "shadow") { options.shadowBatches = count }
    if let count = try count(request, "probation") { options.probationBatches = count }
    options.requireEqual = try bool(request, "requireEqual")
    if let value = request["parameters"] { options.parameters = try parameters(value) }
    return options
  }

  static func parameters(
    _ value: JSONValue
  ) throws(CommandError) -> [(name: String, value: ParameterValue)] {
    guard let members = value.members else {
      throw refusal(
        "parameters", "expected an object, got \(value.text())", "give each parameter by its name")
    }
    var parameters: [(name: String, value: ParameterValue)] = []
    for member in members {
      guard let parameter = ParameterValue(member.value) else {
        throw refusal(
          "parameter \(member.key)", "no parameter can be \(member.value.text())",
          "use a boolean, a number or a string; text that looks otherwise goes in double quotes, "
            + "as in --set '\(member.key)=\"text\"'")
      }
      parameters.append((member.key, parameter))
    }
    return parameters
  }

  static func bool(_ request: JSONValue, _ key: String) throws(CommandError) -> Bool {
    guard let value = request[key] else { return false }
    guard let bool = value.bool else {
      throw refusal(key, "expected a boolean, got \(value.text())", "use true or false")
    }
    return bool
  }

  static func optionalText(
    _ request: JSONValue, _ key: String
  ) throws(CommandError) -> String? {
    request[key] == nil ? nil : try text(request, key)
  }

  static func text(_ request: JSONValue, _ key: String) throws(CommandError) -> String {
    guard let value = request[key] else {
      throw refusal(key, "it is missing", "add \"\(key)\" and a string")
    }
    guard let text = value.string, !text.isEmpty else {
      throw refusal(key, "expected a name, got \(value.text())", "give a string that is not empty")
    }
    return text
  }

  private static func count(_ request: JSONValue, _ key: String) throws(CommandError) -> UInt64? {
    guard let value = request[key] else { return nil }
    guard let count = value.integer.flatMap({ UInt64(exactly: $0) }) else {
      throw refusal(
        key, "expected a number of batches, got \(value.text())", "use a whole number from 0")
    }
    return count
  }

  static func refusal(
    _ subject: String, _ message: String, _ remedy: String
  ) -> CommandError {
    CommandError(.usage, subject: subject, message, remedy: remedy)
  }
}

extension ParameterValue {
  /// nil for what no parameter can be.
  init?(_ value: JSONValue) {
    if let bool = value.bool {
      self = .boolean(bool)
    } else if let integer = value.integer {
      self = .integer(integer)
    } else if let double = value.double {
      self = .decimal(double)
    } else if let text = value.string {
      self = .text(text)
    } else {
      return nil
    }
  }
}
