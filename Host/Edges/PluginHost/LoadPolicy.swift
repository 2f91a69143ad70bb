import Glibc
package import Market

/// Which code this host takes in, and how much.
package struct LoadPolicy: Sendable {
  /// For what lies in none of the directories, such as a path that a swap names.
  package var elsewhere: CodePolicy
  package var directories: [PluginDirectory]
  package var trust: TrustStore
  /// What a plugin may be linked against. All else could run code of its own in the host, and
  /// would take the plugin out of the guard's reach.
  package var neededLibrariesAllowed: Set<String>
  /// Builds are never unmapped, so each one stays until the host ends.
  package var residentBuildsMax: Int
  package var fileBytesMax: Int
  /// What keys expire by.
  package var clock: @Sendable () -> Timestamp = LoadPolicy.wallClock

  package init(
    elsewhere: CodePolicy = .trusted, directories: [PluginDirectory] = [],
    trust: TrustStore = .empty, neededLibrariesAllowed: Set<String> = LoadPolicy.systemLibraries,
    residentBuildsMax: Int = 64, fileBytesMax: Int = 256 << 20
  ) {
    self.elsewhere = elsewhere
    self.directories = directories
    self.trust = trust
    self.neededLibrariesAllowed = neededLibrariesAllowed
    self.residentBuildsMax = residentBuildsMax
    self.fileBytesMax = fileBytesMax
  }

  /// The C library, in the parts that linkers name. `.ci/test-real` reads this list.
  package static let systemLibraries: Set<String> = [
    "libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1",
  ]

  package static let wallClock: @Sendable () -> Timestamp = {
    Timestamp(nanoseconds: Int64(time(nil)) * 1_000_000_000)
  }

  /// That of the innermost directory in which the path lies, as the system sees it: a path through
  /// ".." or a link is where it leads.
  package func policy(for path: String) -> CodePolicy {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    guard let place = Self.resolved(folder.isEmpty ? "/" : folder) else { return elsewhere }
    var best: (length: Int, policy: CodePolicy)?
    for directory in directories {
      guard let root = Self.resolved(directory.path) else { continue }
      let isInside = place == root || place.hasPrefix(root == "/" ? "/" : root + "/")
      if isInside, root.utf8.count > best?.length ?? -1 {
        best = (root.utf8.count, directory.policy)
      }
    }
    return best?.policy ?? elsewhere
  }

  private static func resolved(_ path: String) -> String? {
    guard let text = realpath(path, nil) else { return nil }
    defer { free(text) }
    return String(cString: text)
  }
}
