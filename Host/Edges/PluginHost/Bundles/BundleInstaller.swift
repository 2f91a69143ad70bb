import Glibc
import Wording

/// Puts bundles into plugin directories and takes them out. What runs is never touched: a host
/// loads from copies of its own.
package struct BundleInstaller {
  package let policy: LoadPolicy

  package init(policy: LoadPolicy) { self.policy = policy }

  /// A bundle that may be put in place.
  package struct Judged {
    package let bundle: PluginBundle
    package let verdict: BundleVerdict
    package let standing: CodeStanding

    /// Has a worker load it, and holds what it says against its manifest.
    package func tryInWorker() throws(PluginHostError) {
      let descriptors = try PluginBuild.describe(
        bundle.library, path: bundle.path, subject: bundle.path, standing.bounded(WorkerOptions()))
      try BundleAgreement.check(bundle.manifest, descriptors, subject: bundle.path)
    }
  }

  /// Reads and verifies a bundle as if it lay in `directory`, and lints its library.
  package func judge(
    path: String, for directory: String
  ) throws(PluginHostError) -> Judged {
    let bundle = try PluginBundle.read(path: path, bytesMax: policy.fileBytesMax)
    let allowed = policy.policy(for: directory + "/" + Self.name(of: bundle))
    let verifier = BundleVerifier(trust: policy.trust, policy: allowed, now: policy.clock())
    let verdict = try verifier.verify(bundle)
    try ElfLint.check(PluginFile(path: path, bytes: bundle.library), policy: policy)
    return Judged(
      bundle: bundle, verdict: verdict,
      standing: PluginIntake.standing(bundle.manifest.capabilities, allowed))
  }

  package static func name(of bundle: PluginBundle) -> String {
    "\(bundle.manifest.id)-\(bundle.manifest.version).\(PluginBundle.fileExtension)"
  }

  /// The packed form, under a name made of id and version. False where it is there already.
  package func place(
    _ bundle: PluginBundle, in directory: String, replaces: Bool
  ) throws(PluginHostError) -> (path: String, isNew: Bool) {
    let path = directory + "/" + Self.name(of: bundle)
    let bytes = bundle.packed
    if access(path, F_OK) == 0 {
      let there = try? PluginFile(path: path, bytesMax: bytes.count)
      if let there, there.bytes == bytes { return (path, false) }
      guard replaces else {
        throw PluginHostError(
          .bundle, path, "another bundle of this id and version is installed",
          remedy: "give the new one a new version, or replace the old one: --replace")
      }
      if BundleFolder.isFolder(path) { try Self.remove(path: path) }
    }
    try WholeFile.replace(bytes, path)
    return (path, true)
  }

  /// The bundles of some directories that can be read, by their own word alone.
  package static func installed(
    in directories: [String]
  ) throws(PluginHostError) -> [PluginBundle] {
    var found: [PluginBundle] = []
    for directory in directories {
      for name in try PluginRegistry.names(directory) where PluginBundle.isNamed(name) {
        if let bundle = try? PluginBundle.read(path: "\(directory)/\(name)") {
          found.append(bundle)
        }
      }
    }
    return found
  }

  /// All bundles of that id, or of one version of it. Removes none where there is none.
  package static func remove(
    id: String, version: String?, from directories: [String]
  ) throws(PluginHostError) -> [PluginBundle] {
    let installed = try installed(in: directories)
    let fitting = installed.filter { bundle in
      bundle.manifest.id == id && (version == nil || bundle.manifest.version == version)
    }
    guard !fitting.isEmpty else {
      let versions = installed.filter { $0.manifest.id == id }.map(\.manifest.version)
      throw PluginHostError(
        .unknownPlugin, id,
        versions.isEmpty ? "no bundle of this id is installed" : "this version is not installed",
        remedy: versions.isEmpty
          ? Suggestion.remedy(for: id, among: installed.map(\.manifest.id))
          : "installed: \(versions.joined(separator: ", "))")
    }
    for bundle in fitting { try remove(path: bundle.path) }
    return fitting
  }

  /// A folder goes out of sight whole before its files do.
  private static func remove(path: String) throws(PluginHostError) {
    var isDone = false
    if BundleFolder.isFolder(path) {
      let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
      let hidden = "\(path[..<slash]).\(path[slash...]).\(getpid()).gone"
      isDone = rename(path, hidden) == 0
      if isDone { BundleFolder.remove(hidden) }
    } else {
      isDone = unlink(path) == 0
    }
    guard isDone else {
      throw PluginHostError(
        .unreadable, path, "cannot be removed: \(String(cString: strerror(errno)))",
        remedy: "remove it as the user who owns its folder")
    }
  }
}

extension PluginBundle {
  /// Writes one of the two forms; what is there already stays, and is an error.
  package func write(to path: String, asFolder: Bool) throws(PluginHostError) {
    if asFolder {
      try BundleFolder.write(self, to: path)
    } else {
      try WholeFile.create(packed, path)
    }
  }

  /// Puts the signatures of this value into the bundle it was read from.
  package func writeSignatures() throws(PluginHostError) {
    guard BundleFolder.isFolder(path) else { return try WholeFile.replace(packed, path) }
    try WholeFile.replace(
      Array(BundleSignature.text(of: signatures).utf8), "\(path)/\(Self.signaturesName)")
  }
}
