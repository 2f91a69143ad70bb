import Backtesting
import Configuration
import Glibc
import Market
import Research
import Wording

/// What `keel sweep` and `keel walkforward` have in common: the search, the trials, and what makes
/// two runs the same.
struct ResearchOptions {
  let configuration: Configuration
  let plan: SearchPlan
  let objective: Objective
  let tradesMin: Int
  let jobs: Int
  let directory: String
  let bestMax: Int
  let retriesFailures: Bool
  private let plugins: SearchedPlugins
  private let arguments: ParsedArguments

  init(_ arguments: ParsedArguments) throws(CommandError) {
    self.arguments = arguments
    directory = arguments.text("output") ?? ""
    tradesMin = arguments.integer("minimum-trades") ?? 0
    bestMax = arguments.integer("best") ?? 10
    retriesFailures = arguments.flag("retry-failed")
    jobs = arguments.integer("jobs") ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    var configuration = try SessionLaunch.configuration(arguments)
    try SessionLaunch.apply(arguments.list("set"), to: &configuration)
    self.configuration = configuration
    do throws(ResearchError) {
      objective = try Objective.parse(arguments.text("objective") ?? "sharpe")
      let space = try SearchSpace(
        parameters: arguments.list("param"), constraints: arguments.list("where"))
      plan = try SearchPlan(
        space: space, method: SearchMethod(rawValue: arguments.text("search") ?? "") ?? .grid,
        trials: arguments.integer("trials"),
        seed: UInt64(arguments.integer("seed") ?? 1), concurrency: jobs)
    } catch { throw CommandError(error) }
    plugins = try SearchedPlugins(configuration)
    try checkSlots()
    try plugins.check(plan.space.parameters.map(\.name), option: "--param")
    try plugins.check(
      arguments.list("set").map { String($0.prefix { $0 != "=" }) }, option: "--set")
  }

  /// A slot that is not there would fail every trial.
  private func checkSlots() throws(CommandError) {
    var tried = configuration
    let overrides = plan.space.parameters.compactMap {
      ConfigurationOverride("\($0.name)=\($0.domain.value(atShare: 0).text)")
    }
    do throws(ConfigurationError) { try tried.apply(overrides) } catch {
      throw CommandError(.usage, subject: "--param", error.message, remedy: error.remedy)
    }
    for text in arguments.list("set") {
      let name = String(text.prefix { $0 != "=" })
      guard !plan.space.parameters.contains(where: { $0.name == name }) else {
        throw CommandError(
          .usage, subject: "--set", "\(name) is searched", remedy: "Leave it out of one of the two")
      }
    }
  }

  // The trials.

  /// A `keel backtest` in a process of its own. Without the window, which a walk-forward run gives
  /// each trial itself.
  func program(hasWindow: Bool) throws(CommandError) -> TrialProgram {
    var environment = ProcessEnvironment.values()
    // A trial that crashes is an outcome, not something to look into for seconds.
    if environment["SWIFT_BACKTRACE"] == nil { environment["SWIFT_BACKTRACE"] = "enable=no" }
    var timeout: Duration?
    if let text = arguments.text("timeout") {
      guard let length = DurationText.parse(text) else {
        throw CommandError(
          .usage, subject: "--timeout", "'\(text)' is no length of time",
          remedy: "Write \(DurationText.form)")
      }
      timeout = .nanoseconds(length.count)
    }
    return TrialProgram(
      executable: "/proc/self/exe", arguments: words(hasWindow: hasWindow) + ["--paths", "0"],
      environment: environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" },
      timeout: timeout)
  }

  /// `backtest` and what every trial takes.
  private func words(hasWindow: Bool) -> [String] {
    var words = ["backtest", "--config", arguments.text("config") ?? ""]
    for tape in arguments.list("tape") { words += ["--tape", tape] }
    for option in Self.passed where hasWindow || !["from", "to"].contains(option) {
      if let text = arguments.text(option) { words += ["--\(option)", text] }
    }
    if arguments.flag("trading-days") { words.append("--trading-days") }
    for text in arguments.list("set") { words += ["--set", text] }
    return words
  }

  private static let passed = ["from", "to", "events", "period", "risk-free"]

