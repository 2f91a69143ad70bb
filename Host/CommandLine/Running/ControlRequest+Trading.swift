import Configuration
import JSON
import Market
import Sessions
import Wording

/// What an operator does to limits and to trading itself.
extension ControlRequest {
  static func limits(_ request: JSONValue) throws(CommandError) -> ControlRequest {
    let target = try target(request)
    guard let written = request["limits"] else {
      throw refusal("limits", "it is missing", "add \"limits\", an object of names and values")
    }
    guard written.members?.isEmpty != true else {
      throw refusal("limits", "none is named", "name at least one")
    }
    let settings: [RiskLimitSetting]
    do throws(ConfigurationErrors) {
      settings = try RiskLimitName.settings(written, of: target.holder)
    } catch { throw refusal(error) }
    return .setLimits(settings, target, try note(request))
  }

  private static func target(_ request: JSONValue) throws(CommandError) -> LimitTarget {
    let slot = try optionalText(request, "slot")
    guard let name = try optionalText(request, "class") else {
      return slot.map { .slot($0) } ?? .all
    }
    guard slot == nil else {
      throw refusal("class", "a limit binds a slot or a class", "leave one of the two out")
    }
    let known = RiskConfiguration.classNames
    guard let found = known.first(where: { $0.0 == name }) else {
      throw refusal(
        "class", "there is no asset class '\(name)'",
        Suggestion.remedy(for: name, among: known.map(\.0)))
    }
    return .assetClass(found.1)
  }

  private static func refusal(_ errors: ConfigurationErrors) -> CommandError {
    let first = errors.errors[0]
    return CommandError(
      .usage, subject: first.path.isEmpty ? "limits" : first.path, first.message,
      remedy: first.remedy.isEmpty ? "see keel risk show for names and units" : first.remedy,
      details: errors.errors.count == 1 ? [] : errors.errors.map { .init($0.description) })
  }

  static func question(_ request: JSONValue) throws(CommandError) -> OrderQuestion {
    let side: Side
    switch try text(request, "side") {
    case "buy": side = .buy
    case "sell": side = .sell
    case let other: throw refusal("side", "there is no side '\(other)'", "use buy or sell")
    }
    return OrderQuestion(
      slot: try text(request, "slot"), side: side, instrument: try text(request, "instrument"),
      quantity: try text(request, "quantity"), price: try optionalText(request, "price"))
  }

  static func trade(
    _ command: String, _ request: JSONValue
  ) throws(CommandError) -> ControlRequest {
    let order: TradingOrder
    switch command {
    case "halt": order = try bool(request, "reducing") ? .reduce : .halt
    case "kill": order = .kill(flattens: try bool(request, "flatten"))
    default: order = .resume
    }
    return .trade(order, slot: try optionalText(request, "slot"), try note(request))
  }

  private static func note(_ request: JSONValue) throws(CommandError) -> OperatorNote {
    OperatorNote(
      who: try optionalText(request, "who") ?? "", why: try optionalText(request, "why") ?? "")
  }
}
