/// Lays out the blocks of a manual within a width.
struct ManualPage {
  let width: Int
  let palette: Palette

  private static let indent = "  "

  func heading(_ name: String, _ summary: String) -> String {
    let lines = TextWidth.wrapped("\(name) - \(summary)", to: width)
    let rest = lines.joined(separator: "\n").dropFirst(name.count)
    return palette.paint(name, .bold) + rest
  }

  func paragraph(_ title: String, _ text: String) -> String {
    let lines = TextWidth.wrapped(text, to: width - Self.indent.count)
    return block(title, lines.map { $0.isEmpty ? "" : Self.indent + $0 })
  }

  /// Names in one column, what they are in another; empty for no rows.
  func list(_ title: String, _ rows: [(String, String)]) -> String {
    guard !rows.isEmpty else { return "" }
    let nameMax = width / 3
    let column = rows.map { TextWidth.columns($0.0) }.filter { $0 <= nameMax }.max() ?? nameMax
    var lines: [String] = []
    for (name, about) in rows {
      // A long word, such as a path, takes from the room before it.
      let room = max(width - column - 4, min(width - 4, TextWidth.longestWord(about)))
      let hanging = String(repeating: " ", count: width - room)
      var wrapped = TextWidth.wrapped(about, to: room)
      if TextWidth.columns(name) <= column, !wrapped.isEmpty, room == width - column - 4 {
        let first = Self.indent + TextWidth.padded(name, to: column) + Self.indent
        lines.append(first + wrapped.removeFirst())
      } else {
        lines.append(Self.indent + name)
      }
      lines += wrapped.map { hanging + $0 }
    }
    return block(title, lines)
  }

  /// Lines to type are never wrapped, so that they can be copied.
  func examples(_ examples: [Command.Example]) -> String {
    guard !examples.isEmpty else { return "" }
    let lines = examples.flatMap { example in
      ["\(Self.indent)\(example.line)"]
        + TextWidth.wrapped(example.about, to: width - 6).map { "      \($0)" }
    }
    return block("Examples", lines)
  }

  private func block(_ title: String, _ lines: [String]) -> String {
    ([palette.paint(title, .bold)] + lines).joined(separator: "\n")
  }
}
