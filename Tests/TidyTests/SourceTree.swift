import Foundation

/// The checked-out tree, without what git leaves out and without following links.
struct SourceTree {
  let root: URL
  /// Text files, sorted by path.
  let files: [SourceFile]
  /// Every file and folder by its path from the top; links are neither.
  let paths: [String]
  let emptyFolders: [String]

  static let top = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let current = SourceTree(root: top)

  /// Kept out by .gitignore, or git's own.
  static let unseen: Set<String> = [".build", ".keel", ".git", ".swiftpm"]

  init(root: URL) {
    self.root = root
    var found: [String] = []
    var empty: [String] = []
    Self.visit(root, "", &found, &empty)
    paths = found.sorted()
    emptyFolders = empty.sorted()
    files = paths.compactMap { path in
      guard let data = try? Data(contentsOf: root.appending(path: path)) else { return nil }
      guard let text = String(data: data, encoding: .utf8) else { return nil }
      return SourceFile(path, text)
    }
  }

  func file(_ path: String) -> SourceFile? { files.first { $0.path == path } }

  private static func visit(
    _ folder: URL, _ path: String, _ found: inout [String], _ empty: inout [String]
  ) {
    let manager = FileManager.default
    let names = (try? manager.contentsOfDirectory(atPath: folder.path)) ?? []
    let seen = names.filter { !unseen.contains($0) }
    if seen.isEmpty { empty.append(path) }
    for name in seen {
      let entry = folder.appending(path: name)
      let entryPath = path.isEmpty ? name : "\(path)/\(name)"
      let type = try? manager.attributesOfItem(atPath: entry.path)[.type] as? FileAttributeType
      if type == .typeSymbolicLink { continue }
      found.append(entryPath)
      if type == .typeDirectory { visit(entry, entryPath, &found, &empty) }
    }
  }
}
