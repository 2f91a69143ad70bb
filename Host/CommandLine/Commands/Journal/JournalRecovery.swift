import JSON
import Sessions
import Storage

/// `keel journal recover`: the state a session would go on from.
enum JournalRecovery {
  static let command = Command(
    name: "recover", summary: "show the state that a journal leaves behind",
    discussion: """
      Does every whole turn again, without plugins, and shows what a host that starts again would \
      know: orders, positions, cash, limits, and which code ran where. Each turn's output is \
      compared with the record on the way. A turn that was cut off, as by kill -9, never \
      happened: its commands were not released. Before, the whole journal is checked as journal \
      verify does. Nothing is written.
      """,
    arguments: [JournalCommand.directory],
    examples: [
      Command.Example("keel journal recover run.journal", "What a killed session held."),
      Command.Example("keel journal recover run.journal --json", "The same, for a script."),
    ],
    seeAlso: ["journal verify", "journal replay"],
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let path = arguments.argument("journal") ?? ""
    // A snapshot spares the reading of what is before it, which may be damaged all the same.
    _ = try JournalVerify.inspect(path)
    let report: JSONValue
    do throws(StorageError) { report = try Recovery.run(directory: path).report } catch {
      throw CommandError(error)
    }
    if arguments.isJSON {
      output.json(report)
    } else {
      RecoveryText(path: path, report: report).write(to: output)
    }
    return .ok
  }
}
