/// What appears in the directories of a running host is verified and listed. Its code stays where
/// it is until somebody wants it: trading waits for no constructor.
extension PluginRegistry {
  /// Judges a path without running anything of it, and remembers the answer.
  package func offer(path: String) -> PluginOffer {
    let offer = intake.judge(path)
    note(offer)
    return offer
  }

  /// In the place of an earlier answer.
  package func note(_ offer: PluginOffer) {
    withdraw(path: offer.path)
    offers.append(offer)
  }

  /// What was there is gone. Code that is loaded runs on from its own copy.
  package func withdraw(path: String) { offers.removeAll { $0.path == path } }

  /// An offer that was asked more, unless it has changed or gone meanwhile.
  func replace(_ offer: PluginOffer, asked: ContentHash?) {
    guard
      let place = offers.firstIndex(where: {
        $0.path == offer.path && $0.mayBeAsked && $0.hash == asked
      })
    else { return }
    offers[place] = offer
  }
}

extension PluginRegistry {
  /// Whether code was loaded from this path, as it was at that time.
  func isLoaded(path: String) -> Bool { builds.contains { $0.originalPath == path } }
}
