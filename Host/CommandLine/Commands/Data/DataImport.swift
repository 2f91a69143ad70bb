import JSON
import Market
import MarketFiles
import Sessions
import Storage
import Wording

/// `keel data import`: files of vendors to one tape.
enum DataImport {
  static let command = Command(
    name: "import", summary: "write files of market data to a tape",
    discussion: """
      Reads CSV, also packed by gzip, or alone in a zip archive: bars, trades, quotes, books and \
      funding rates as Binance Vision and Tardis publish them, and any other table whose columns \
      --columns names. What a file holds is taken from its header or first rows, the unit of its \
      times and the length of its bars too; all of it is said, and can be stated instead.

      Files name the time at which a bar opens. A record of a bar has the time at which it closes, \
      as nothing of it is known before. Without --instrument or --symbol the symbol is taken from \
      the file, where it has one; without --tick and --lot they are the finest in the files.

      Several files become one tape, ordered by time, then by the order of the files. A FILE \
      written SYMBOL=FILE is of that instrument of the configuration. The tape stands there when \
      all is in it; nothing is ever overwritten.

      Layouts for files without a header: \
      \(MarketLayout.all.map { "\($0.name) (\($0.about))" }.joined(separator: "; ")).
      """,
    arguments: [
      CommandArgument("file", "What to read, or SYMBOL=FILE.", arity: .some)
    ],
    options: [
      .value(
        "output", "TAPE", short: "o", "The tape to write, which must not exist yet.",
        occurrence: .required),
      .value("format", "NAME", "The layout of files without a header."),
      .value("columns", "MAP", "Which column is what, as time=ts,open=2: by name or number."),
      .value(
        "time-unit", "UNIT", "What times count.", kind: .choice(TimeUnit.allCases.map(\.rawValue))),
      .value("interval", "LENGTH", "How long bars are, such as 1m, 4h or 1d."),
      .flag("sort", "Put rows in order of time; without it rows out of order are refused."),
      .flag("round", "Round numbers finer than tick or lot, half to even; else they are wrong."),
      .value(
        "on-error", "WHAT", "A row that is wrong ends the import, or is left out and counted.",
        kind: .choice(["stop", "skip"]), initial: "stop"),
    ] + ImportInstruments.options,
    examples: [
      Command.Example(
        "keel data import BTCUSDT-1m-2024-*.csv -o btc.tape --symbol BTCUSDT --venue binance",
        "A year of Binance Vision klines."),
      Command.Example(
        "keel data import trades.csv.gz quotes.csv.gz -o day.tape --instrument BTCUSDT",
        "Two Tardis files, merged by time, of an instrument of strategies.json."),
      Command.Example(
        "keel data import my.csv -o my.tape --symbol ABC --columns time=when,price=px,quantity=n",
        "A table of one's own."),
    ],
    seeAlso: ["data info", "data head", "data export", "backtest"],
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let path = arguments.text("output") ?? ""
    Interruption.watch()
    var plan = ImportPlan(try options(arguments), output)
    for argument in arguments.arguments("file") { try plan.add(argument) }
    let table = try ImportInstruments(arguments, output).table(&plan)
    var work: TapeImport
    do throws(StorageError) {
      work = try TapeImport(plan.inputs, table: table, to: path)
    } catch { throw CommandError(error) }
    let total = plan.inputs.reduce(0) { $0 + $1.file.bytes }
    var progress = output.beginProgress("import", unit: "bytes", total: total)
    let start = MonotonicClock.now()
    let report: TapeImport.Report
    do throws(TapeImport.Failure) {
      report = try work.run(isSorting: arguments.flag("sort")) { report in
        output.progress(&progress, done: report.bytesTaken)
        return !Interruption.isRequested
      }
    } catch {
      switch error {
      case .file(let error): throw CommandError(error)
      case .tape(let error): throw CommandError(error)
      }
    }
    guard !report.isInterrupted else {
      let reached = report.lastTime.map { " and \(Self.time($0))" } ?? ""
      throw CommandError(
        subject: path, "interrupted after \(report.records) records\(reached); nothing is kept",
        remedy: "Run it again")
    }
    say(report, path, Double(MonotonicClock.now() - start) / 1e9, arguments, output)
    return .ok
  }

