import JSON
import Market
import MarketHistory
import PluginBridge
import Storage
import Wording

/// `keel data check`: what is wrong with a tape, and how much of its time it covers.
enum DataCheck {
  static let command = Command(
    name: "check", summary: "look for gaps, duplicates and impossible records on a tape",
    discussion: """
      Looks at every record once. Errors cannot be so: impossible prices, trades or bars twice, \
      books that break their own rules. Warnings may be so and are worth a look: gaps, bad prints, \
      frozen prices. Notes are to be known. Counts are exact; of each kind the worst are shown. A \
      repetition is found among the latest 8192 trades of a stream.

      A silence of trades or quotes is a gap when it is longer than 100 median spacings, 5 times \
      what 99 of 100 stay below, and a second; or longer than --max-gap. A move is a jump beyond \
      20 deviations of the latest moves, by their median, and 30 basis points; one that comes \
      straight back is a bad print.

      Holes of half an hour and more that come back at the same hours, three times and every week, \
      are taken for a market's closing: they are noted and not missing.

      With --against, bars of both tapes are held against each other, instrument by instrument.

      The exit code is 1 where there are errors.
      """,
    arguments: [CommandArgument("tape", "The file.")],
    options: [
      .value("against", "TAPE", "Compare with this tape of another source."),
      .value("interval", "TIME", "Of the bars compared, such as 5m; 1m without it."),
      .value("tolerance", "BPS", "Prices may differ by so many basis points.", kind: .decimal),
      .value(
        "max-gap", "TIME",
        "Longer silences are gaps; of bars, shorter holes are none, such as 4d for holidays."),
      .value(
        "examples", "COUNT", "Shown for each kind.", kind: .integer(1...1_000), initial: "3"),
      .flag(
        "always-open", "Nothing closes: holes at the same hours each day or week are missing too."),
      .flag("strict", "Warnings too make the exit code 1."),
    ],
    examples: [
      Command.Example("keel data check day.tape", "A report."),
      Command.Example(
        "keel data check day.tape --against other.tape --interval 5m", "Two sources."),
      Command.Example("keel data check day.tape --strict --json", "For a script."),
    ],
    seeAlso: ["data info", "data resample"],
    run: run)

  private static let stride = 4_096

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let options = try options(arguments)
    let interval = try duration(arguments, "interval")
    if arguments.text("against") == nil {
      for name in ["interval", "tolerance"] where arguments.text(name) != nil {
        throw CommandError(
          .usage, subject: "--\(name)", "goes with --against",
          remedy: "Name the tape to compare with, or leave it out")
      }
    }
    let contents = try TapeContents(path: arguments.argument("tape") ?? "")
    do throws(StorageError) { try contents.tape.verify() } catch { throw CommandError(error) }
    Interruption.watch()
    var check = QualityCheck(contents.tape.instruments, options)
    var progress = output.beginProgress(
      "check", unit: "records", total: contents.tape.recordCount)
    for record in contents.records {
      check.take(record)
      guard check.records % stride == 0 else { continue }
      output.progress(&progress, done: check.records)
      try checkInterruption()
    }
    var report = QualityText(contents, check.finish())
    if let path = arguments.text("against") {
      var comparison = try TapeComparison(
        contents, TapeContents(path: path), interval ?? .seconds(60), options)
      try comparison.run(checkInterruption)
      report.compared = comparison
    }
    if arguments.isJSON { output.json(report.value) } else { report.say(output) }
    let isBad = report.errors > 0 || arguments.flag("strict") && report.warnings > 0
    return isBad ? .failed : .ok
  }

  private static func checkInterruption() throws(CommandError) {
    guard Interruption.isRequested else { return }
    throw CommandError(.failed, "it was interrupted before the end", remedy: "start it again")
  }

  private static func options(
    _ arguments: ParsedArguments
  ) throws(CommandError) -> QualityOptions {
    var options = QualityOptions()
    options.gapMax = try duration(arguments, "max-gap")
    options.isAlwaysOpen = arguments.flag("always-open")
    options.examplesMax = arguments.integer("examples") ?? 3
    if let text = arguments.text("tolerance"), let tolerance = Double(text) {
      options.toleranceBasisPoints = tolerance
    }
    return options
  }

  private static func duration(
    _ arguments: ParsedArguments, _ option: String
  ) throws(CommandError) -> Nanoseconds? {
    guard let text = arguments.text(option) else { return nil }
    if let duration = DurationText.parse(text) { return duration }
    throw CommandError(
      .usage, subject: "--\(option)", "'\(text)' is no length of time",
      remedy: "Write \(DurationText.form), such as 5m")
  }
}
