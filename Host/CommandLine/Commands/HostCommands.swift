import Configuration
import Glibc
import JSON
import Networking
import Sessions

/// Commands to a host that is running: `status`, `swap`, `rollback`, `stop`.
enum HostCommands {
  static let status = Command(
    name: "status", summary: "show what a running session holds and does",
    options: [.configuration],
    examples: [Command.Example("keel status --json", "Everything, for a script.")],
    seeAlso: ["paper", "swap"],
    run: { arguments, output throws(CommandError) in
      let status = try ask(["command": "status"], arguments)
      if arguments.isJSON {
        output.json(status)
      } else {
        SessionText(status: status).write(to: output)
      }
      return .ok
    })

  static let swap = Command(
    name: "swap", summary: "replace a running strategy or alpha by another build",
    discussion: """
      The new code is verified, tried in a child process, loaded, given the old code's state and \
      the slot's open orders, and watched beside the old code on the same events. Then it decides, \
      from one event to the next. The old code stands by; when the new one fails, the old one \
      decides again in the same turn. Orders stay open throughout.
      """,
    arguments: [
      CommandArgument("slot", "The slot whose code is replaced."),
      CommandArgument("plugin", "A path of a library or bundle, a plugin id, or id@version."),
    ],
    options: [
      .configuration,
      .value(
        "orders", "POLICY",
        "What becomes of open orders: adopt keeps them; default adopt when state is carried over.",
        kind: .choice(SwapOptions.Orders.allCases.map(\.rawValue))),
      .value(
        "isolation", "PLACEMENT",
        "Where the new code runs: guard, in the host; process, in a worker of its own. Default: as "
          + "the slot is configured.",
        kind: .choice(SwapPlacement.allCases.map(\.rawValue))),
      .value(
        "shadow", "BATCHES", "How many batches the new code is watched before it decides.",
        kind: .integer(0...Int.max), initial: "20"),
      .value(
        "probation", "BATCHES", "How many batches the old code stands by afterwards.",
        kind: .integer(0...Int.max), initial: "200"),
      .value(
        "set", "NAME=VALUE", "A parameter of the new code; the slot's own apply otherwise.",
        occurrence: .repeated),
      .flag("require-equal", "Refuse when the two answered differently: for a refactoring."),
      .value(
        "until", "STATE",
        "Wait until the new code decides, or until its probation is over and it is confirmed.",
        kind: .choice(["decided", "confirmed"]), initial: "decided"),
      .flag("no-wait", "Return once the swap has begun."),
    ],
    examples: [
      Command.Example("keel swap trend .build/plugins/sma_crossover_2.so", "A build by its path."),
      Command.Example("keel swap trend dev.keel.sma-crossover@1.0.0", "An earlier version by id."),
    ],
    seeAlso: ["rollback", "status", "plugin list"],
    run: runSwap)

  static let rollback = Command(
    name: "rollback", summary: "give a slot back to the version that decided before",
    discussion: "Possible while that version stands by: until the swap's probation is over.",
    arguments: [CommandArgument("slot", "The slot.")],
    options: [.configuration],
    seeAlso: ["swap"],
    run: { arguments, output throws(CommandError) in
      _ = try ask(
        ["command": "rollback", "slot": .string(arguments.argument("slot") ?? "")], arguments)
      if arguments.isJSON { output.json(["ok": true]) } else { output.line("rolling back") }
      return .ok
    })

  static let stop = Command(
    name: "stop", summary: "end a running session in order",
    options: [.configuration],
    seeAlso: ["paper"],
    run: { arguments, output throws(CommandError) in
      _ = try ask(["command": "stop"], arguments)
      if arguments.isJSON { output.json(["ok": true]) } else { output.line("stopping") }
      return .ok
    })

  private static func runSwap(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    var request: [(String, JSONValue)] = [
      ("command", "swap"), ("slot", .string(arguments.argument("slot") ?? "")),
      ("plugin", .string(absolute(arguments.argument("plugin") ?? ""))),
      ("shadow", .integer(arguments.integer("shadow") ?? 20)),
      ("probation", .integer(arguments.integer("probation") ?? 200)),
      ("requireEqual", .bool(arguments.flag("require-equal"))),
    ]
    if let orders = arguments.text("orders") { request.append(("orders", .string(orders))) }
    if let placement = arguments.text("isolation") {
      request.append(("isolation", .string(placement)))
    }
    request.append(("parameters", .object(try parameters(arguments.list("set")))))
    let answer = try ask(.object(request), arguments)
    guard !arguments.flag("no-wait"), let index = answer["swap"]?.integer else {
      if arguments.isJSON { output.json(answer) } else { output.line("swap begun") }
      return .ok
    }
    return try follow(Int(index), arguments, output)
  }

