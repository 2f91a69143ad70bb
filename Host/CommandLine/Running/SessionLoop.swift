import Glibc
import Market
import Networking
import PluginHost
import Sessions

/// Drives a session: as fast as it goes, or at a multiple of the market's own pace, looking at the
/// control socket in between.
struct SessionLoop {
  enum Pace { case maximum, times(Double) }

  let session: Session
  let pace: Pace
  var eventsMax: Int?
  var control: ControlServer?
  var probe: (String) -> PluginHostError? = { _ in nil }
  /// Turns between two looks at the socket when nothing waits.
  private static let turnsPerLook: UInt64 = 64
  private static let napNanoseconds: Int64 = 2_000_000

  /// Until the data ends, the bound is reached, or somebody asks to stop.
  func run(_ progress: (Session) -> Void) throws(SessionError) {
    let desk = ControlDesk(session: session, probe: probe)
    let began = MonotonicClock.now()
    var origin: Timestamp?
    var turn: UInt64 = 0
    while !Interruption.isRequested, !ControlDesk.stopRequested {
      if let eventsMax, session.eventCount >= eventsMax { return }
      guard let next = try session.nextTime() else { return }
      if turn % Self.turnsPerLook == 0 {
        control?.poll(desk.answer)
        progress(session)
      }
      let start = origin ?? next
      origin = start
      if wait(for: next, from: start, since: began, desk) { session.noteIdle() }
      guard try session.step() else { return }
      turn += 1
    }
  }

  /// Sleeps until the market's time has come, in naps; true when it slept at all.
  private func wait(
    for next: Timestamp, from origin: Timestamp, since began: Int64, _ desk: ControlDesk
  ) -> Bool {
    guard case .times(let speed) = pace else { return false }
    // A market that pauses for years is waited for, not computed with.
    let wait = Swift.min(Double((next - origin).count) / speed, 1e17)
    let due = began + Int64(wait)
    var slept = false
    while true {
      let left = due - MonotonicClock.now()
      guard left > 0, !Interruption.isRequested, !ControlDesk.stopRequested else { return slept }
      control?.poll(desk.answer)
      var nap = timespec(tv_sec: 0, tv_nsec: Int(Swift.min(left, Self.napNanoseconds)))
      nanosleep(&nap, nil)
      slept = true
    }
  }
}
