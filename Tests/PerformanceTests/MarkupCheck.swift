/// What is wrong with an HTML text: tags that do not close each other, bare ampersands, anything
/// fetched from elsewhere, and numbers that are none.
enum MarkupCheck {
  private static let void: Set<String> = ["meta", "br", "hr", "img", "link", "input"]

  static func defects(_ html: String) -> [String] {
    var defects: [String] = []
    var open: [String] = []
    var words = ""
    var rest = Substring(html)
    while let start = rest.firstIndex(of: "<") {
      words += rest[..<start] + " "
      rest = rest[rest.index(after: start)...]
      if rest.hasPrefix("!DOCTYPE") {
        rest = rest.drop { $0 != ">" }.dropFirst()
        continue
      }
      guard let end = tagEnd(rest) else {
        return defects + ["a tag never ends: \(rest.prefix(40))"]
      }
      let tag = rest[..<end]
      rest = rest[rest.index(after: end)...]
      let name = String(tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber })
      defects += fetched(tag)
      if tag.hasPrefix("/") {
        let last = open.popLast()
        if last != name { defects.append("</\(name)> closes <\(last ?? "nothing")>") }
      } else if !tag.hasSuffix("/"), !void.contains(name) {
        open.append(name)
        if name == "script" || name == "style", let close = rest.firstRange(of: "</\(name)>") {
          rest = rest[close.lowerBound...]
        }
      }
    }
    words += rest
    defects += open.map { "<\($0)> is never closed" }
    return defects + wordDefects(words)
  }

  /// Beyond quoted attributes.
  private static func tagEnd(_ text: Substring) -> Substring.Index? {
    var isQuoted = false
    for index in text.indices {
      if text[index] == "\"" { isQuoted.toggle() }
      if text[index] == ">", !isQuoted { return index }
    }
    return nil
  }

  private static func fetched(_ tag: Substring) -> [String] {
    [" src=", " href=", "url(", "@import", "javascript:"].filter { tag.contains($0) }
      .map { "\($0) in <\(tag.prefix(60))>" }
  }

  private static func wordDefects(_ words: String) -> [String] {
    var defects: [String] = []
    for piece in words.split(separator: "&", omittingEmptySubsequences: false).dropFirst() {
      let name = piece.prefix { $0 != ";" && $0 != " " }
      if !piece.dropFirst(name.count).hasPrefix(";") { defects.append("a bare & before \(name)") }
    }
    let numbers: Set<String> = ["nan", "inf", "infinity"]
    for word in words.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber })
    where numbers.contains(String(word)) {
      defects.append("'\(word)' is no number")
    }
    return defects
  }
}
