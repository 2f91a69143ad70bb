import History
import PluginBridge
import Storage

/// `keel data head`: some records of a tape in words.
enum DataHead {
  static let command = Command(
    name: "head", summary: "print the first or last records of a tape, one a line",
    arguments: [DataCommand.tape],
    options: [
      .value("count", "N", short: "n", "How many.", kind: .count, initial: "10"),
      TapeSelection.types, TapeSelection.instruments, TapeSelection.from,
      .flag("tail", "The last records instead of the first."),
    ],
    examples: [
      Command.Example("keel data head day.tape --type trade -n 3", "The first three trades."),
      Command.Example("keel data head day.tape --tail", "How it ends."),
    ],
    seeAlso: ["data info", "data export"],
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let selection = try TapeSelection(arguments, hasEnd: false)
    let count = arguments.integer("count") ?? 10
    let records = arguments.flag("tail") ? last(count, selection) : first(count, selection)
    for record in records {
      if arguments.isJSON {
        output.json(selection.text.json(record))
      } else {
        output.line(selection.text.line(record))
      }
      if output.isBroken { break }
    }
    return .ok
  }

  private static func first(_ count: Int, _ selection: TapeSelection) -> [Record] {
    var found: [Record] = []
    for record in RecordReader(selection.span) where selection.accepts(record) {
      found.append(record)
      if found.count >= count { break }
    }
    return found
  }

  /// Block by block from the end, so that a long tape is not read for its last records.
  private static func last(_ count: Int, _ selection: TapeSelection) -> [Record] {
    let tape = selection.tape
    var found: [Record] = []
    for block in (0..<tape.blockCount).reversed() where found.count < count {
      let records = RecordReader(tape.records(ofBlock: block)).filter(selection.accepts)
      found = records.suffix(count - found.count) + found
    }
    return found
  }
}
