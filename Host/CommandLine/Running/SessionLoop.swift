import Glibc
import JSON
import Market
import Networking
import PluginHost
import Sessions

/// Drives a session: as fast as it goes, or at a multiple of the market's own pace, looking at the
/// control socket and the plugin directories in between.
struct SessionLoop {
  enum Pace { case maximum, times(Double) }

  let session: Session
  let pace: Pace
  let eventsMax: Int?
  let control: ControlServer?
  private var watch: PluginWatch
  private var judge = OfferJudge()
  private var isStopRequested = false
  /// Turns between two looks at the socket when nothing waits.
  private static let turnsPerLook: UInt64 = 64
  private static let napNanoseconds: Int64 = 2_000_000
  /// The same while code's answer is awaited.
  private static let answerNapNanoseconds: Int64 = 50_000

  init(session: Session, pace: Pace, eventsMax: Int?, control: ControlServer? = nil) {
    self.session = session
    self.pace = pace
    self.eventsMax = eventsMax
    self.control = control
    watch = PluginWatch(directories: session.registry.policy.directories.map(\.path))
  }

  /// Until the data ends, the bound is reached, or somebody asks to stop.
  mutating func run(_ progress: (Session) -> Void) throws(SessionError) {
    let desk = ControlDesk(session: session, probe: PluginProbe.tryInChild)
    let began = MonotonicClock.now()
    var origin: Timestamp?
    var turn: UInt64 = 0
    defer { dismiss(desk) }
    while !isOver {
      if let eventsMax, session.eventCount >= eventsMax { return }
      if turn % Self.turnsPerLook == 0 {
        listen(desk)
        progress(session)
      }
      if case .times(let speed) = pace {
        guard let next = try session.nextTime() else { return }
        let start = origin ?? next
        origin = start
        if wait(for: next, from: start, since: began, speed, desk) { session.noteIdle() }
      }
      guard try session.step() else { return }
      turn += 1
    }
  }

  /// Runs and finishes the session, with progress under that name. What the session says of itself
  /// at the end comes back, and how long the run took.
  mutating func runToEnd(
    _ name: String, _ output: Output
  ) throws(CommandError) -> (status: JSONValue, nanoseconds: Int64) {
    Interruption.watch()
    let began = MonotonicClock.now()
    var line = output.beginProgress(name, unit: "events", total: eventsMax)
    do throws(SessionError) {
      do throws(SessionError) {
        try run { output.progress(&line, done: $0.eventCount) }
      } catch {
        // The plugins end in order, whatever ended the run.
        try? session.finish()
        throw error
      }
      let spent = MonotonicClock.now() - began
      let status = session.status()
      try session.finish()
      return (status, spent)
    } catch { throw CommandError(error) }
  }

  private var isOver: Bool { Interruption.isRequested || isStopRequested }

  private mutating func listen(_ desk: ControlDesk) {
    guard let control else { return }
    var stops = false
    for late in desk.finished() { control.answer(late.reply.text(), to: late.client) }
    control.poll { request, client in
      guard let decision = desk.answer(request, for: client) else { return nil }
      stops = stops || decision.stops
      return decision.reply.text()
    }
    isStopRequested = isStopRequested || stops
    session.noteTheft()
    judge.take(session.look(with: &watch))
    judge.advance(session)
  }

  private func dismiss(_ desk: ControlDesk) {
    guard let control else { return }
    for late in desk.dismissed() { control.answer(late.reply.text(), to: late.client) }
    control.poll { _, _ in nil }
  }

  /// Sleeps until the market's time has come, in naps; true when it slept at all.
  private mutating func wait(
    for next: Timestamp, from origin: Timestamp, since began: Int64, _ speed: Double,
    _ desk: ControlDesk
  ) -> Bool {
    // A market that pauses for years is waited for, not computed with.
    let wait = Swift.min(Double((next - origin).count) / speed, 1e17)
    let due = began + Int64(wait)
    var slept = false
    while true {
      let left = due - MonotonicClock.now()
      guard left > 0, !isOver else { return slept }
      listen(desk)
      // An operator's order waits for no data, and what is due may be another thing after it.
      if session.needsTurn { return slept }
      let longest = session.isAwaitingAnswers ? Self.answerNapNanoseconds : Self.napNanoseconds
      var nap = timespec(tv_sec: 0, tv_nsec: Int(Swift.min(left, longest)))
      nanosleep(&nap, nil)
      slept = true
    }
  }
}
