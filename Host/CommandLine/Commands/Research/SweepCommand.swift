import Configuration
import JSON
import Performance
import Research
import Sessions
import Wording

/// `keel sweep`: many backtests with different parameters, each in a process of its own.
enum SweepCommand {
  static let command = Command(
    name: "sweep", summary: "try many parameters, and judge the best of them",
    discussion: """
      Runs keel backtest once for each point of a search, as many at once as there are cores, \
      each in a process of its own: a plugin that dies takes one trial with it. A grid is tried \
      whole; random draws different points; model chooses the next point by what was seen so \
      far, by a Gaussian process and expected improvement, and finds as much in fewer trials. \
      Equal seeds and equal --jobs try equal points.

      Every trial that ends is kept in DIR/trials.ndjson before the next is counted. The same \
      command goes on where it was stopped; another search finds the directory occupied. A trial \
      that fails is kept with its error, and tried again only with --retry-failed.

      The more is tried, the better the best looks by luck alone. The neighbours of the best, \
      the probability of backtest overfitting and the deflated Sharpe ratio say how much is \
      left.
      """,
    options: CommandOption.research,
    examples: [
      Command.Example(
        "keel sweep --tape day.tape --param trend.fast=10:50:10 --param trend.slow=100:300:50 "
          + "-o sweep", "A grid of 25 points."),
      Command.Example(
        "keel sweep --tape day.tape --param trend.fast=5..80 --param trend.slow=20..400 "
          + "--where trend.fast<trend.slow --search model --trials 60 -o sweep",
        "Sixty trials, chosen one by another."),
    ],
    seeAlso: ["walkforward", "backtest"],
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let options = try ResearchOptions(arguments)
    let header = try options.header("sweep", isChosenByResults: false)
    let program = try options.program(hasWindow: true)
    Interruption.watch()
    let sweep: Sweep
    do throws(ResearchError) {
      let log = try TrialLog(
        directory: options.directory, header: header,
        parameters: options.plan.space.parameters.map(\.name))
      if log.tornBytes > 0 { output.note(tornText(log.tornBytes)) }
      if options.retriesFailures { log.forgetFailures() }
      sweep = try Sweep(
        plan: options.plan, objective: options.objective, tradesMin: options.tradesMin, log: log,
        program: program, jobs: options.jobs, pointsMax: options.pointsMax)
      if sweep.progress.resumed > 0 {
        output.note("\(Count.text(sweep.progress.resumed, "trial")) done before, which stay")
      }
      let line = ResearchProgress(title: "sweep", now: MonotonicClock.now())
      try sweep.run(isInterrupted: { Interruption.isRequested }) { progress in
        output.waiting(line.text(progress, now: MonotonicClock.now()))
      }
    } catch { throw CommandError(error) }
    let findings = SweepFindings(
      sweep.trials, space: options.plan.space, objective: options.objective,
      tradesMin: options.tradesMin, isGrid: options.plan.method == .grid)
    try write(findings, sweep.trials, options)
    try answer(findings, sweep.progress, options, arguments, output)
    return .ok
  }

  static func tornText(_ bytes: Int) -> String {
    "the last line was never finished and is dropped (\(Count.text(bytes, "byte"))); its trial is "
      + "run again"
  }

  private static func write(
    _ findings: SweepFindings, _ trials: [TrialRecord], _ options: ResearchOptions
  ) throws(CommandError) {
    do throws(ResearchError) {
      try WholeFile.write(
        options.directory + "/results.csv",
        SweepTable.text(trials, space: options.plan.space, objective: options.objective))
      let report = ResearchReport.sweep(
        findings, title: "Sweep of \(options.configuration.session.name)",
        facts: [
          .init("Search", options.plan.method.rawValue),
          .init("Objective", options.objective.name),
          .init("Trials", String(trials.count)), .init("Failed", String(findings.failed)),
        ])
      if let report {
        try WholeFile.write(options.directory + "/report.html", HTMLReport(report).text)
      }
    } catch { throw CommandError(error) }
  }

  private static func answer(
    _ findings: SweepFindings, _ progress: Sweep.Progress, _ options: ResearchOptions,
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) {
    if findings.finished == 0 {
      let first = findings.firstFailure
      throw CommandError(
        subject: options.directory,
        "all \(Count.text(findings.failed, "trial")) failed",
        remedy: "Mend what they name, then run the same command with --retry-failed",
        details: first.map { [.init("trial \($0.number): \($0.failure?.text ?? "")")] } ?? [])
    }
    if arguments.isJSON {
      var value = findings.json(best: options.bestMax)
      value.set("directory", .string(options.directory))
      value.set("planned", .integer(progress.planned))
      value.set("resumed", .integer(progress.resumed))
      output.json(value)
      return
    }
    SweepText(findings: findings, options: options).write(to: output)
  }
}
