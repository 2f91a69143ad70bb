import Glibc

/// Looks at the plugin directories again and again, and says what came and went. A file
/// is judged once it looked the same twice, so that one that is being copied is left alone.
/// Looking costs a listing and a `stat` each; it is for a thread that has time now and then.
package struct PluginWatch {
  /// What changes when a file does.
  private struct Print: Equatable {
    var inode: UInt64 = 0
    var size: Int64 = 0
    var seconds: Int64 = 0
    var nanoseconds: Int64 = 0
  }
  private struct Seen {
    var print: [Print]
    var isJudged: Bool
  }

  package enum Change {
    /// It is still, and to be judged.
    case came(String)
    case went(String)
  }

  private let directories: [String]
  private var seen: [String: Seen] = [:]
  private var isFirst = true
  private var due: Int64 = 0
  package static let intervalNanoseconds: Int64 = 1_000_000_000

  package init(directories: [String]) { self.directories = directories }

  /// What is different since the last look; at most one look a second. `now` is monotonic. What is
  /// there at the first look is known from the session's start, but for what could not be loaded.
  package mutating func look(_ registry: PluginRegistry, now: Int64) -> [Change] {
    guard now >= due else { return [] }
    due = now + Self.intervalNanoseconds
    return look(registry)
  }

  mutating func look(_ registry: PluginRegistry) -> [Change] {
    var changes: [Change] = []
    let present = paths()
    let gone = seen.keys.filter { path in !present.contains(path) }.sorted()
    for path in gone {
      seen[path] = nil
      changes.append(.went(path))
    }
    for path in present {
      let print = Self.print(path)
      guard let before = seen[path] else {
        let isLoaded = registry.isLoaded(path: path)
        seen[path] = Seen(print: print, isJudged: isFirst && isLoaded)
        continue
      }
      if before.print != print {
        seen[path] = Seen(print: print, isJudged: false)
      } else if !before.isJudged {
        seen[path]?.isJudged = true
        changes.append(.came(path))
      }
    }
    isFirst = false
    return changes
  }

  private func paths() -> [String] {
    directories.flatMap { directory -> [String] in
      let names = (try? PluginRegistry.names(directory)) ?? []
      return names.map { "\(directory)/\($0)" }
    }
  }

  /// Of a file, or of a folder and each file in it.
  private static func print(_ path: String) -> [Print] {
    var prints = [one(path)]
    guard BundleFolder.isFolder(path), let stream = opendir(path) else { return prints }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream), names.count <= BundleArchive.entriesMax {
      names.append(BoundedText.shown(entry.pointee.d_name))
    }
    prints += names.sorted().filter { $0 != "." && $0 != ".." }.map { one("\(path)/\($0)") }
    return prints
  }

  private static func one(_ path: String) -> Print {
    var status = stat()
    guard lstat(path, &status) == 0 else { return Print() }
    return Print(
      inode: UInt64(status.st_ino), size: Int64(status.st_size),
      seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec))
  }
}
