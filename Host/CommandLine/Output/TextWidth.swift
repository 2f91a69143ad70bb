/// How much room text takes on a terminal, and how to break it.
enum TextWidth {
  /// Columns; East Asian wide characters and emoji take two.
  static func columns(_ text: String) -> Int {
    text.reduce(0) { total, character in
      guard let first = character.unicodeScalars.first else { return total }
      return total + (isWide(first.value) ? 2 : 1)
    }
  }

  static func padded(_ text: String, to columns: Int, onTheLeft: Bool = false) -> String {
    let room = String(repeating: " ", count: max(0, columns - Self.columns(text)))
    return onTheLeft ? room + text : text + room
  }

  /// Breaks at spaces; a longer word stands alone on its line. Empty lines part paragraphs.
  static func wrapped(_ text: String, to columns: Int) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n\n", omittingEmptySubsequences: true) {
      if !lines.isEmpty { lines.append("") }
      var line = ""
      for word in paragraph.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
        if line.isEmpty {
          line = String(word)
        } else if Self.columns(line) + 1 + Self.columns(String(word)) <= columns {
          line += " " + word
        } else {
          lines.append(line)
          line = String(word)
        }
      }
      if !line.isEmpty { lines.append(line) }
    }
    return lines
  }

  /// Columns of the longest word.
  static func longestWord(_ text: String) -> Int {
    let words = text.split { $0 == " " || $0 == "\n" }
    return words.map { columns(String($0)) }.max() ?? 0
  }

  private static func isWide(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF:
      true
    default: false
    }
  }
}
