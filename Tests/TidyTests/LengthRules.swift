/// Files, functions and lines that fit a head and a screen.
enum LengthRules {
  static let fileLinesMax = 500
  static let functionLinesMax = 70
  static let columnsMax = 100
  /// The headers hold tables of fields with what they mean beside them.
  static let columnsInHeadersMax = 120

  static func check(_ file: SourceFile) -> [Defect] {
    guard file.isSwift || file.isC else { return [] }
    return fileLength(file) + columns(file) + functions(file)
  }

  static func fileLength(_ file: SourceFile) -> [Defect] {
    let count = file.lines.count
    guard count > fileLinesMax else { return [] }
    return [Defect(path: file.path, why: "\(count) lines; at most \(fileLinesMax), split it")]
  }

  static func columns(_ file: SourceFile) -> [Defect] {
    let limit = file.fileExtension == "h" ? columnsInHeadersMax : columnsMax
    return file.lines.enumerated().compactMap { index, line in
      guard line.count > limit else { return nil }
      return Defect(
        path: file.path, line: index + 1, why: "\(line.count) columns; at most \(limit)")
    }
  }

  /// A function begins where its word stands and ends with the brace that closes its body.
  /// One without a body, as in a protocol, ends with the line or brace before it opens one.
  static func functions(_ file: SourceFile) -> [Defect] {
    var defects: [Defect] = []
    var depth = 0
    var open: [(line: Int, depth: Int)] = []
    var pending: (line: Int, depth: Int, parentheses: Int)?
    for (index, line) in file.code.enumerated() {
      if let start = pending, index > start.line, start.parentheses == 0, !continues(line) {
        pending = nil
      }
      if beginsFunction(line, file, depth) { pending = (index, depth, 0) }
      for character in line {
        switch character {
        case "(": pending?.parentheses += 1
        case ")": pending?.parentheses -= 1
        case "{":
          if let start = pending, start.parentheses == 0 {
            open.append((start.line, depth))
            pending = nil
          }
          depth += 1
        case "}":
          depth -= 1
          guard let last = open.last, last.depth == depth else { continue }
          open.removeLast()
          let length = index - last.line + 1
          guard length > functionLinesMax else { continue }
          defects.append(
            Defect(
              path: file.path, line: last.line + 1,
              why: "a function of \(length) lines; at most \(functionLinesMax)"))
        default: break
        }
      }
    }
    return defects
  }

  private static func continues(_ line: String) -> Bool {
    let text = line.drop { $0 == " " }
    return text.isEmpty || text.hasPrefix("{") || text.hasPrefix(")") || text.hasPrefix("->")
      || text.hasPrefix("where ") || text.hasPrefix("throws") || text.hasPrefix("async")
  }

  /// In C every body at the outermost level is taken for one; `extern "C" {` is not.
  private static func beginsFunction(_ line: String, _ file: SourceFile, _ depth: Int) -> Bool {
    let words = CodeText.words(line)
    guard file.isSwift else {
      return depth == 0 && line.contains("(") && line.first.map { $0.isLetter } == true
        && words.first != "typedef"
    }
    return words.contains { ["func", "init", "deinit", "subscript"].contains($0) }
      && words.first.map { !["self", "super", "return", "case"].contains($0) } == true
      && !line.contains(".init")
  }
}
