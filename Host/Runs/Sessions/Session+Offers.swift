package import PluginHost

extension Session {
  /// Looks into the plugin directories, where something may have come or gone. Nothing that runs is
  /// touched: what came is offered to whoever swaps next.
  package func look(with watch: inout PluginWatch) {
    if let signal = PluginInstance.takeTheft() {
      log(
        .error, "guard",
        "a plugin replaced the host's handler of \(signal) while it ran; it is put back. keel plugin "
          + "check names plugins that can")
    }
    for change in watch.look(registry, now: MonotonicClock.now()) {
      switch change {
      case .went(let path):
        log(.info, "plugins", "\(path) is gone; what was loaded from it runs on")
      case .came(let offer):
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
  }
}
