import Configuration
import JSON

/// `keel config`: judge a configuration before anything trades by it, and publish its schema.
enum ConfigCommand {
  static let command = Command(
    name: "config", summary: "check a configuration, or print its schema",
    subcommands: [check, schema])

  private static let check = Command(
    name: "check", summary: "report everything that is wrong with a configuration",
    discussion: """
      Reads the file as a session would and reports all defects at once, each with its line, its \
      path, what was found and what to write instead. Plugins are not loaded.
      """,
    arguments: [
      CommandArgument("file", "The file to check, instead of --config.", arity: .optional)
    ],
    options: [.configuration],
    examples: [
      Command.Example("keel config check", "Check strategies.json in this folder."),
      Command.Example("keel config check night.json --json", "Defects as JSON, for an editor."),
    ],
    seeAlso: ["config schema"],
    run: runCheck)

  private static let schema = Command(
    name: "schema", summary: "print the JSON Schema of configurations",
    discussion: """
      JSON Schema 2020-12, made from the same declarations that check a configuration. An editor \
      that knows JSON Schema completes and checks strategies.json with it.
      """,
    examples: [
      Command.Example("keel config schema > keel.schema.json", "Write it where an editor looks.")
    ],
    seeAlso: ["config check"],
    run: { _, output in
      output.line(Configuration.schema.trimmingLineEnd)
      return .ok
    })

  private static func runCheck(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    guard let file = arguments.argument("file") ?? arguments.text("config") else {
      preconditionFailure("--config has a default")
    }
    let configuration: Configuration
    do throws(ConfigurationErrors) {
      configuration = try Configuration.load(path: file)
    } catch {
      throw CommandError(error)
    }
    if arguments.isJSON {
      output.json([
        "file": .string(file), "isValid": true,
        "session": .string(configuration.session.name),
        "strategies": .array(configuration.strategies.map { .string($0.name) }),
        "instruments": .array(configuration.instruments.map { .string($0.symbol) }),
      ])
    } else {
      output.line(
        "\(file): session '\(configuration.session.name)' is valid: "
          + "\(configuration.strategies.count) strategies, "
          + "\(configuration.alphas.count) alphas, \(configuration.data.count) data sources, "
          + "\(configuration.instruments.count) instruments")
    }
    return .ok
  }
}

extension String {
  fileprivate var trimmingLineEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}