  private static func options(
    _ arguments: ParsedArguments
  ) throws(CommandError) -> MarketFileOptions {
    var options = MarketFileOptions()
    if let name = arguments.text("format") {
      guard MarketLayout.named(name) != nil else {
        let names = MarketLayout.all.map(\.name)
        throw CommandError(
          .usage, subject: "--format",
          "there is no layout '\(name)'" + Suggestion.phrase(for: name, among: names),
          remedy: "Use one of: \(names.joined(separator: ", "))")
      }
      options.layout = name
    }
    if let map = arguments.text("columns") { options.columns = try columns(map) }
    options.timeUnit = arguments.text("time-unit").flatMap(TimeUnit.init)
    if let text = arguments.text("interval") {
      guard let length = BarInterval.nanoseconds(text) else {
        throw CommandError(
          .usage, subject: "--interval", "'\(text)' is no length of bars",
          remedy: "Write it as 30s, 1m, 4h, 1d or 1w")
      }
      options.interval = length
    }
    options.allowsAnyOrder = arguments.flag("sort")
    options.roundsFineNumbers = arguments.flag("round")
    options.skipsWrongRows = arguments.text("on-error") == "skip"
    return options
  }

  private static func columns(
    _ map: String
  ) throws(CommandError) -> [(role: ColumnRole, column: String)] {
    var columns: [(role: ColumnRole, column: String)] = []
    for part in map.split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      let names = ColumnRole.byName.map(\.name)
      guard pair.count == 2, let role = ColumnRole.byName.first(where: { $0.name == pair[0] })
      else {
        throw CommandError(
          .usage, subject: "--columns",
          pair.count == 2
            ? "there is no '\(pair[0])'" + Suggestion.phrase(for: pair[0], among: names)
            : "'\(part)' is not written as role=column",
          remedy: "Use these, each with its column: \(names.joined(separator: ", "))")
      }
      columns.append((role.role, pair[1]))
    }
    return columns
  }

  private static func time(_ nanoseconds: Int64) -> String {
    UTCTime.text(Timestamp(nanoseconds: nanoseconds))
  }

  private static func say(
    _ report: TapeImport.Report, _ path: String, _ seconds: Double, _ arguments: ParsedArguments,
    _ output: Output
  ) {
    for error in report.firstSkipped { output.note("left out: \(error.place): \(error.message)") }
    if report.rowsSkipped > report.firstSkipped.count {
      output.note("and \(report.rowsSkipped - report.firstSkipped.count) more rows")
    }
    if report.identifiersLost > 0 {
      output.note("\(report.identifiersLost) trade ids are no numbers, and are left out")
    }
    if report.numbersRounded > 0 {
      output.note("\(report.numbersRounded) numbers are rounded to the instrument's tick or lot")
    }
    let rate = Double(report.rows) / max(seconds, 1e-6)
    if arguments.isJSON {
      output.json([
        "tape": .string(path), "records": .integer(report.records), "rows": .integer(report.rows),
        "skipped": .integer(report.rowsSkipped), "rounded": .integer(report.numbersRounded),
        "firstTime": report.firstTime.map { .string(time($0)) } ?? .null,
        "lastTime": report.lastTime.map { .string(time($0)) } ?? .null,
        "seconds": .double(seconds), "rowsPerSecond": .double(rate),
      ])
      return
    }
    let span =
      report.firstTime.flatMap { first in
        report.lastTime.map { ", from \(time(first)) to \(time($0))" }
      } ?? ""
    output.line(
      "\(path): \(report.records) records of \(report.rows) rows, "
        + "\(report.rowsSkipped) skipped, \(Progress.short(rate)) rows/s\(span)")
  }
}
