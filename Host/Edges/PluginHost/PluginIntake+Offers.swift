extension PluginIntake {
  /// What a wanted plugin asks of the registry first.
  package struct PreparedFind: Sendable {
    /// The bare libraries on offer that were asked what they hold, by what they were then.
    var described: [(asked: ContentHash?, offer: PluginOffer)] = []
    /// To be loaded before anything is found; nil: what is loaded will do.
    var plugin: PreparedPlugin?
  }

  /// Judges a path without running anything of it.
  package func judge(_ path: String) -> PluginOffer {
    do throws(PluginHostError) {
      let source = try verified(path)
      return PluginOffer(
        path: path,
        state: .available(source.bundle?.manifest, signers: source.verdict?.text ?? "nobody"),
        hash: source.bundle?.hash ?? ContentHash(of: source.library.bytes),
        confinement: source.standing?.confinement)
    } catch {
      let isIncomplete = [.incomplete, .notASharedObject, .missing].contains(error.code)
      return PluginOffer(path: path, state: isIncomplete ? .incomplete : .refused(error), hash: nil)
    }
  }

  /// Prepares the offer that is better than what is loaded, if there is one.
  package func prepare(
    id: String, version: String?, probe: ((String) -> PluginHostError?)? = nil
  ) throws(PluginHostError) -> PreparedFind {
    var found = PreparedFind()
    let offers = offers.map { offer in
      guard offer.mayBeAsked else { return offer }
      guard let answer = ask(offer) else { return offer }
      found.described.append((offer.hash, answer))
      return answer
    }
    if let path = better(among: offers, id: id, version: version) {
      found.plugin = try prepare(path: path, probe: probe)
    }
    return found
  }

  /// A bare library says what it holds in a worker, for it may turn out to be of no use here. Nil
  /// when it is another by now: then it is looked at again first.
  private func ask(_ offer: PluginOffer) -> PluginOffer? {
    var offer = offer
    do throws(PluginHostError) {
      let file = try PluginFile(path: offer.path, bytesMax: policy.fileBytesMax)
      guard ContentHash(of: file.bytes) == offer.hash else { return nil }
      let descriptors = try PluginBuild.describe(
        file.bytes, path: offer.path, subject: offer.path, workers)
      offer.described = descriptors.map(BundleManifest.Plugin.init)
    } catch {
      offer = PluginOffer(path: offer.path, state: .refused(error), hash: nil)
    }
    return offer
  }

  /// The one on offer that should be loaded first: a newer version than any that is loaded, or
  /// another build of the same one, which came later.
  private func better(among offers: [PluginOffer], id: String, version: String?) -> String? {
    let wanted = version.flatMap(PluginVersion.init)
    if version != nil && wanted == nil { return nil }
    let loaded = latest(id: id, version: wanted)
    var best = loaded?.version
    var path: String?
    for offer in offers {
      for plugin in offer.plugins ?? [] where plugin.id == id {
        guard let version = PluginVersion(plugin.version), wanted == nil || wanted == version
        else { continue }
        if let best, version < best { continue }
        if let loaded, [loaded.build.bundle, loaded.build.content].contains(offer.hash) {
          continue
        }
        (best, path) = (version, offer.path)
      }
    }
    return path
  }

  private func latest(
    id: String, version wanted: PluginVersion?
  ) -> (build: Known, version: PluginVersion)? {
    var best: (build: Known, version: PluginVersion)?
    for build in known {
      for plugin in build.plugins where plugin.id == id {
        if let wanted, wanted != plugin.version { continue }
        if let best, plugin.version < best.version { continue }
        best = (build, plugin.version)
      }
    }
    return best
  }
}
