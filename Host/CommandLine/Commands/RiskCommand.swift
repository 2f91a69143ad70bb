import Configuration
import JSON

/// `keel risk`: the limits of a running session, changed and asked while it trades.
enum RiskCommand {
  static let command = Command(
    name: "risk", summary: "show, change and try the limits of a running session",
    subcommands: [show, set, check])

  private static let show = Command(
    name: "show", summary: "every limit, on or off, and how near it is",
    discussion: """
      Limits are named as in strategies.json. Worth is counted in the reporting asset; a fraction \
      is 1 for the whole. USED is what there is at this moment, before any further order; it is \
      empty where a limit is held against the order alone.
      """,
    options: [.configuration, .value("slot", "NAME", "Leave the other slots out.")],
    seeAlso: ["risk set", "risk check", "status"],
    run: { arguments, output throws(CommandError) in
      var request: [(String, JSONValue)] = [("command", "risk show")]
      if let slot = arguments.text("slot") { request.append(("slot", .string(slot))) }
      let answer = try HostCommands.ask(.object(request), arguments)
      if arguments.isJSON {
        output.json(answer)
      } else {
        RiskText(status: answer).write(to: output)
      }
      return .ok
    })

  private static let set = Command(
    name: "set", summary: "change limits while trading, all of them at once",
    discussion: """
      Names, units and ranges are those of strategies.json, and off switches a limit off. All that \
      is named changes in one turn, or nothing does. The change is in the journal, with your name; \
      strategies.json stays as it is.
      """,
    arguments: [
      CommandArgument("limit", "NAME=VALUE, such as positionWorthMax=50000.", arity: .some)
    ],
    options: [
      .configuration, .slot,
      .value("class", "NAME", "Positions in instruments of this asset class."), .why,
    ],
    examples: [
      Command.Example(
        "keel risk set drawdownReduce=0.05 drawdownStop=0.1 --why election",
        "Two that belong together."),
      Command.Example("keel risk set dailyTradesMax=off --slot trend", "One slot."),
    ],
    seeAlso: ["risk show", "config schema"],
    run: runSet)

  private static let check = Command(
    name: "check", summary: "what risk would say of an order, without placing it",
    discussion: """
      Asks every check with the session's book, positions and limits of this moment, and changes \
      nothing. Ends with 4 when the order would be refused.
      """,
    arguments: [
      CommandArgument("side", "buy or sell.", kind: .choice(["buy", "sell"])),
      CommandArgument("instrument", "Its symbol."),
      CommandArgument("quantity", "How much, such as 0.5.", kind: .decimal),
      CommandArgument(
        "price", "@PRICE of a limit order; a market order without.", arity: .optional),
    ],
    options: [
      .configuration,
      .value("slot", "NAME", "The slot that would place it.", occurrence: .required),
    ],
    examples: [
      Command.Example("keel risk check --slot trend buy BTCUSDT 0.5 @40000", "A limit order.")
    ],
    seeAlso: ["risk show"],
    run: runCheck)

  private static func runSet(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    var request: [(String, JSONValue)] = [
      ("command", "risk set"), ("limits", .object(try limits(arguments.arguments("limit")))),
    ]
    for key in ["slot", "class"] {
      if let name = arguments.text(key) { request.append((key, .string(name))) }
    }
    let answer = try HostCommands.ask(
      .object(request + Operator.members(arguments)), arguments)
    if arguments.isJSON {
      output.json(answer)
      return .ok
    }
    for step in answer["limits"]?.elements ?? [] {
      let unit = step["unit"]?.string ?? ""
      output.line(
        "\(step["name"]?.display ?? ""): \(step["old"]?.display ?? "") -> "
          + "\(step["new"]?.display ?? "")" + (unit.isEmpty ? "" : " (\(unit))"))
    }
    return .ok
  }

  /// As strategies.json would have them.
  private static func limits(_ texts: [String]) throws(CommandError) -> [(String, JSONValue)] {
    var limits: [(String, JSONValue)] = []
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw CommandError(
          .usage, subject: text, "expected NAME=VALUE",
          remedy: "For example: keel risk set positionWorthMax=50000")
      }
      let (name, value) = (String(parts[0]), String(parts[1]))
      guard !limits.contains(where: { $0.0 == name }) else {
        throw CommandError(
          .usage, subject: name, "it is named twice", remedy: "Give it one value")
      }
      limits.append((name, RiskLimitName(rawValue: name)?.written(value) ?? .string(value)))
    }
    return limits
  }

  private static func runCheck(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    var request: [(String, JSONValue)] = [("command", "risk check")]
    for key in ["side", "instrument", "quantity"] {
      request.append((key, .string(arguments.argument(key) ?? "")))
    }
    request.append(("slot", .string(arguments.text("slot") ?? "")))
    if let price = arguments.argument("price") {
      guard price.hasPrefix("@"), price.count > 1 else {
        throw CommandError(
          .usage, subject: price, "a price is written behind @", remedy: "For example: @40000")
      }
      request.append(("price", .string(String(price.dropFirst()))))
    }
    let answer = try HostCommands.ask(.object(request), arguments)
    if arguments.isJSON {
      output.json(answer)
    } else {
      RiskText.lines(ofCheck: answer).forEach { output.line($0) }
    }
    return answer["approved"]?.bool == true ? .ok : .refused
  }
}
