/// What appears in the directories of a running host is verified and listed. Its code stays where
/// it is until somebody wants it: trading waits for no constructor.
extension PluginRegistry {
  /// Judges a path without running anything of it, and remembers the answer in the place of an
  /// earlier one.
  package func offer(path: String) -> PluginOffer {
    let offer: PluginOffer
    do throws(PluginHostError) {
      let source = try verified(path)
      offer = PluginOffer(
        path: path,
        state: .available(source.bundle?.manifest, signers: source.verdict?.text ?? "nobody"),
        hash: source.bundle?.hash)
    } catch {
      let isIncomplete = [.incomplete, .notASharedObject, .missing].contains(error.code)
      offer = PluginOffer(
        path: path, state: isIncomplete ? .incomplete : .refused(error), hash: nil)
    }
    withdraw(path: path)
    offers.append(offer)
    return offer
  }

  /// What was there is gone. Code that is loaded runs on from its own copy.
  package func withdraw(path: String) { offers.removeAll { $0.path == path } }

  /// The bundle on offer that `find` should load first: a newer version than any that is loaded, or
  /// another build of the same one, which came later.
  func betterOffer(id: String, version: String?) -> String? {
    let wanted = version.flatMap(PluginVersion.init)
    if version != nil && wanted == nil { return nil }
    let loaded = latest(id: id, version: version)
    var best = loaded.flatMap { PluginVersion($0.1.version) }
    var path: String?
    for offer in offers {
      guard case .available(let manifest?, _) = offer.state else { continue }
      for plugin in manifest.plugins where plugin.id == id {
        guard let version = PluginVersion(plugin.version), wanted == nil || wanted == version
        else { continue }
        if let best, version < best { continue }
        if let loaded, origin(of: loaded.0)?.verdict.bundle == offer.hash { continue }
        (best, path) = (version, offer.path)
      }
    }
    return path
  }
}

extension PluginRegistry {
  /// Whether code was loaded from this path, as it was at that time.
  func isLoaded(path: String) -> Bool { builds.contains { $0.originalPath == path } }
}
