import Glibc
import Wording

/// Every build this host has taken in, by content. One thread at a time, the control thread.
package final class PluginRegistry {
  private let store: PluginStore
  package let policy: LoadPolicy
  /// In the order of loading.
  package private(set) var builds: [PluginBuild] = []
  /// All that was ever mapped, refused builds included: what is mapped stays.
  private var resident: Set<ContentHash> = []
  private var origins: [ContentHash: BundleOrigin] = [:]
  /// What lies in the directories since the host began to run, in the order it was found.
  package internal(set) var offers: [PluginOffer] = []

  /// Where some plugins run in workers, which may not have been named yet: none is loaded here
  /// before an instance of it is made here.
  private let describer: WorkerOptions?

  package init(
    storeDirectory: String, policy: LoadPolicy, describedBy describer: WorkerOptions? = nil
  ) {
    store = PluginStore(directory: storeDirectory)
    self.policy = policy
    self.describer = describer
  }

  /// Verifies the file or bundle, copies its library into the store, loads the copy and checks what
  /// it describes. Content that is already loaded gives the build that is there. `probe` is given
  /// the verified copy before its first instruction runs here, of a bundle the whole, and says why
  /// it must not.
  package func load(
    path: String, probe: ((String) -> PluginHostError?)? = nil
  ) throws(PluginHostError) -> PluginBuild {
    let source = try verified(path)
    let hash = ContentHash(of: source.library.bytes)
    if let known = builds.first(where: { $0.contentHash == hash }) {
      try adopt(known, source)
      return known
    }
    guard resident.contains(hash) || resident.count < policy.residentBuildsMax else {
      throw PluginHostError(
        .capacity, path,
        "\(resident.count) builds are resident, as many as allowed; they stay until the host ends",
        remedy: "stop the session and restart the host, or raise plugins.residentMax")
    }
    let stored = try store.keep(source.library, hash: hash)
    if let probe {
      let copy = try source.bundle.map { bundle throws(PluginHostError) in try store.keep(bundle) }
      if let failure = probe(copy ?? stored) {
        throw PluginHostError(failure.code, path, failure.defects)
      }
    }
    resident.insert(hash)
    let build =
      if let describer {
        try PluginBuild(
          originalPath: path, storedPath: stored, hash: hash, bytes: source.library.bytes,
          describedBy: describer)
      } else {
        try PluginBuild(
          originalPath: path, storedPath: stored, hash: hash, fileBytes: source.library.bytes.count)
      }
    try adopt(build, source)
    try checkVersions(of: build)
    builds.append(build)
    return build
  }

  /// A bare library, or one out of a bundle with what vouches for it.
  struct Source {
    let library: PluginFile
    let bundle: PluginBundle?
    let verdict: BundleVerdict?
  }

  /// All that can be known of a path without running anything of it.
  func verified(_ path: String) throws(PluginHostError) -> Source {
    var place = path
    while place.count > 1, place.hasSuffix("/") { place.removeLast() }
    let allowed = policy.policy(for: place)
    guard PluginBundle.isNamed(place) else {
      let file = try PluginFile(path: path, bytesMax: policy.fileBytesMax)
      let isKnown = builds.contains { $0.contentHash == ContentHash(of: file.bytes) }
      if !isKnown { try ElfLint.check(file, policy: policy) }
      guard isKnown || allowed == .trusted else {
        throw PluginHostError(
          .refusedByPolicy, path,
          "it is not signed, and signed bundles alone are loaded from there",
          remedy: "pack and sign it (keel plugin pack, keel plugin sign), or trust where it comes "
            + "from: \"plugins\": {\"trust\": \"unsigned\"}")
      }
      return Source(library: file, bundle: nil, verdict: nil)
    }
    let bundle = try PluginBundle.read(path: place, bytesMax: policy.fileBytesMax)
    let verifier = BundleVerifier(trust: policy.trust, policy: allowed, now: policy.clock())
    let verdict = try verifier.verify(bundle)
    let library = PluginFile(path: path, bytes: bundle.library)
    try ElfLint.check(library, policy: policy)
    return Source(library: library, bundle: bundle, verdict: verdict)
  }

  /// Remembers what vouches for a build, once it is what its manifest says.
  private func adopt(_ build: PluginBuild, _ source: Source) throws(PluginHostError) {
    guard let bundle = source.bundle, let verdict = source.verdict else { return }
    try BundleAgreement.check(bundle.manifest, build.descriptors, subject: bundle.path)
    origins[build.contentHash] = BundleOrigin(bundle, verdict)
  }

  /// The bundle that a build came in; nil for a bare library.
  package func origin(of build: PluginBuild) -> BundleOrigin? { origins[build.contentHash] }

  /// Two builds of one id and version are told apart by nothing a person writes down, but while a
  /// plugin is being developed they are daily bread: the later one wins in `find`. Only a kind
  /// that changes is refused, for slots are configured by kind.
  private func checkVersions(of build: PluginBuild) throws(PluginHostError) {
    for descriptor in build.descriptors {
      guard let other = latest(id: descriptor.id, version: nil), other.1.kinds != descriptor.kinds
      else { continue }
      let kinds = other.1.kinds.map(\.rawValue).joined(separator: ", ")
      throw PluginHostError(
        .descriptor, build.originalPath,
        "\"\(descriptor.id)\" is known as \(kinds) from \(other.0.originalPath)",
        remedy: "an id is never reused for another kind of plugin: give it a new id")
    }
  }

  /// Loads every `.so` and `.keel` of a directory, in the order of their names. What
  /// fails is reported, and keeps nothing else from loading.
  package func scan(
    directory: String
  ) -> [(path: String, result: Result<PluginBuild, PluginHostError>)] {
    let names: [String]
    do throws(PluginHostError) { names = try Self.names(directory) } catch {
      return [(directory, .failure(error))]
    }
    return names.map { name in
      let path = "\(directory)/\(name)"
      do throws(PluginHostError) {
        return (path, .success(try load(path: path)))
      } catch {
        return (path, .failure(error))
      }
    }
  }

  /// What a directory holds that may be a plugin, in order.
  static func names(_ directory: String) throws(PluginHostError) -> [String] {
    guard let stream = opendir(directory) else {
      throw PluginHostError(
        errno == ENOENT ? .missing : .unreadable, directory,
        "cannot be listed: \(String(cString: strerror(errno)))",
        remedy: "check plugins.directories in the configuration")
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = BoundedText.shown(entry.pointee.d_name)
      guard !name.hasPrefix("."), name.hasSuffix(".so") || PluginBundle.isNamed(name) else {
        continue
      }
      names.append(name)
    }
    return names.sorted()
  }

  /// The build and descriptor of a plugin id; without a version, its newest. A bundle that was
  /// dropped in later is loaded when it is the one.
  package func find(
    id: String, version: String?, probe: ((String) -> PluginHostError?)? = nil
  ) throws(PluginHostError) -> (PluginBuild, PluginDescriptor) {
    if let path = betterOffer(id: id, version: version) { _ = try load(path: path, probe: probe) }
    if let found = latest(id: id, version: version) { return found }
    let known = builds.flatMap(\.descriptors)
    let versions = known.filter { $0.id == id }.map(\.version)
    if let version, !versions.isEmpty {
      throw PluginHostError(
        .unknownPlugin, id, "version \(version) is not loaded",
        remedy: "loaded: \(versions.joined(separator: ", "))")
    }
    let ids = Array(Set(known.map(\.id))).sorted()
    throw PluginHostError(
      .unknownPlugin, id, "no loaded plugin has this id",
      remedy: Suggestion.remedy(for: id, among: ids))
  }

  func latest(id: String, version: String?) -> (PluginBuild, PluginDescriptor)? {
    let wanted = version.flatMap(PluginVersion.init)
    if version != nil && wanted == nil { return nil }
    var best: (PluginBuild, PluginDescriptor, PluginVersion)?
    for build in builds {
      for descriptor in build.descriptors where descriptor.id == id {
        guard let version = PluginVersion(descriptor.version) else { continue }
        if let wanted, wanted != version { continue }
        if let best, version < best.2 { continue }
        best = (build, descriptor, version)
      }
    }
    return best.map { ($0.0, $0.1) }
  }
}
