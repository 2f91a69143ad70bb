package import PluginHost

extension Session {
  /// Looks into the plugin directories, where something may have come or gone. Nothing that runs is
  /// touched: what came is judged by whoever asked, then offered to whoever swaps next.
  package func look(with watch: inout PluginWatch) -> [PluginWatch.Change] {
    let changes = watch.look(registry, now: MonotonicClock.now())
    for case .went(let path) in changes {
      registry.withdraw(path: path)
      log(.info, "plugins", "\(path) is gone; what was loaded from it runs on")
    }
    return changes
  }

  /// Some plugin took what is the host's.
  package func noteTheft() {
    if let signal = PluginInstance.takeTheft() {
      log(
        .error, "guard",
        "a plugin replaced the host's handler of \(signal) while it ran; it is put back. "
          + "keel plugin check names plugins that can")
    }
  }

  /// Something was judged.
  package func note(_ offer: PluginOffer) {
    registry.note(offer)
    switch offer.state {
    case .available(let manifest, let signers):
      let plugins = manifest?.plugins.map { "\($0.id) \($0.version)" } ?? ["a bare library"]
      log(
        .info, "plugins",
        "\(offer.path) is there: \(plugins.joined(separator: ", ")), signed by \(signers)")
    case .incomplete: log(.info, "plugins", "\(offer.path) is not whole yet")
    case .refused(let error):
      log(.warning, "plugins", "\(offer.path) is refused: \(error.message)")
    }
  }
}
