/// Reads one plugin header with its comments. Knows the forms that the headers use: a comment on a
/// line of its own is about what follows it, one behind something is about that.
struct HeaderReader {
  private(set) var about = ""
  private(set) var items: [HeaderItem] = []

  private let tokens: [HeaderToken]
  private var index = 0
  /// On lines of their own, for what comes next.
  private var pending: [String] = []
  /// Of `#if` around; the guard of the whole file is the first.
  private var conditions = 0

  init(_ text: String) {
    tokens = HeaderToken.all(in: text)
    if let first = tokens.first, first.kind == .comment {
      about = first.text
      index = 1
    }
    while let token = next() { read(token) }
  }

  private mutating func next() -> HeaderToken? {
    guard index < tokens.count else { return nil }
    defer { index += 1 }
    return tokens[index]
  }

  /// The comment that begins on the line of the token before.
  private mutating func trailing() -> String {
    guard index < tokens.count, index > 0, tokens[index].kind == .comment, !tokens[index].isAlone
    else { return "" }
    return next()?.text ?? ""
  }

  private mutating func leading() -> String {
    defer { pending = [] }
    return pending.joined(separator: "\n")
  }

  private static func joined(_ first: String, _ second: String) -> String {
    [first, second].filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private mutating func read(_ token: HeaderToken) {
    if token.kind == .directive { return direct(token.text) }
    guard conditions < 2 else { return }
    switch (token.kind, token.text) {
    case (.comment, let text): readComment(text)
    case (.word, "enum"): items.append(.enumeration(enumeration()))
    case (.word, "typedef"): readTypedef()
    case (.word, "static"):
      let words = statement()
      let name = words.split(separator: "=")[0].split(separator: " ").last.map(String.init) ?? ""
      let value = words.split(separator: "=").last.map { String($0.drop { $0 == " " }) } ?? ""
      let above = leading()
      items.append(
        .constant(.init(name: name, text: value, comment: Self.joined(above, trailing()))))
    case (.mark, ";"): break
    // KEEL_BEGIN, and whole calls such as KEEL_ASSERT(...).
    default: pending = []
    }
  }

  private mutating func readComment(_ text: String) {
    guard text.hasPrefix(" ----") else { return pending.append(text) }
    let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    let title = lines[0].split { $0 == "-" || $0 == " " }.joined(separator: " ")
    items.append(.section(title: title, comment: lines.count > 1 ? String(lines[1]) : ""))
    pending = []
  }

  private mutating func direct(_ text: String) {
    let body = text.dropFirst().drop { $0 == " " }
    let words = body.split(maxSplits: 2) { $0 == " " || $0 == "\n" }
    switch words.first {
    case "if", "ifdef", "ifndef": conditions += 1
    case "endif": conditions -= 1
    case "define" where conditions < 2 && words.count > 1:
      let isOfAFunction = words[1].contains("(")
      let above = leading()
      let comment = Self.joined(above, trailing())
      let value = words.count > 2 && !isOfAFunction ? String(words[2]) : ""
      // A guard has neither.
      guard !comment.isEmpty || !value.isEmpty else { break }
      var name = String(words[1])
      if isOfAFunction {
        let call = body.drop { $0 != " " }.dropFirst()
        name = String(call[...(call.firstIndex(of: ")") ?? call.index(before: call.endIndex))])
      }
      let trimmed = value.split(separator: " ").joined(separator: " ")
      items.append(.constant(.init(name: name, text: trimmed, comment: comment)))
    default: pending = []
    }
  }

  /// The words up to a semicolon, which is taken.
  private mutating func statement() -> String {
    var words = ""
    while let token = next(), token.text != ";" {
      guard token.kind != .comment else { continue }
      words += Self.spaced(words, token)
    }
    return words
  }

  /// A token as a person would write it behind the others.
  private static func spaced(_ before: String, _ token: HeaderToken) -> String {
    guard let last = before.last else { return token.text }
    let isClose = ")],;[".contains(token.text) || "([*".contains(last)
    // A parenthesis touches what is called, but for the one around a pointer to a function.
    let isCall = token.text == "(" && last == ")"
    return (isClose || isCall ? "" : " ") + token.text
  }

  private mutating func enumeration() -> HeaderItem.Enumeration {
    var found = HeaderItem.Enumeration(comment: leading())
    var group = ""
    var lastLine = 0
    while let token = next(), token.text != "}" {
      switch token.kind {
      case .comment where found.entries.isEmpty && !token.isAlone:
        found.comment = Self.joined(found.comment, token.text)
      case .comment where !found.entries.isEmpty && !token.isAlone && token.line == lastLine:
        let last = found.entries.count - 1
        found.entries[last].comment = Self.joined(found.entries[last].comment, token.text)
      case .comment: group = token.text
      case .word:
        found.entries.append(.init(name: token.text, group: group, comment: ""))
        lastLine = token.line
        // Its value is known from what a compiler says.
        while index < tokens.count, ![",", "}"].contains(tokens[index].text),
          tokens[index].kind != .comment
        {
          index += 1
        }
      default: break
      }
    }
    return found
  }

  private mutating func readTypedef() {
    let isStructure =
      index + 2 < tokens.count && tokens[index].text == "struct" && tokens[index + 2].text == "{"
    let above = leading()
    guard isStructure else {
      let words = statement()
      let name: Substring
      if let pointer = words.firstRange(of: "(*") {
        name = words[pointer.upperBound...].prefix { $0 != ")" }
      } else {
        name = words.split(separator: " ").last ?? ""
      }
      let comment = Self.joined(above, trailing())
      items.append(.alias(.init(name: String(name), text: words, comment: comment)))
      return
    }
    var structure = HeaderItem.Structure(name: tokens[index + 1].text, comment: above)
    index += 3
    while index < tokens.count, tokens[index].text != "}" { readMember(into: &structure) }
    _ = statement()
    structure.comment = Self.joined(structure.comment, trailing())
    items.append(.structure(structure))
  }

  private mutating func readMember(into structure: inout HeaderItem.Structure) {
    while index < tokens.count, tokens[index].kind == .comment {
      pending.append(tokens[index].text)
      index += 1
    }
    guard index < tokens.count, tokens[index].text != "}" else { return pending = [] }
    let words = statement()
    let above = leading()
    let comment = Self.joined(above, trailing())
    guard let pointer = words.firstRange(of: "(*") else {
      structure.members += Self.fields(words, comment).map { .field($0) }
      return
    }
    let all = words.split(separator: " ")
    let tags = all.filter { ["KEEL_CONTROL", "KEEL_EVENT", "KEEL_IO", "KEEL_ANY"].contains($0) }
    structure.members.append(
      .function(
        .init(
          name: String(words[pointer.upperBound...].prefix { $0 != ")" }),
          tags: tags.map(String.init),
          declaration: all.filter { !tags.contains($0) }.joined(separator: " "), comment: comment)))
  }

  /// "char symbol[32], venue[16]": each by itself, what is said of both said of each.
  private static func fields(_ words: String, _ comment: String) -> [HeaderItem.Structure.Field] {
    var base = ""
    return words.split(separator: ",").enumerated().map { place, text in
      let declarator = text.prefix { $0 != "[" }
      let length = text.drop { $0 != "[" }
      let name = declarator.split { $0 == " " || $0 == "*" }.last ?? ""
      if place == 0 { base = String(declarator.dropLast(name.count)) }
      while base.last == " " { base.removeLast() }
      return .init(name: String(name), type: base + length, comment: comment)
    }
  }
}