  /// The line that runs one point again, with all there is to see of it.
  func line(_ point: SearchPoint) -> String {
    let words =
      ["keel"] + words(hasWindow: true)
      + zip(plan.space.parameters, point.values).flatMap { ["--set", "\($0.name)=\($1.text)"] }
    return (words + ["-o", directory + "/best"]).map { word in
      word.allSatisfy { $0.isLetter || $0.isNumber || "-_./:=,".contains($0) }
        ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }.joined(separator: " ")
  }

  // What makes two runs the same.

  func header(
    _ kind: String, isChosenByResults: Bool, _ further: [SearchHeader.Fact] = []
  ) throws(CommandError) -> SearchHeader {
    // Another keel may fill orders otherwise.
    var facts = [SearchHeader.Fact("keel", VersionCommand.number)]
    do throws(ResearchError) {
      facts.append(
        SearchHeader.Fact(
          "the configuration", Fingerprint.text(configuration.canonicalText), isHash: true))
      facts.append(SearchHeader.Fact("a plugin", plugins.fingerprint, isHash: true))
      for (index, tape) in arguments.list("tape").enumerated() {
        facts.append(
          SearchHeader.Fact("tape \(index + 1)", try Fingerprint.file(tape), isHash: true))
      }
    } catch { throw CommandError(error) }
    for option in Self.passed {
      if let text = arguments.text(option) { facts.append(SearchHeader.Fact("--\(option)", text)) }
    }
    if arguments.flag("trading-days") { facts.append(SearchHeader.Fact("--trading-days", "on")) }
    for parameter in plan.space.parameters {
      let values = parameter.text.drop { $0 != "=" }.dropFirst()
      facts.append(SearchHeader.Fact("--param \(parameter.name)", String(values)))
    }
    let conditions = plan.space.constraints.map(\.text).joined(separator: " and ")
    facts.append(SearchHeader.Fact("--where", conditions.isEmpty ? "nothing" : conditions))
    facts.append(SearchHeader.Fact("--search", plan.method.rawValue))
    if plan.method != .grid { facts.append(SearchHeader.Fact("--seed", String(plan.seed))) }
    // What a model tries next follows from these, too.
    if plan.method == .model { facts.append(SearchHeader.Fact("--jobs", String(jobs))) }
    if isChosenByResults || plan.method == .model {
      facts.append(SearchHeader.Fact("--objective", objective.name))
      facts.append(SearchHeader.Fact("--minimum-trades", String(tradesMin)))
    }
    return SearchHeader(kind: kind, facts: facts + further)
  }

  /// How much of each trial's course is kept: less where there are many.
  var pointsMax: Int { max(128, min(2_000, 1_000_000 / plan.trials)) }
}

extension CommandOption {
  /// Of both commands, in the order of their manuals.
  static let research: [CommandOption] = [
    .configuration, .tapes, .from, .to, .set, .events,
    .value(
      "param", "SLOT.NAME=VALUES",
      "Search this parameter: 10:50:10, or 5,10,20, or 0.1..0.9, or log:0.001..1.0.",
      occurrence: .repeated),
    .value(
      "where", "CONDITION", "Only points that satisfy it, such as \"trend.fast<trend.slow\".",
      occurrence: .repeated),
    .value(
      "search", "METHOD", "Which points to try.",
      kind: .choice(SearchMethod.allCases.map(\.rawValue)), initial: "grid"),
    .value(
      "trials", "COUNT", "How many points, unless it is a grid; 100 if not said.", kind: .count),
    .value("seed", "NUMBER", "For random and model.", kind: .integer(0...Int.max), initial: "1"),
    .value(
      "objective", "FIGURE", "What to make as large as possible, by its name in the JSON summary.",
      initial: "sharpe"),
    .value(
      "minimum-trades", "COUNT", "Trials with fewer closed trades do not count.",
      kind: .integer(0...Int.max), initial: "0"),
    .value(
      "jobs", "COUNT", short: "j", "Trials at once; as many as there are cores.", kind: .count),
    .value("timeout", "TIME", "End and fail a trial that takes longer, such as 10m."),
    .value(
      "output", "DIR", short: "o", "Where trials are kept and reports written.",
      occurrence: .required),
    .value("best", "COUNT", "How many trials to show.", kind: .count, initial: "10"),
    .flag("retry-failed", "Run trials again that failed before."),
    .value(
      "period", "PERIOD", "Take returns by it.", kind: .choice(Sampling.names.map(\.name))),
    .flag("trading-days", "Years of 252 days, as stocks have them."),
    .value("risk-free", "RATE", "Of a year, such as 0.02; taken off in ratios."),
  ]
}
