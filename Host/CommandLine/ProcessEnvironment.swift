import Glibc

/// The environment of this process as it was at start.
enum ProcessEnvironment {
  /// Keeps what different users leave in shared folders apart.
  static var userID: UInt32 { geteuid() }

  /// Whether there is something at a path, of whatever kind.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func values() -> [String: String] {
    var values: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text)
      if let split = pair.firstIndex(of: "=") {
        values[String(pair[..<split])] = String(pair[pair.index(after: split)...])
      }
      entry += 1
    }
    return values
  }
}
