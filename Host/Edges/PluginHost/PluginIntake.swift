/// What is done with a path before any code of it may be loaded: it is verified, hashed, copied
/// into the store, and tried in a child. Works on a copy of what a registry knows, so that a thread
/// of its own can do it while the session trades.
package struct PluginIntake: Sendable {
  /// A build that is there.
  struct Known: Sendable {
    let content: ContentHash
    /// Of the bundle that vouches for it.
    let bundle: ContentHash?
    let standing: CodeStanding
    /// Into this process, not by workers alone.
    let isLoaded: Bool
    let plugins: [(id: String, version: PluginVersion)]
  }

  let store: PluginStore
  let policy: LoadPolicy
  let workers: WorkerOptions
  /// Also what may run in the host is described by a worker.
  let describesInWorkers: Bool
  /// In the order of loading.
  let known: [Known]
  let resident: Set<ContentHash>
  let offers: [PluginOffer]

  /// A bare library, or one out of a bundle with what vouches for it.
  struct Source {
    let library: PluginFile
    let bundle: PluginBundle?
    let verdict: BundleVerdict?
    /// Nil where it was let in only because it is known.
    let standing: CodeStanding?
  }

  /// All that can be known of a path without running anything of it.
  func verified(_ path: String) throws(PluginHostError) -> Source {
    var place = path
    while place.count > 1, place.hasSuffix("/") { place.removeLast() }
    let allowed = policy.policy(for: place)
    guard PluginBundle.isNamed(place) else {
      let file = try PluginFile(path: path, bytesMax: policy.fileBytesMax)
      let isKnown = known.contains { $0.content == ContentHash(of: file.bytes) }
      if !isKnown { try ElfLint.check(file, policy: policy) }
      guard isKnown || allowed != .signed else {
        throw PluginHostError(
          .refusedByPolicy, path,
          "it is not signed, and signed bundles alone are loaded from there",
          remedy: "pack and sign it (keel plugin pack, keel plugin sign), or trust where it comes "
            + "from: \"plugins\": {\"trust\": \"unsigned\"}")
      }
      return Source(
        library: file, bundle: nil, verdict: nil,
        standing: allowed == .signed ? nil : Self.standing(nil, allowed))
    }
    let bundle = try PluginBundle.read(path: place, bytesMax: policy.fileBytesMax)
    let verifier = BundleVerifier(trust: policy.trust, policy: allowed, now: policy.clock())
    let verdict = try verifier.verify(bundle)
    let library = PluginFile(path: path, bytes: bundle.library)
    try ElfLint.check(library, policy: policy)
    return Source(
      library: library, bundle: bundle, verdict: verdict,
      standing: Self.standing(bundle.manifest.capabilities, allowed))
  }

  static func standing(
    _ capabilities: BundleCapabilities?, _ policy: CodePolicy
  ) -> CodeStanding {
    var standing = CodeStanding()
    if policy == .workers {
      standing.place = .workersAsUntrusted
    } else if capabilities?.isWorkerOnly == true {
      standing.place = .workersAsAsked
    }
    standing.memoryMegabytes = capabilities?.memoryMegabytes
    return standing
  }

  /// All but the loading itself. `probe` is given the verified copy, of a bundle the whole, and
  /// says why it must not be loaded; code that never runs in this process is described by a worker
  /// instead.
  package func prepare(
    path: String, probe: ((String) -> PluginHostError?)? = nil
  ) throws(PluginHostError) -> PreparedPlugin {
    let source = try verified(path)
    let hash = ContentHash(of: source.library.bytes)
    var prepared = PreparedPlugin(
      path: path, hash: hash, bytes: source.library.bytes.count, standing: source.standing,
      origin: source.bundle.flatMap { bundle in
        source.verdict.map { BundleOrigin(bundle, $0) }
      })
    if let before = known.first(where: { $0.content == hash }) {
      // Nothing of it ever ran here, and now it may.
      let standing = source.standing.map(before.standing.joined) ?? before.standing
      if !before.isLoaded, standing.confinement == nil, let probe {
        try check(source, hash, by: probe)
      }
      return prepared
    }
    guard let standing = source.standing else {
      preconditionFailure("only what is known is let in without a standing")
    }
    try checkRoom(for: hash, path)
    let stored = try store.keep(source.library, hash: hash)
    prepared.storedPath = stored
    if standing.confinement == nil, let probe { try check(source, hash, by: probe) }
    if standing.confinement != nil || describesInWorkers {
      prepared.descriptors = try PluginBuild.describe(
        source.library.bytes, path: stored, subject: path, standing.bounded(workers))
    }
    return prepared
  }

  private func check(
    _ source: Source, _ hash: ContentHash, by probe: (String) -> PluginHostError?
  ) throws(PluginHostError) {
    let copy =
      if let bundle = source.bundle {
        try store.keep(bundle)
      } else {
        try store.keep(source.library, hash: hash)
      }
    if let failure = probe(copy) {
      throw PluginHostError(failure.code, source.library.path, failure.defects)
    }
  }

  func checkRoom(for hash: ContentHash, _ path: String) throws(PluginHostError) {
    guard resident.contains(hash) || resident.count < policy.residentBuildsMax else {
      throw PluginHostError(
        .capacity, path,
        "\(resident.count) builds are resident, as many as allowed; they stay until the host ends",
        remedy: "stop the session and restart the host, or raise plugins.residentMax")
    }
  }
}

/// A verified copy in the store, ready to be loaded.
package struct PreparedPlugin: Sendable {
  let path: String
  let hash: ContentHash
  let bytes: Int
  let standing: CodeStanding?
  let origin: BundleOrigin?
  /// Nil for content that was known.
  var storedPath: String?
  /// As a worker told them; nil: the host itself loads it to know.
  var descriptors: [PluginDescriptor]?
}
