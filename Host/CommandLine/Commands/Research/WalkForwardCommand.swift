import Configuration
import JSON
import Market
import Performance
import Research
import Sessions
import Storage
import Wording

/// `keel walkforward`: parameters fitted on what was, and traded on what came after, again and
/// again.
enum WalkForwardCommand {
  static let command = Command(
    name: "walkforward", summary: "fit parameters on the past, trade them on what follows",
    discussion: """
      Cuts the tapes into windows: in each fit window the search of keel sweep is run, and the \
      best it finds is traded in the test window that follows. The tests, one behind the other, \
      are what somebody would have earned who searched as you do; each begins with the equity of \
      the last one, and without positions.

      Test windows follow one another without a gap, the first one --fit after the data's \
      beginning; a last one that is shorter counts if it is at least half as long. A fit ends \
      where its test begins, less --purge, and begins --fit before its test (--rolling), or with \
      the data (--anchored). --embargo: a rolling fit that would begin within that time after \
      the end of an earlier test begins where it is over. Tests that lie inside of a fit stay \
      part of it.

      Everything is kept in DIR and goes on where it was stopped, as keel sweep does.
      """,
    options: [
      .value("fit", "TIME", "How long a fit is, such as 90d.", occurrence: .required),
      .value("test", "TIME", "How long a test is, such as 30d.", occurrence: .required),
      .flag("rolling", "Fits have one length and move along; so it is if nothing is said."),
      .flag("anchored", "Fits begin with the data and grow."),
      .value("purge", "TIME", "Leave out the end of each fit."),
      .value("embargo", "TIME", "Begin no fit so soon after an earlier test."),
    ] + CommandOption.research,
    examples: [
      Command.Example(
        "keel walkforward --tape year.tape --fit 90d --test 30d --param trend.fast=10:50:10 "
          + "--param trend.slow=100:300:50 -o forward", "Three months, then one, along a year.")
    ],
    seeAlso: ["sweep", "backtest"],
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let split = try split(arguments)
    let options = try ResearchOptions(arguments)
    let span = try span(arguments)
    let program = try options.program(hasWindow: false)
    let header = try options.header(
      "walkforward", isChosenByResults: true,
      [
        .init("--fit", DurationText.exact(split.fit)),
        .init("--test", DurationText.exact(split.test)),
        .init("the kind of fit", split.isAnchored ? "--anchored" : "--rolling"),
        .init("--purge", DurationText.exact(split.purge)),
        .init("--embargo", DurationText.exact(split.embargo)),
        .init("--trials", options.plan.method == .grid ? "all" : String(options.plan.trials)),
      ])
    Interruption.watch()
    let forward: WalkForward
    do throws(ResearchError) {
      forward = try WalkForward(
        WalkForward.Setup(
          plan: options.plan, objective: options.objective, tradesMin: options.tradesMin,
          program: program, jobs: options.jobs, pointsMax: options.pointsMax,
          retriesFailures: options.retriesFailures),
        windows: try split.windows(from: span.start, to: span.end), directory: options.directory,
        header: header)
      var fit = -1
      var line = ResearchProgress(title: "", now: 0)
      try forward.run(isInterrupted: { Interruption.isRequested }) { progress in
        if progress.fitted != fit {
          fit = progress.fitted
          let title = "fit \(fit + 1) of \(progress.windows)"
          line = ResearchProgress(title: title, now: MonotonicClock.now())
        }
        output.waiting(
          progress.sweep.map { line.text($0, now: MonotonicClock.now()) }
            ?? "tests  \(progress.tested) of \(progress.windows)")
      }
    } catch { throw CommandError(error) }
    if forward.tornBytes > 0 { output.note(SweepCommand.tornText(forward.tornBytes)) }
    let findings = WalkForwardFindings(
      forward.windows, fits: forward.fits, tests: forward.tests, space: options.plan.space,
      objective: options.objective)
    return try answer(findings, forward.fits, options, arguments, output)
  }

  private static func answer(
    _ findings: WalkForwardFindings, _ fits: [SweepFindings], _ options: ResearchOptions,
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    guard findings.curve.points.count > 1 else {
      let failure = fits.lazy.compactMap(\.firstFailure).first?.failure?.text
      let reason = findings.segments.lazy.compactMap(\.failure).first ?? "no test lasted"
      throw CommandError(
        subject: options.directory, "no segment was traded: \(reason)",
        remedy: "Mend what it names, then run the same command with --retry-failed",
        details: failure.map { [.init("a trial: \($0)")] } ?? [])
    }
    do throws(ResearchError) {
      let report = ResearchReport.walkForward(
        findings, title: "Walk forward of \(options.configuration.session.name)",
        facts: [
          .init("Search", options.plan.method.rawValue),
          .init("Objective", options.objective.name),
        ])
      try WholeFile.write(options.directory + "/report.html", HTMLReport(report).text)
      try WholeFile.write(options.directory + "/segments.csv", WalkForwardTable.text(findings))
    } catch { throw CommandError(error) }
    if arguments.isJSON {
      var value = findings.json
      value.set("directory", .string(options.directory))
      output.json(value)
    } else {
      WalkForwardText(findings: findings, directory: options.directory).write(to: output)
    }
    return .ok
  }

  private static func split(_ arguments: ParsedArguments) throws(CommandError) -> WindowSplit {
    func length(_ option: String) throws(CommandError) -> Nanoseconds {
      guard let text = arguments.text(option) else { return .zero }
      if let length = DurationText.parse(text) { return length }
      throw CommandError(
        .usage, subject: "--\(option)", "'\(text)' is no length of time",
        remedy: "Write \(DurationText.form), such as 30d")
    }
    guard !arguments.flag("anchored") || !arguments.flag("rolling") else {
      throw CommandError(
        .usage, subject: "--anchored", "a fit is either anchored or rolling",
        remedy: "Leave one of the two out")
    }
    let (fit, test) = (try length("fit"), try length("test"))
    let (purge, embargo) = (try length("purge"), try length("embargo"))
    do throws(ResearchError) {
      return try WindowSplit(
        fit: fit, test: test, isAnchored: arguments.flag("anchored"), purge: purge,
        embargo: embargo)
    } catch { throw CommandError(error) }
  }

  /// From the first record to behind the last one of all tapes, within --from and --to.
  private static func span(
    _ arguments: ParsedArguments
  ) throws(CommandError) -> (start: Timestamp, end: Timestamp) {
    let tapes = arguments.list("tape")
    guard !tapes.isEmpty else {
      throw CommandError(
        .usage, subject: "walkforward", "it needs data that can be cut by time",
        remedy: "Name a tape: --tape FILE; keel data generate writes one")
    }
    var (start, end) = (Timestamp.distantFuture, Timestamp.distantPast)
    for path in tapes {
      do throws(StorageError) {
        let tape = try Tape(path: path)
        guard let first = tape.firstTime, let last = tape.lastTime else { continue }
        start = min(start, Timestamp(nanoseconds: first))
        end = max(end, Timestamp(nanoseconds: last) + Nanoseconds(1))
      } catch { throw CommandError(error) }
    }
    if let from = try RecordSelection.time(arguments, "from") { start = max(start, from) }
    if let to = try RecordSelection.time(arguments, "to") { end = min(end, to) }
    guard start < end else {
      throw CommandError(
        .usage, subject: "--tape", "no record is left between --from and --to",
        remedy: "keel data info says from when to when a tape lasts")
    }
    return (start, end)
  }
}
