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

  /// Makes the folders that are missing, for this user alone.
  package func write(path: String) throws(PluginHostError) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in Self.folder(of: path).split(separator: "/") {
      made += "/\(part)"
      guard mkdir(made, 0o700) == 0 || errno == EEXIST else {
        throw PluginHostError(
          .unreadable, made, "cannot be made: \(String(cString: strerror(errno)))",
          remedy: "give the trust store another place: --store, or KEEL_TRUST")
      }
    }
    try FileOwnership.checkUnchanged(Self.folder(of: path))
    try WholeFile.replace(Array(text.utf8), path, mode: 0o600)
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
