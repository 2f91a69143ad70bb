import History
import JSON
import PluginBridge

/// `keel journal export`: records for other programs, as a table of one type or as JSON lines.
enum JournalExport {
  static let command = Command(
    name: "export", summary: "write a journal's records as CSV or JSON lines",
    discussion: """
      CSV (RFC 4180) is a table of one --type, whose columns are the same in every journal. \
      ndjson has one object a record, of any types, as journal dump --json prints them. Prices \
      and quantities are decimals with the instrument's digits; times are UTC, and beside them \
      nanoseconds since 1970. A value that is absent is an empty field or null.
      """,
    arguments: [JournalCommand.directory],
    options: [
      .value(
        "format", "FORMAT", "What to write.", kind: .choice(["csv", "ndjson"]),
        occurrence: .required),
      .value(
        "output", "FILE", short: "o",
        "Where to, a file that must not exist yet; standard output without it."),
      RecordSelection.types,
    ] + RecordSelection.options,
    examples: [
      Command.Example(
        "keel journal export run.journal --format csv --type fill -o fills.csv",
        "Every execution, with slot, price and fee."),
      Command.Example(
        "keel journal export run.journal --format ndjson --slot trend", "All one slot did."),
    ],
    seeAlso: ["journal dump"],
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let selection = try RecordSelection(arguments)
    let table = try table(arguments, selection)
    guard let path = arguments.text("output") else {
      if arguments.isJSON, table != nil {
        throw CommandError(
          .usage, subject: "--json", "a table is no JSON",
          remedy: "Use --format ndjson, or name a file with --output")
      }
      try write(selection, table, isBroken: { output.isBroken }) { output.text($0) }
      return .ok
    }
    // A journal that cannot be read leaves no file behind.
    let file = try ExportFile(path: path)
    let count = try write(selection, table, isBroken: { file.isBroken }) { file.write($0) }
    try file.finish()
    if arguments.isJSON {
      output.json(["file": .string(path), "records": .integer(count)])
    } else {
      output.line("\(path): \(count) records")
    }
    return .ok
  }

  /// nil for JSON lines.
  private static func table(
    _ arguments: ParsedArguments, _ selection: RecordSelection
  ) throws(CommandError) -> RecordTable? {
    guard arguments.text("format") == "csv" else { return nil }
    guard selection.filter.types.count == 1, let type = selection.filter.types.first else {
      throw CommandError(
        .usage, subject: "--type", "a table has the columns of one type of records",
        remedy: "Give one --type, such as fill; or use --format ndjson for several")
    }
    return RecordTable(type: type)
  }

  /// How many records were written.
  @discardableResult
  private static func write(
    _ selection: RecordSelection, _ table: RecordTable?, isBroken: () -> Bool,
    _ put: (String) -> Void
  ) throws(CommandError) -> Int {
    var count = 0
    if let table { put(table.header) }
    try selection.read(take: { record, text in
      put(table?.row(record, text.names) ?? text.json(record).text() + "\n")
      count += 1
      return isBroken() ? .enough : .more
    })
    return count
  }
}
