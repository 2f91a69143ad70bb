import Configuration
import Glibc
import JSON
import Market
import Networking
import Sessions

/// `keel paper`: the session with a clock.
enum PaperCommand {
  static let command = Command(
    name: "paper", summary: "trade on paper, and take commands while trading",
    discussion: """
      Like a backtest, but with a clock, a journal, and a control socket in the session's \
      directory, over which keel status, keel swap and keel rollback reach it. It ends with the \
      data, after --events, on Ctrl-C, or on keel stop.
      """,
    options: [
      .configuration, .tapes, .from, .to, .set, .events, .journal, .record,
      .value(
        "speed", "SPEED", "How many times faster than the market's clock: a number, or max.",
        initial: "1"),
    ],
    examples: [
      Command.Example("keel paper --speed 10", "Ten times the market's pace."),
      Command.Example("keel paper --speed max --events 50000", "As fast as it goes."),
    ],
    seeAlso: ["status", "risk", "halt", "kill", "swap", "rollback", "stop"],
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let pace = try pace(arguments)
    let configuration = try SessionLaunch.configuration(arguments)
    let journal =
      arguments.text("journal")
      ?? configuration.session.directory
      + "/\(configuration.session.name)-\(time(nil))-\(getpid()).journal"
    // First, so that a second host of the same session leaves nothing behind.
    let path = SessionLaunch.controlPath(configuration)
    let control: ControlServer
    do throws(NetworkingError) { control = try ControlServer(path: path) } catch {
      throw CommandError(error)
    }
    let launch = try SessionLaunch(arguments, output, journal: journal, isPaced: true)
    let loop = SessionLoop(
      session: launch.session, pace: pace, eventsMax: arguments.integer("events"),
      control: control)
    if !arguments.isJSON {
      output.note("session \(configuration.session.name), journal \(journal), commands at \(path)")
    }
    return try finish(launch, loop, arguments, output)
  }

  private static func pace(_ arguments: ParsedArguments) throws(CommandError) -> SessionLoop.Pace {
    let text = arguments.text("speed") ?? "1"
    if text == "max" { return .maximum }
    guard let speed = Double(text), speed > 0, speed.isFinite else {
      throw CommandError(
        .usage, subject: "--speed", "expected a number above zero or max, got '\(text)'",
        remedy: "Try --speed 10, or --speed max")
    }
    return .times(speed)
  }

  private static func finish(
    _ launch: SessionLaunch, _ loop: SessionLoop, _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    var loop = loop
    let end = try loop.runToEnd("paper", output)
    report(end.status, launch.session, end.nanoseconds, arguments, output)
    return .ok
  }

  private static func report(
    _ status: JSONValue, _ session: Session, _ nanoseconds: Int64, _ arguments: ParsedArguments,
    _ output: Output
  ) {
    if arguments.isJSON {
      output.json(status)
      return
    }
    SessionText(status: status).write(to: output)
    for report in status["swaps"]?.elements ?? [] {
      SwapText(report: report).lines.forEach { output.line($0) }
    }
    let rate = Double(session.eventCount) / (Double(max(1, nanoseconds)) / 1e9)
    output.line(
      "\(session.eventCount) events in \(SwapReport.duration(nanoseconds)), "
        + "\(Progress.short(rate)) events/s")
  }
}

extension CommandOption {
  static let tapes = CommandOption.value(
    "tape", "FILE", "Market data from this tape instead of the configured providers.",
    occurrence: .repeated)
  static let from = CommandOption.value(
    "from", "TIME", "Of tapes, only records at or after it, such as 2024-01-01T09:30:00Z.")
  static let to = CommandOption.value("to", "TIME", "Of tapes, only records before it.")
  static let set = CommandOption.value(
    "set", "SLOT.NAME=VALUE", "Give a configured plugin's parameter this value for this run.",
    occurrence: .repeated)
  static let events = CommandOption.value(
    "events", "COUNT", "Stop after this many market events.", kind: .count)
  static let journal = CommandOption.value(
    "journal", "DIR", "Write the journal into this directory, which must not hold one yet.")
  static let record = CommandOption.value(
    "record", "FILE", "Also write the market data of this run to a tape.")
}
