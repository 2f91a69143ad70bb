@testable import keel

/// A small tree with one of everything, and whole command lines run against it.
struct SampleProgram {
  var environment: [String: String] = [:]
  var isTerminal = false

  struct Result {
    var code: ExitCode
    var answer: String
    var errors: String
  }

  static let root = Command(
    name: "keel", summary: "trades",
    options: [.flag("json", "One line of JSON.", isInherited: true)],
    subcommands: [
      Command(
        name: "backtest", summary: "run strategies over a tape",
        discussion: "First paragraph of what it does.\n\nSecond paragraph, about limits.",
        arguments: [
          CommandArgument("tape", "the tape to read"),
          CommandArgument("more", "further tapes", arity: .any),
        ],
        options: [
          .value("events", "N", "Stop after N events.", kind: .count, initial: "10"),
          .value(
            "config", "FILE", short: "c", "The file to read.", initial: "strategies.json",
            environment: "KEEL_CONFIG"),
          .value("fee", "FRACTION", "Taker fee.", kind: .decimal),
          .value("speed", "SPEED", "How fast.", kind: .choice(["real", "fastest"])),
          .value("set", "NAME=VALUE", "Set a parameter.", occurrence: .repeated),
          .flag("quiet", short: "q", "Say less."),
        ],
        examples: [Command.Example("keel backtest day.tape --events 5", "Five events.")],
        seeAlso: ["plugin list"], run: show),
      Command(
        name: "plugin", summary: "look at plugins",
        subcommands: [
          Command(name: "list", summary: "list plugins", run: { _, _ in .ok }),
          Command(
            name: "info", summary: "describe a plugin",
            arguments: [CommandArgument("index", "which", kind: .integer(0...9))],
            options: [
              .value("out", "FILE", "Where to.", occurrence: .required)
            ], run: { _, _ in .ok }),
        ]),
      Command(name: "swap", summary: "replace a strategy", run: refuse),
    ])

  /// What one command says, without a command line.
  static func result(_ body: (Output) -> Void) -> Result {
    let answers = OutputStream(capturingAsTerminal: false)
    let errors = OutputStream(capturingAsTerminal: false)
    let output = Output(answers: answers, errors: errors, environment: [:])
    body(output)
    return Result(code: output.finish(.ok), answer: answers.captured, errors: errors.captured)
  }

  func run(_ line: String) -> Result {
    let answers = OutputStream(capturingAsTerminal: isTerminal)
    let errors = OutputStream(capturingAsTerminal: isTerminal)
    let output = Output(answers: answers, errors: errors, environment: environment)
    let program = Program(root: Self.root, output: output, environment: environment)
    let code = output.finish(program.run(line.split(separator: " ").map(String.init)))
    return Result(code: code, answer: answers.captured, errors: errors.captured)
  }

  /// Echoes what was parsed, so that a test reads it as text.
  private static func show(_ arguments: ParsedArguments, _ output: Output) -> ExitCode {
    var parts = ["tape=\(arguments.argument("tape") ?? "-")"]
    parts.append("more=\(arguments.arguments("more"))")
    parts.append("events=\(arguments.integer("events") ?? -1)")
    parts.append("config=\(arguments.text("config") ?? "-")")
    parts.append("fee=\(arguments.text("fee") ?? "-")")
    parts.append("set=\(arguments.list("set"))")
    if arguments.flag("quiet") { parts.append("quiet") }
    if arguments.isJSON { parts.append("json") }
    output.line(parts.joined(separator: " "))
    return .ok
  }

  private static func refuse(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    throw CommandError(
      .refused, subject: "new.so", "it exports more than its entry",
      remedy: "Build it with plugin.map.", details: [CommandError.Detail("exports 'helper'")])
  }
}
