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

  private let workers: WorkerOptions
  /// Where some plugins run in workers, which may not have been named yet: none is loaded here
  /// before an instance of it is made here.
  private let describesInWorkers: Bool

  package init(
    storeDirectory: String, policy: LoadPolicy, workers: WorkerOptions = WorkerOptions(),
    describesInWorkers: Bool = false
  ) {
    store = PluginStore(directory: storeDirectory)
    self.policy = policy
    self.workers = workers
    self.describesInWorkers = describesInWorkers
  }

  /// What can be done with a path on another thread, by what is known now.
  package var intake: PluginIntake {
    PluginIntake(
      store: store, policy: policy, workers: workers, describesInWorkers: describesInWorkers,
      known: builds.map { build in
        PluginIntake.Known(
          content: build.contentHash, bundle: origin(of: build)?.verdict.bundle,
          standing: build.standing, isLoaded: build.isLoaded,
          plugins: build.descriptors.compactMap { descriptor in
            PluginVersion(descriptor.version).map { (descriptor.id, $0) }
          })
      },
      resident: resident, offers: offers)
  }

  /// Verifies the file or bundle, copies its library into the store, loads the copy and checks what
  /// it describes. Content that is already loaded gives the build that is there. `probe` is given
  /// the verified copy before its first instruction runs here, of a bundle the whole, and says why
  /// it must not. Code that is for workers alone is never loaded here.
  package func load(
    path: String, probe: ((String) -> PluginHostError?)? = nil
  ) throws(PluginHostError) -> PluginBuild {
    try take(try intake.prepare(path: path, probe: probe))
  }

  /// Loads what was prepared.
  package func take(_ prepared: PreparedPlugin) throws(PluginHostError) -> PluginBuild {
    if let known = builds.first(where: { $0.contentHash == prepared.hash }) {
      try adopt(known, prepared)
      return known
    }
    guard let stored = prepared.storedPath else {
      preconditionFailure("what was known when it was prepared is known for ever")
    }
    try intake.checkRoom(for: prepared.hash, prepared.path)
    resident.insert(prepared.hash)
    let build =
      if let descriptors = prepared.descriptors {
        PluginBuild(
          originalPath: prepared.path, storedPath: stored, hash: prepared.hash,
          fileBytes: prepared.bytes, described: descriptors)
      } else {
        try PluginBuild(
          originalPath: prepared.path, storedPath: stored, hash: prepared.hash,
          fileBytes: prepared.bytes)
      }
    guard let standing = prepared.standing else {
      preconditionFailure("only what is known is let in without a standing")
    }
    build.standing = standing
    try adopt(build, prepared)
    try checkVersions(of: build)
    builds.append(build)
    return build
  }

  /// Remembers what vouches for a build, once it is what its manifest says.
  private func adopt(
    _ build: PluginBuild, _ prepared: PreparedPlugin
  ) throws(PluginHostError) {
    if let origin = prepared.origin {
      try BundleAgreement.check(origin.manifest, build.descriptors, subject: prepared.path)
      origins[build.contentHash] = origin
    }
    if let standing = prepared.standing { build.standing = build.standing.joined(with: standing) }
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

  /// The build and descriptor of a plugin id; without a version, its newest. What was dropped in
  /// later is loaded when it is the one.
  package func find(
    id: String, version: String?, probe: ((String) -> PluginHostError?)? = nil
  ) throws(PluginHostError) -> (PluginBuild, PluginDescriptor) {
    try find(id: id, version: version, try intake.prepare(id: id, version: version, probe: probe))
  }

  /// The same, of what was prepared.
  package func find(
    id: String, version: String?, _ prepared: PluginIntake.PreparedFind
  ) throws(PluginHostError) -> (PluginBuild, PluginDescriptor) {
    for (asked, offer) in prepared.described { replace(offer, asked: asked) }
    if let plugin = prepared.plugin { _ = try take(plugin) }
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
