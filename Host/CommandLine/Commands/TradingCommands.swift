import JSON
import Wording

/// `keel halt`, `keel resume` and `keel kill`: trading itself, of one slot or of all.
enum TradingCommands {
  static let halt = Command(
    name: "halt", summary: "stop trading; orders stay where they are",
    discussion: """
      From the next turn on, which does not wait for data, nothing is accepted but cancels. With \
      --reducing what makes positions smaller still is. Open orders stay; keel kill cancels them. \
      The change is in the journal, with your name.
      """,
    options: [
      .configuration, .slot, .flag("reducing", "Let through what makes positions smaller."), .why,
    ],
    examples: [
      Command.Example("keel halt --why maintenance", "Everybody."),
      Command.Example("keel halt --slot trend --reducing", "One slot may only get out."),
    ],
    seeAlso: ["resume", "kill", "status"],
    run: { arguments, output throws(CommandError) in
      try order("halt", arguments, output, more: [("reducing", .bool(arguments.flag("reducing")))])
    })

  static let resume = Command(
    name: "resume", summary: "trade again after a halt or a kill",
    discussion: """
      With --slot the slot's own halt ends; one of everybody goes on binding it. A kill that has \
      not cancelled everything yet is called off.
      """,
    options: [.configuration, .slot, .why], seeAlso: ["halt", "kill", "status"],
    run: { arguments, output throws(CommandError) in
      try order("resume", arguments, output, more: [])
    })

  static let kill = Command(
    name: "kill", summary: "halt trading and cancel every open order",
    discussion: """
      The host cancels by itself, again until nothing is left; no plugin is asked, and a parked \
      one is not in the way. With --flatten it then closes what is held with market orders. \
      Trading stays halted until keel resume.

      The host is one thread: while a plugin does not return from a call, no command is heard. \
      Then end the host, and cancel at the venue.
      """,
    options: [
      .configuration, .slot, .flag("flatten", "Also close every position, at the market."), .why,
    ],
    examples: [Command.Example("keel kill --flatten", "Out of everything.")],
    seeAlso: ["halt", "resume", "status"],
    run: { arguments, output throws(CommandError) in
      try order("kill", arguments, output, more: [("flatten", .bool(arguments.flag("flatten")))])
    })

  private static func order(
    _ command: String, _ arguments: ParsedArguments, _ output: Output,
    more: [(String, JSONValue)]
  ) throws(CommandError) -> ExitCode {
    var request: [(String, JSONValue)] = [("command", .string(command))]
    if let slot = arguments.text("slot") { request.append(("slot", .string(slot))) }
    let answer = try HostCommands.ask(
      .object(request + more + Operator.members(arguments)), arguments)
    if arguments.isJSON {
      output.json(answer)
    } else {
      output.line(text(command, answer))
    }
    return .ok
  }

  private static func text(_ command: String, _ answer: JSONValue) -> String {
    let whose = answer["slot"]?.string.map { "trading of \($0)" } ?? "trading"
    var text = "\(whose): \(answer["state"]?.display ?? "")"
    if command == "kill" {
      text += "; cancelling \(Count.text(answer["orders"]?.integer ?? 0, "order"))"
      let positions = answer["positions"]?.integer ?? 0
      if positions > 0 { text += ", then closing \(Count.text(positions, "position"))" }
    }
    if command == "resume", answer["state"]?.string != "active" {
      text += "; that of everybody binds it (keel resume)"
    }
    return text
  }
}
