import PluginHost
import Sessions

/// Has what came into the plugin directories judged, one after the other, on a thread of its own:
/// to hash and verify a large bundle takes longer than a market waits.
struct OfferJudge {
  private struct Case {
    let path: String
    let work: BackgroundWork<PluginOffer>
    /// It may have gone meanwhile.
    var isWanted = true
  }

  private var waiting: [String] = []
  private var current: Case?

  mutating func take(_ changes: [PluginWatch.Change]) {
    for change in changes {
      switch change {
      case .came(let path):
        drop(path)
        waiting.append(path)
      case .went(let path): drop(path)
      }
    }
  }

  private mutating func drop(_ path: String) {
    waiting.removeAll { $0 == path }
    if current?.path == path { current?.isWanted = false }
  }

  /// Tells the session what was found, and begins with the next.
  mutating func advance(_ session: Session) {
    if let current {
      guard let offer = current.work.result else { return }
      if current.isWanted { session.note(offer) }
      self.current = nil
    }
    guard !waiting.isEmpty else { return }
    let path = waiting.removeFirst()
    let intake = session.registry.intake
    current = Case(path: path, work: BackgroundWork { intake.judge(path) })
  }
}
