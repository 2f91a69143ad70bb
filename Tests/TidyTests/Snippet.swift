/// A fenced block of a page: what a reader may copy and run.
struct Snippet: CustomStringConvertible, Sendable {
  let page: String
  let line: Int
  let language: String
  let text: String

  var description: String { "\(page):\(line) (\(language))" }

  static func all(in file: SourceFile) -> [Snippet] {
    var found: [Snippet] = []
    var open: (line: Int, language: String, lines: [Substring])?
    for (index, line) in file.lines.enumerated() {
      if line.hasPrefix("```") {
        if let block = open {
          let text = block.lines.joined(separator: "\n") + "\n"
          found.append(
            Snippet(page: file.path, line: block.line, language: block.language, text: text))
          open = nil
        } else {
          open = (index + 1, line.dropFirst(3).trimmingSpaces, [])
        }
      } else {
        open?.lines.append(line)
      }
    }
    return found
  }

  /// Blocks of the pages that promise to be kept true.
  static func published(in tree: SourceTree) -> [Snippet] {
    ["README.md", "Host/ARCHITECTURE.md"].compactMap(tree.file).flatMap(all)
  }
}

extension Substring {
  fileprivate var trimmingSpaces: String { split(separator: " ").joined(separator: " ") }
}
