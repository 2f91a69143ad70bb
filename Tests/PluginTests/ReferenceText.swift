/// A comment of a header as Markdown.
struct ReferenceText {
  /// What has an anchor of its own in the document.
  let anchors: Set<String>

  /// In a line, such as a cell of a table.
  func line(_ comment: String) -> String {
    marked(Self.lines(comment).map(\.text).joined(separator: " "))
  }

  /// Paragraphs, and blocks of what the header sets further in.
  func blocks(_ comment: String) -> String {
    var blocks: [(isText: Bool, lines: [String])] = []
    var isOpen = false
    for line in Self.lines(comment) {
      guard !line.text.isEmpty else {
        isOpen = false
        continue
      }
      let isText = line.indent >= 2
      let whole = String(repeating: " ", count: line.indent - (isText ? 2 : 0)) + line.text
      if isOpen, blocks.last?.isText == isText {
        blocks[blocks.count - 1].lines.append(isText ? whole : line.text)
      } else {
        blocks.append((isText, [isText ? whole : line.text]))
      }
      isOpen = true
    }
    return blocks.map { block in
      block.isText
        ? "```text\n" + block.lines.joined(separator: "\n") + "\n```"
        : marked(block.lines.joined(separator: " "))
    }.joined(separator: "\n\n")
  }

  /// Up to the first full stop.
  func firstSentence(_ comment: String) -> String {
    let lines = Self.lines(comment).prefix { $0.indent < 2 }
    let all = lines.map(\.text).joined(separator: " ")
    return marked(String(all[..<(all.firstRange(of: ". ")?.lowerBound ?? all.endIndex)]))
  }

  private struct Line {
    let text: String
    /// Behind the star that begins it; a line without a star has none.
    let indent: Int
  }

  private static func lines(_ comment: String) -> [Line] {
    comment.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var rest = line.drop { $0 == " " }
      let hasStar = rest.first == "*"
      if hasStar { rest = rest.dropFirst() }
      if rest.first == " " { rest = rest.dropFirst() }
      let content = rest.drop { $0 == " " }
      let indent = hasStar ? rest.count - content.count : 0
      var text = content
      while text.last == " " { text.removeLast() }
      return Line(text: String(text), indent: indent)
    }
  }

  /// Names as code, with links to what the document explains; all else as it stands.
  private func marked(_ text: String) -> String {
    var result = ""
    var rest = text.split(separator: " ").joined(separator: " ")[...]
    while let first = rest.first {
      guard first.isLetter || first == "_" else {
        result += "\\`*_<>|[]#".contains(first) ? "\\\(first)" : String(first)
        rest = rest.dropFirst()
        continue
      }
      var word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
      while word.last == "." { word.removeLast() }
      result += shown(word)
      rest = rest[word.endIndex...]
    }
    return result
  }

  private func shown(_ word: Substring) -> String {
    guard word.contains("_") else { return String(word) }
    let base = String(word.prefix { $0 != "." })
    let anchor = [String(word), base].first(where: anchors.contains)
    return anchor.map { "[`\(word)`](#\($0))" } ?? "`\(word)`"
  }
}
