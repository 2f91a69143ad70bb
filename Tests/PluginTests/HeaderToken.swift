/// A piece of a header, with its comments: what the reference is made of.
struct HeaderToken {
  enum Kind { case comment, directive, word, mark }

  let kind: Kind
  /// Of a comment: what stands between its marks. Of a directive: without its comment.
  let text: String
  let line: Int
  /// The first of its line.
  let isAlone: Bool

  static func all(in text: String) -> [HeaderToken] {
    var scanner = Scanner(text)
    while scanner.step() {}
    return scanner.tokens
  }

  private struct Scanner {
    private let all: [Character]
    private var index = 0
    private var line = 1
    private var lastLine = 0
    private(set) var tokens: [HeaderToken] = []

    init(_ text: String) { all = Array(text) }

    /// Takes one token or one blank; false at the end.
    mutating func step() -> Bool {
      guard index < all.count else { return false }
      if all[index].isWhitespace {
        if all[index].isNewline { line += 1 }
        index += 1
      } else if begins("/*") {
        take(.comment, skipping: 2) { $0.begins("*/") }
        index += 2
      } else if begins("//") {
        take(.comment, skipping: 2) { $0.all[$0.index].isNewline }
      } else if all[index] == "#", lastLine != line {
        take(.directive) { ($0.all[$0.index].isNewline && !$0.isContinued) || $0.begins("/*") }
      } else if isWord(all[index]) {
        take(.word) { !$0.isWord($0.all[$0.index]) }
      } else {
        var isFirst = true
        take(.mark) { _ in
          defer { isFirst = false }
          return !isFirst
        }
      }
      return true
    }

    private mutating func take(
      _ kind: Kind, skipping opening: Int = 0, until ends: (Scanner) -> Bool
    ) {
      let (first, isAlone) = (line, lastLine != line)
      index += opening
      let start = index
      while index < all.count, !ends(self) {
        if all[index].isNewline { line += 1 }
        index += 1
      }
      let text = String(all[start..<index])
      tokens.append(HeaderToken(kind: kind, text: text, line: first, isAlone: isAlone))
      lastLine = line
    }

    private var isContinued: Bool { index > 0 && all[index - 1] == "\\" }

    private func begins(_ mark: String) -> Bool { all[index...].starts(with: mark) }

    private func isWord(_ one: Character) -> Bool { one.isLetter || one.isNumber || one == "_" }
  }
}
