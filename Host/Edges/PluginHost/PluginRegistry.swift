import Glibc
import Wording

/// Every build this host has taken in, by content. One thread at a time, the control thread.
package final class PluginRegistry {
  private let store: PluginStore
  private let policy: LoadPolicy
  /// In the order of loading.
  package private(set) var builds: [PluginBuild] = []
  /// All that was ever mapped, refused builds included: what is mapped stays.
  private var resident: Set<ContentHash> = []

  package init(storeDirectory: String, policy: LoadPolicy) {
    store = PluginStore(directory: storeDirectory)
    self.policy = policy
  }

  /// Lints the file, copies it into the store, loads the copy and checks what it describes. Content
  /// that is already loaded gives the build that is there. `probe` is given the verified copy
  /// before its first instruction runs here, and says why it must not.
  package func load(
    path: String, probe: (String) -> PluginHostError? = { _ in nil }
  ) throws(PluginHostError) -> PluginBuild {
    let file = try PluginFile(path: path, bytesMax: policy.fileBytesMax)
    let hash = ContentHash(of: file.bytes)
    if let known = builds.first(where: { $0.contentHash == hash }) { return known }
    try ElfLint.check(file, policy: policy)
    guard policy.allowUnsigned else {
      throw PluginHostError(
        .refusedByPolicy, path,
        "it is not signed, and the configuration trusts signed plugins only",
        remedy: "set \"plugins\": {\"trust\": \"unsigned\"} if you trust where it comes from")
    }
    guard resident.contains(hash) || resident.count < policy.residentBuildsMax else {
      throw PluginHostError(
        .capacity, path,
        "\(resident.count) builds are resident, as many as allowed; they stay until the host ends",
        remedy: "stop the session and restart the host, or raise plugins.residentMax")
    }
    let stored = try store.keep(file, hash: hash)
    if let failure = probe(stored) { throw PluginHostError(failure.code, path, failure.defects) }
    resident.insert(hash)
    let build = try PluginBuild(
      originalPath: path, storedPath: stored, hash: hash, fileBytes: file.bytes.count)
    try checkVersions(of: build)
    builds.append(build)
    return build
  }

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

  /// Loads every `.so` of a directory, in the order of their names. What fails is reported, and
  /// keeps nothing else from loading.
  package func scan(
    directory: String
  ) -> [(path: String, result: Result<PluginBuild, PluginHostError>)] {
    guard let stream = opendir(directory) else {
      let error = PluginHostError(
        errno == ENOENT ? .missing : .unreadable, directory,
        "cannot be listed: \(String(cString: strerror(errno)))",
        remedy: "check plugins.directories in the configuration")
      return [(directory, .failure(error))]
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = BoundedText.shown(entry.pointee.d_name)
      if name.hasSuffix(".so") && !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted().map { name in
      let path = "\(directory)/\(name)"
      do throws(PluginHostError) {
        return (path, .success(try load(path: path)))
      } catch {
        return (path, .failure(error))
      }
    }
  }

  /// The build and descriptor of a plugin id; without a version, its newest.
  package func find(
    id: String, version: String?
  ) throws(PluginHostError) -> (PluginBuild, PluginDescriptor) {
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

  private func latest(id: String, version: String?) -> (PluginBuild, PluginDescriptor)? {
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
