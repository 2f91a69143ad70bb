import Configuration
import JSON
import Sessions
import Storage

/// `keel data generate`: what the configured providers publish, as a tape.
enum DataGenerate {
  static let command = Command(
    name: "generate", summary: "write what the configured providers publish to a tape",
    discussion: "Runs the providers without any strategy. Equal seeds give equal tapes.",
    arguments: [CommandArgument("tape", "The file to write, which must not exist yet.")],
    options: [
      .configuration,
      .value(
        "events", "COUNT", "How many market events.", kind: .count, initial: "100000"),
    ],
    examples: [Command.Example("keel data generate day.tape --events 500000", "A long tape.")],
    seeAlso: ["data info", "backtest"],
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    var configuration = try SessionLaunch.configuration(arguments)
    configuration.strategies = []
    configuration.alphas = []
    let path = arguments.argument("tape") ?? ""
    let count = arguments.integer("events") ?? 100_000
    var progress = output.beginProgress("generate", unit: "events", total: count)
    let session: Session
    do throws(SessionError) {
      session = try Session.make(
        configuration, SessionOptions(storeDirectory: configuration.session.directory + "/store")
      ) { _, origin, text in output.note("\(origin): \(text)") }
      do throws(StorageError) {
        session.record(
          to: try TapeWriter(
            path: path, instruments: session.directory.instruments,
            created: configuration.session.start))
      } catch { throw SessionError(error) }
      var loop = SessionLoop(session: session, pace: .maximum, eventsMax: count)
      try loop.run { output.progress(&progress, done: $0.eventCount) }
      try session.finish()
    } catch { throw CommandError(error) }
    if arguments.isJSON {
      output.json(["tape": .string(path), "events": .integer(session.eventCount)])
    } else {
      output.line("\(path): \(session.eventCount) events; try keel backtest --tape \(path)")
    }
    return .ok
  }
}
