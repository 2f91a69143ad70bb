import Glibc
import History

/// `keel journal dump`: records in words, also of a journal that is being written.
enum JournalDump {
  static let command = Command(
    name: "dump", summary: "print a journal's records, one a line",
    discussion: """
      With --follow it goes on as the session writes, until it is interrupted or has printed as \
      many as --limit says.
      """,
    arguments: [JournalCommand.directory],
    options: [RecordSelection.types] + RecordSelection.options + [
      .value("limit", "COUNT", "At most this many.", kind: .count),
      .flag("follow", short: "f", "Wait for more where the journal ends."),
    ],
    examples: [
      Command.Example("keel journal dump run.journal --type fill --type slot", "Fills and swaps."),
      Command.Example("keel journal dump run.journal --slot trend --follow", "One slot, live."),
    ],
    seeAlso: ["journal export"],
    run: run)

  private static let napNanoseconds = 50_000_000

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let selection = try RecordSelection(arguments)
    let follows = arguments.flag("follow")
    if follows { Interruption.watch() }
    var left = arguments.integer("limit") ?? .max
    try selection.read(
      take: { record, text in
        if arguments.isJSON {
          output.json(text.json(record))
        } else {
          output.line(text.line(record))
        }
        left -= 1
        return left > 0 && !output.isBroken ? .more : .enough
      },
      wait: {
        guard follows else { return false }
        output.flush()
        var nap = timespec(tv_sec: 0, tv_nsec: napNanoseconds)
        nanosleep(&nap, nil)
        return !Interruption.isRequested && !output.isBroken
      })
    return .ok
  }
}
