import History
import JSON
import PluginBridge

/// `keel data export`: records of a tape for other programs.
enum DataExport {
  static let command = Command(
    name: "export", summary: "write a tape's records as CSV or JSON lines",
    discussion: """
      CSV is a table of one --type with all that its records hold: keel data import --like TAPE \
      makes the same records of it again. ndjson has one object a record, of any types. Prices and \
      quantities are decimals with the instrument's digits; times are UTC, and beside them \
      nanoseconds since 1970. The time of a bar is its close.
      """,
    arguments: [DataCommand.tape],
    options: [
      .value(
        "format", "FORMAT", "What to write.", kind: .choice(["csv", "ndjson"]), initial: "csv"),
      .value(
        "output", "FILE", short: "o",
        "Where to, a file that must not exist yet; standard output without it."),
      TapeSelection.types, TapeSelection.instruments, TapeSelection.from, TapeSelection.to,
    ],
    examples: [
      Command.Example("keel data export day.tape --type bar -o bars.csv", "All bars."),
      Command.Example(
        "keel data export day.tape --format ndjson --from 2024-01-01T09:30:00Z",
        "Everything from a time on."),
    ],
    seeAlso: ["data import", "data head"],
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let selection = try TapeSelection(arguments, hasEnd: true)
    let isTable = arguments.text("format") == "csv"
    let table = isTable ? RecordTable(type: try type(selection)) : nil
    guard let path = arguments.text("output") else {
      if arguments.isJSON, isTable {
        throw CommandError(
          .usage, subject: "--json", "a table is no JSON",
          remedy: "Use --format ndjson, or name a file with --output")
      }
      _ = write(selection, table, isBroken: { output.isBroken }) { output.text($0) }
      return .ok
    }
    let file = try ExportFile(path: path)
    let count = write(selection, table, isBroken: { file.isBroken }) { file.write($0) }
    try file.finish()
    if arguments.isJSON {
      output.json(["file": .string(path), "records": .integer(count)])
    } else {
      output.line("\(path): \(count) records")
    }
    return .ok
  }

  /// The one asked for, or the only one there is in the first records.
  private static func type(_ selection: TapeSelection) throws(CommandError) -> Int {
    if let type = selection.singleType { return type }
    let types = Set(RecordReader(selection.span).lazy.prefix(100_000).map(\.type))
    if let only = types.first, types.count == 1 { return only }
    let names = types.sorted().map(RecordKind.name).joined(separator: ", ")
    throw CommandError(
      .usage, subject: "--type", "a table has the columns of one type of records",
      remedy: types.isEmpty
        ? "Give one --type, such as trade"
        : "Give one --type of \(names); or use --format ndjson for all of them")
  }

  private static func write(
    _ selection: TapeSelection, _ table: RecordTable?, isBroken: () -> Bool,
    _ put: (String) -> Void
  ) -> Int {
    var selection = selection
    var count = 0
    if let table { put(table.header) }
    for record in RecordReader(selection.span) {
      selection.learn(record)
      guard selection.accepts(record) else { continue }
      put(table?.row(record, selection.text.names) ?? selection.text.json(record).text() + "\n")
      count += 1
      if isBroken() { break }
    }
    return count
  }
}
