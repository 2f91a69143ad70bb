/// One text file of the tree, by its path from the top.
struct SourceFile {
  let path: String
  let text: String
  let lines: [Substring]
  /// The same lines with comments and the contents of literals blanked out.
  let code: [String]

  init(_ path: String, _ text: String) {
    self.path = path
    self.text = text
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    code = CodeText.blanked(text)
  }

  var name: String { String(path.split(separator: "/").last ?? "") }
  var folders: [String] { path.split(separator: "/").dropLast().map(String.init) }
  var stem: String { String(name.prefix { $0 != "." }) }
  var fileExtension: String {
    name.contains(".") ? String(name.split(separator: ".").last ?? "") : ""
  }
  var isSwift: Bool { fileExtension == "swift" }
  var isC: Bool { ["c", "h"].contains(fileExtension) }

  func isUnder(_ folder: String) -> Bool { path.hasPrefix(folder + "/") }
}

/// A broken rule: where, and in which words.
struct Defect: CustomStringConvertible, Equatable {
  let path: String
  var line = 0
  let why: String
  var description: String { line > 0 ? "\(path):\(line): \(why)" : "\(path): \(why)" }
}
