import Configuration
import JSON
import Market
import Sessions
import Storage
import Wording

/// `keel data`: make tapes, and look into them.
enum DataCommand {
  static let command = Command(
    name: "data", summary: "record market data to a tape, or describe a tape",
    subcommands: [generate, info])

  private static let generate = Command(
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
    run: runGenerate)

  private static let info = Command(
    name: "info", summary: "describe a tape and check every block of it",
    arguments: [CommandArgument("tape", "The file.")],
    seeAlso: ["data generate"],
    run: runInfo)

  private static func runGenerate(
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

  private static func runInfo(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let path = arguments.argument("tape") ?? ""
    let tape: Tape
    do throws(StorageError) {
      tape = try Tape(path: path)
      try tape.verify()
    } catch { throw CommandError(error) }
    var directory = Directory()
    for definition in tape.instruments { _ = directory.add(definition) }
    let symbols = directory.instruments.indices.map {
      directory.symbol(InstrumentID(rawValue: UInt32($0)))
    }
    func time(_ value: Int64?) -> String {
      value.map { UTCTime.text(Timestamp(nanoseconds: $0)) } ?? "none"
    }
    if arguments.isJSON {
      output.json([
        "tape": .string(path), "records": .integer(tape.recordCount),
        "firstTime": .string(time(tape.firstTime)), "lastTime": .string(time(tape.lastTime)),
        "instruments": .array(symbols.map { .string($0) }),
      ])
    } else {
      output.line("\(path): \(tape.recordCount) records, every block right")
      output.line("  from \(time(tape.firstTime)) to \(time(tape.lastTime))")
      output.line("  instruments: \(symbols.joined(separator: ", "))")
    }
    return .ok
  }
}
