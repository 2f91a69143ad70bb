import Backtesting
import Configuration
import JSON
import Kernel
import Market
import Performance
import Sessions
import Wording

/// `keel backtest`: the same session as paper trading, as fast as it goes, and what it was worth.
enum BacktestCommand {
  static let command = Command(
    name: "backtest", summary: "run the configured strategies over data, and judge them",
    discussion: """
      Runs every configured alpha and strategy through the kernel, the risk limits and the \
      simulated venue that paper trading uses, and prints what came of it. Equal data, \
      configuration and seed give equal results, and with --journal equal bytes.

      Without --tape the configured data providers are the source. One that never ends is ended by \
      --events, or by Ctrl-C, which closes the run in order, says so in its results, and ends with \
      130. Several tapes are merged by time.

      With --output a directory is written: report.html to look at and print, report.json, and \
      equity, trades, orders and fills as CSV. Ratios come from returns of a period that fits the \
      data's length, unless --period says another; a year has 365 days, or 252 with --trading-days.
      """,
    options: [
      .configuration, .tapes, .from, .to, .set, .events, .journal, .record,
      .value(
        "output", "DIR", short: "o", "Write the report and its tables into this new directory."),
      .value(
        "period", "PERIOD", "Take returns by it.", kind: .choice(Sampling.names.map(\.name))),
      LookaheadCommand.option,
      .value(
        "scenario", "NAME",
        "What if: crash, gap, illiquidity or outage, such as crash:size=0.4,length=2h,at=TIME."),
      .flag("trading-days", "Years of 252 days, as stocks have them."),
      .value("risk-free", "RATE", "Of a year, such as 0.02; taken off in ratios.", initial: "0"),
      .value(
        "paths", "COUNT", "How many orders of returns and trades to draw; 0 draws none.",
        kind: .integer(0...1_000_000), initial: "10000"),
    ],
    examples: [
      Command.Example("keel backtest --events 100000", "The first 100,000 events."),
      Command.Example("keel backtest --tape day.tape -o report", "And a page to look at."),
      Command.Example("keel backtest --set trend.fast=20", "With another value of a parameter."),
    ],
    seeAlso: ["paper", "data import", "data generate", "journal replay"],
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    if arguments.flag("check-lookahead") { return try LookaheadCommand.run(arguments, output) }
    let options = try self.options(arguments)
    var folder: ReportFolder?
    if let path = arguments.text("output") { folder = try ReportFolder(path: path) }
    let launch = try SessionLaunch(
      arguments, output, journal: arguments.text("journal"),
      scenario: arguments.text("scenario"))
    let backtest = Backtest(launch.session, launch.configuration, options) { names in
      folder?.rows(names)
    }
    let status = try trade(launch, arguments, output)
    try checkRun(launch, arguments)
    let report = backtest.report(
      launch.session, data: data(arguments, launch.configuration),
      run: facts(launch, arguments))
    if let folder { try folder.write(report) }
    say(report, status, folder, arguments, output)
    return Interruption.isRequested ? .interrupted : .ok
  }

  /// A run that says nothing is no result.
  private static func checkRun(
    _ launch: SessionLaunch, _ arguments: ParsedArguments
  ) throws(CommandError) {
    let session = launch.session
    guard session.eventCount > 0 || Interruption.isRequested else {
      throw CommandError(
        subject: data(arguments, launch.configuration).joined(separator: ", "),
        "there is no market data to run over",
        remedy: "Name a tape, a provider in \"data\", and times that it covers")
    }
    guard session.state.portfolio.equity != nil || Interruption.isRequested else {
      let asset = session.directory.assets[Int(session.reportingAsset.rawValue)]
      throw CommandError(
        subject: "account", "what it holds cannot be counted in \(asset): a rate is missing",
        remedy: "Add it to risk.rates, deposit \(asset), or choose risk.reporting")
    }
  }

  private static func options(
    _ arguments: ParsedArguments
  ) throws(CommandError) -> Backtest.Options {
    var options = Backtest.Options()
    if let name = arguments.text("period") {
      options.sampling = Sampling.names.first { $0.name == name }?.period
    }
    if arguments.flag("trading-days") { options.periodsPerYear = .businessDays() }
    let text = arguments.text("risk-free") ?? "0"
    guard let rate = Double(text), rate.isFinite, abs(rate) < 1 else {
      throw CommandError(
        .usage, subject: "--risk-free", "'\(text)' is no rate of a year",
        remedy: "Write it as a fraction, such as 0.02")
    }
    options.riskFree = rate
    options.paths = arguments.integer("paths") ?? 0
    return options
  }

  /// Until the data ends. What the session says of itself at the end comes back.
  private static func trade(
    _ launch: SessionLaunch, _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> JSONValue {
    let events = arguments.integer("events")
    var loop = SessionLoop(session: launch.session, pace: .maximum, eventsMax: events)
    let end = try loop.runToEnd("backtest", output)
    if !arguments.isJSON {
      let rate = Double(launch.session.eventCount) / (Double(max(1, end.nanoseconds)) / 1e9)
      output.note(
        "\(launch.session.eventCount) events in \(SwapReport.duration(end.nanoseconds)), "
          + "\(Progress.short(rate)) events/s")
    }
    return end.status
  }

  private static func data(
    _ arguments: ParsedArguments, _ configuration: Configuration
  ) -> [String] {
    let tapes = arguments.list("tape").map { $0.split(separator: "/").last.map(String.init) ?? $0 }
    return tapes.isEmpty ? configuration.data.map(\.name) : tapes
  }

  private static func facts(
    _ launch: SessionLaunch, _ arguments: ParsedArguments
  ) -> [BacktestReport.Fact] {
    var facts = [
      BacktestReport.Fact("Events", String(launch.session.eventCount)),
      BacktestReport.Fact("Turns", String(launch.session.turns)),
      BacktestReport.Fact("Seed", String(launch.configuration.session.seed)),
      BacktestReport.Fact("Risk", launch.configuration.risk.preset.rawValue),
    ]
    if let scenario = arguments.text("scenario") {
      facts.append(BacktestReport.Fact("Scenario", scenario))
    }
    if Interruption.isRequested {
      facts.append(BacktestReport.Fact("Ended", "interrupted before the data's end"))
    }
    if let journal = arguments.text("journal") {
      facts.append(BacktestReport.Fact("Journal", journal))
    }
    return facts
  }

  // MARK: saying it

  private static func say(
    _ report: BacktestReport, _ status: JSONValue, _ folder: ReportFolder?,
    _ arguments: ParsedArguments, _ output: Output
  ) {
    if arguments.isJSON {
      var answer = report.json()
      answer.set("session", status)
      output.json(answer)
      return
    }
    let text = SummaryText(report)
    output.line("\(report.title) on \(report.subtitle)")
    output.line(text.span)
    output.line()
    text.figures.forEach { output.line($0) }
    output.line()
    group("STRATEGY", text.strategies, output)
    if report.instruments.count > 1 { group("INSTRUMENT", text.instruments, output) }
    output.line()
    SessionText(status: status).write(to: output)
    if Interruption.isRequested { output.note("interrupted before the data's end") }
    for warning in report.findings { output.note(warning.text) }
    if let folder { output.line("\(folder.path)/report.html") }
  }

  private static func group(_ title: String, _ rows: [[String]], _ output: Output) {
    guard !rows.isEmpty else { return }
    var table = Table(
      [.leading(title)] + SummaryText.groupColumns.dropFirst().map { .trailing($0) })
    rows.forEach { table.add($0) }
    output.table(table)
  }
}
