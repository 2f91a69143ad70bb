import Glibc

extension TrustStore {
  /// KEEL_TRUST, or keel/trust.json where the user's configuration lies. Nil where neither the
  /// variable nor a home is known.
  package static var usualPath: String? {
    func variable(_ name: String) -> String? {
      guard let value = getenv(name), value.pointee != 0 else { return nil }
      return String(cString: value)
    }
    if let path = variable("KEEL_TRUST") { return path }
    if let folder = variable("XDG_CONFIG_HOME"), folder.hasPrefix("/") {
      return folder + "/keel/trust.json"
    }
    return variable("HOME").map { $0 + "/.config/keel/trust.json" }
  }

  /// Nobody is trusted where there is no file. One that others may write is refused: whoever writes
  /// it decides which code runs.
  package static func read(path: String?) throws(PluginHostError) -> TrustStore {
    guard let path else { return .empty }
    if access(path, F_OK) != 0, errno == ENOENT || errno == ENOTDIR { return .empty }
    try FileOwnership.checkUnchanged(folder(of: path))
    try FileOwnership.checkUnchanged(path)
    return try TrustStore(
      try PluginFile(path: path, bytesMax: bytesMax).bytes, subject: path)
  }

  /// The same, of one that somebody has named: nobody would notice a misspelling.
  package static func read(named path: String) throws(PluginHostError) -> TrustStore {
    guard access(path, F_OK) == 0 else {
      throw PluginHostError(
        .missing, path, "there is no trust store: \(String(cString: strerror(errno)))",
        remedy: "correct the path, or make one: keel plugin trust add KEY --store \(path)")
    }
    return try read(path: path)
  }

  /// Makes the folders that are missing, for this user alone.
  package func write(path: String) throws(PluginHostError) {
    try Self.makeFolders(Self.folder(of: path))
    try FileOwnership.checkUnchanged(Self.folder(of: path))
    try WholeFile.replace(Array(text.utf8), path, mode: 0o600)
  }

  /// Held from reading a store until it is written again, so that no change is lost to another.
  package struct Lock: ~Copyable {
    private let folder: Int32

    package init(path: String) throws(PluginHostError) {
      let name = TrustStore.folder(of: path)
      try TrustStore.makeFolders(name)
      let opened = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      var answer = opened < 0 ? -1 : flock(opened, LOCK_EX)
      while answer != 0, opened >= 0, errno == EINTR { answer = flock(opened, LOCK_EX) }
      guard answer == 0 else {
        let reason = String(cString: strerror(errno))
        close(opened)
        throw PluginHostError(
          .unreadable, name, "cannot be locked: \(reason)",
          remedy: "give the trust store another place: --store, or KEEL_TRUST")
      }
      folder = opened
    }

    deinit { close(folder) }
  }

  private static func makeFolders(_ path: String) throws(PluginHostError) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/\(part)"
      guard mkdir(made, 0o700) == 0 || errno == EEXIST else {
        throw PluginHostError(
          .unreadable, made, "cannot be made: \(String(cString: strerror(errno)))",
          remedy: "give the trust store another place: --store, or KEEL_TRUST")
      }
    }
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
