import Backtesting
import Configuration
import History
import JSON
import Market
import PluginABI
import Sessions
import Wording

/// `keel backtest --check-lookahead`: the run again over data that ends early.
enum LookaheadCommand {
  static let option = CommandOption.flag(
    "check-lookahead",
    "Run again on data cut short at several times, and name the first decision that differs.")
  private static let cuts = 4

  static func run(_ arguments: ParsedArguments, _ output: Output) throws(CommandError) -> ExitCode {
    guard !arguments.list("tape").isEmpty else {
      throw CommandError(
        .usage, subject: "--check-lookahead", "it needs data that can be cut short",
        remedy: "Name a tape: --tape FILE; keel data generate writes one")
    }
    for option in ["output", "journal", "record", "scenario"] where arguments.text(option) != nil {
      throw CommandError(
        .usage, subject: "--\(option)", "it is of one run, and --check-lookahead makes several",
        remedy: "Leave one of the two out")
    }
    Interruption.watch()
    var line = output.beginProgress("look ahead", unit: "events", total: nil)
    var done = 0
    let whole = try decisions(arguments, output, until: nil, &done, &line)
    let check = LookaheadCheck(whole: whole.decisions)
    let times = LookaheadCheck.cuts(cuts, from: whole.first, to: whole.last)
    for cut in times where !Interruption.isRequested {
      let short = try decisions(arguments, output, until: cut, &done, &line)
      guard let finding = check.compare(short.decisions, cut: cut) else { continue }
      say(finding, whole.names, arguments, output)
      return .failed
    }
    if Interruption.isRequested {
      throw CommandError(
        subject: "look ahead", "interrupted before it was over", remedy: "run it again")
    }
    let said = "\(whole.decisions.count) decisions, the same with data cut at \(times.count) times"
    if arguments.isJSON {
      output.json([
        "lookahead": .bool(false), "decisions": .integer(whole.decisions.count),
        "cuts": .array(times.map { .string(UTCTime.text($0)) }),
      ])
    } else {
      output.line("no look ahead: \(said)")
    }
    return .ok
  }

  private static func decisions(
    _ arguments: ParsedArguments, _ output: Output, until cut: Timestamp?, _ done: inout Int,
    _ line: inout Progress
  ) throws(CommandError) -> (
    decisions: [DecisionTrace.Decision], first: Timestamp, last: Timestamp, names: Names
  ) {
    // What the first run says of its session holds for all of them.
    let launch = try SessionLaunch(
      arguments, output, journal: nil, until: cut, isQuiet: cut != nil)
    let trace = DecisionTrace()
    let session = launch.session
    let first = session.now
    session.watch(trace)
    var loop = SessionLoop(
      session: session, pace: .maximum, eventsMax: arguments.integer("events"))
    let before = done
    do throws(SessionError) {
      try loop.run { output.progress(&line, done: before + $0.eventCount) }
      let last = session.now
      let names = Names(directory: session.directory, slots: session.slotNames)
      done += session.eventCount
      try session.finish()
      return (trace.decisions, first, last, names)
    } catch {
      try? session.finish()
      throw CommandError(error)
    }
  }

  private struct Names {
    var directory: Directory
    var slots: [String]
  }

  private static func say(
    _ finding: LookaheadCheck.Finding, _ names: Names, _ arguments: ParsedArguments,
    _ output: Output
  ) {
    let decision = finding.whole ?? finding.truncated
    let time = decision.map { UTCTime.text($0.time) } ?? ""
    if arguments.isJSON {
      output.json([
        "lookahead": .bool(true), "cut": .string(UTCTime.text(finding.cut)),
        "decision": .integer(finding.index), "time": .string(time),
        "whole": .string(text(finding.whole, names)),
        "truncated": .string(text(finding.truncated, names)),
      ])
      return
    }
    output.line("look ahead: decision \(finding.index + 1), at \(time), hangs on later data")
    output.line("  all of the data:         \(text(finding.whole, names))")
    output.line("  up to \(UTCTime.text(finding.cut)): \(text(finding.truncated, names))")
  }

  private static func text(_ decision: DecisionTrace.Decision?, _ names: Names) -> String {
    guard let decision else { return "no decision" }
    let index = Int(decision.slot) - 1
    let slot = names.slots.indices.contains(index) ? names.slots[index] : "slot \(decision.slot)"
    let symbol = names.directory.symbol(decision.instrument)
    let time = UTCTime.text(decision.time)
    if let score = decision.score { return "\(time) \(slot): signal \(score) on \(symbol)" }
    let side = decision.side.map { $0 == .buy ? "buy" : "sell" } ?? "cancel"
    let limit = decision.limit.map { " at \($0.mantissa)" } ?? ""
    return "\(time) \(slot): \(side) \(decision.quantity) steps of \(symbol)\(limit)"
  }
}