  /// "quantity=0.1" as a number, "mode=fast" as text.
  static func parameters(
    _ settings: [String]
  ) throws(CommandError) -> [(String, JSONValue)] {
    var parameters: [(String, JSONValue)] = []
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw CommandError(
          .usage, subject: "--set", "expected NAME=VALUE, got '\(setting)'",
          remedy: "For example: --set quantity=0.1")
      }
      let text = String(parts[1])
      let scalar = (try? JSONValue.parse(text)) ?? .string(text)
      parameters.append((String(parts[0]), scalar))
    }
    return parameters
  }

  /// Shows each step as it happens, until the new code decides or the swap has failed.
  private static func follow(
    _ index: Int, _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    var shown = 0
    let waitsForConfirmation = arguments.text("until") == "confirmed"
    while true {
      let status = try ask(["command": "status"], arguments)
      guard let swaps = status["swaps"]?.elements, index < swaps.count else {
        throw CommandError(
          subject: "swap", "the host no longer knows this swap", remedy: "See keel status")
      }
      let report = swaps[index]
      let outcome = report["outcome"]?.string ?? ""
      let steps = report["steps"]?.elements ?? []
      if !arguments.isJSON {
        for step in steps.dropFirst(shown) { output.line(SwapText.line(step)) }
        shown = steps.count
      }
      output.flush()
      let isWaiting = outcome == "running" || outcome == "probation" && waitsForConfirmation
      if isWaiting { output.waiting(progress(status, of: report)) }
      if !isWaiting {
        if arguments.isJSON { output.json(report) } else { output.line(closing(report, outcome)) }
        return exitCode(outcome)
      }
      usleep(50_000)
    }
  }

  private static func progress(_ status: JSONValue, of report: JSONValue) -> String {
    let name = report["slot"]?.display ?? ""
    let slot = status["slots"]?.elements?.first { $0["name"]?.display == name }
    return (slot?["waitingFor"]?.string ?? "") + " (Ctrl-C leaves it running)"
  }

  private static func exitCode(_ outcome: String) -> ExitCode {
    switch SwapReport.Outcome(rawValue: outcome) {
    case .refused, .parked: .refused
    case .rolledBack: .failed
    case .running, .probation, .confirmed, nil: .ok
    }
  }

  private static func closing(_ report: JSONValue, _ outcome: String) -> String {
    let to = report["to"]?.display ?? ""
    switch outcome {
    case "probation":
      return "\(to) decides, on probation; the old version stands by (keel rollback)"
    case "confirmed": return "\(to) decides"
    case "rolled back": return "rolled back: \(report["from"]?.display ?? "") decides again"
    default: return "\(outcome): \(report["from"]?.display ?? "") goes on"
    }
  }

  /// The host has another working directory.
  static func absolute(_ plugin: String) -> String {
    guard case .path(let path) = PluginReference(plugin), !path.hasPrefix("/"),
      let here = getcwd(nil, 0)
    else { return plugin }
    defer { free(here) }
    return String(cString: here) + "/" + path
  }

  static func ask(
    _ request: JSONValue, _ arguments: ParsedArguments
  ) throws(CommandError) -> JSONValue {
    let configuration = try SessionLaunch.configuration(arguments)
    let answer: JSONValue
    do {
      let line = try ControlClient.request(
        path: SessionLaunch.controlPath(configuration), line: request.text(),
        timeoutMilliseconds: 30_000)
      answer = try JSONValue.parse(line)
    } catch let error as NetworkingError {
      throw CommandError(error)
    } catch {
      throw CommandError(subject: "host", "its answer is no JSON: \(error)", remedy: "See its log")
    }
    guard let error = answer["error"] else { return answer }
    throw CommandError(
      ExitCode(rawValue: Int32(error["exitCode"]?.integer ?? 1)) ?? .failed,
      subject: error["subject"]?.display ?? "", error["message"]?.display ?? "",
      remedy: error["remedy"]?.display ?? "")
  }
}
