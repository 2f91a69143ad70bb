/// A snapshot holds the whole state: every stored property of a type that has a `code` is named
/// where that is written, or stands here with the reason why it is not.
enum SnapshotRules {
  static let leftOut: [String: String] = [
    "Kernel.router": "between two turns nothing is on its way",
    "Kernel.scratch": "is empty between two calls",
    "State.closing": "is read in the turn that fills it",
    "Row.pricing": "follows from the instrument",
    "Portfolio.stale": "is empty between two turns",
    "Cell.isStale": "nothing is between two turns",
    "CashLedger.totals": "follow from the balances",
    "Slot.live": "code is lent again",
    "Slot.hasAnswered": "is used up in the turn that sets it",
    "Companion.port": "code is lent again",
    "SlotTable.slots": "is reached by number",
    "RecentIDs.table": "is filled again from the ring",
    "PlaceLists.previous": "follows from the order of each list",
    "PlaceLists.last": "follows from the order of each list",
    "Instrument.factor": "follows from the other numbers",
  ]

  struct Property: Equatable {
    let type: String
    let name: String
    let line: Int
  }

  static func check(_ files: [SourceFile]) -> [Defect] {
    let sources = files.filter(\.isSwift)
    var named: [String: Set<String>] = [:]
    for file in sources where file.isUnder("Host/Kernel/Snapshot") {
      for (type, words) in codes(in: file) { named[type, default: []].formUnion(words) }
    }
    var defects: [Defect] = []
    for file in sources
    where file.isUnder("Host/Kernel") && !file.isUnder("Host/Kernel/Snapshot")
      || file.isUnder("PluginAPI/Market")
    {
      for property in storedProperties(of: file) {
        guard let words = named[property.type], !words.contains(property.name),
          leftOut["\(property.type).\(property.name)"] == nil
        else { continue }
        defects.append(
          Defect(
            path: file.path, line: property.line,
            why: "\(property.type).\(property.name) is in no snapshot"))
      }
    }
    return defects
  }

  /// The words of each extension that holds a `code`, by the type it extends.
  static func codes(in file: SourceFile) -> [(type: String, words: Set<String>)] {
    var found: [(String, Set<String>)] = []
    var type: String?
    var words: Set<String> = []
    for line in file.code {
      if line.hasPrefix("extension ") {
        let name = line.dropFirst(10).prefix { $0 != ":" && $0 != "{" && $0 != " " }
        type = name.split(separator: ".").last.map(String.init)
        words = []
      }
      words.formUnion(CodeText.words(line).map(String.init))
      if line.hasPrefix("}"), let ended = type {
        if words.contains("code") { found.append((ended, words)) }
        type = nil
      }
    }
    return found
  }

  /// Variables and constants of instances, by the innermost type around them.
  static func storedProperties(of file: SourceFile) -> [Property] {
    var found: [Property] = []
    var around: [(type: String?, depth: Int)] = []
    var depth = 0
    for (index, line) in file.code.enumerated() {
      let words = CodeText.words(line).map(String.init)
      if depth == around.last?.depth, let type = around.last?.type, !words.contains("static"),
        let place = words.firstIndex(where: { $0 == "var" || $0 == "let" }),
        words[..<place].allSatisfy(modifiers.contains), place + 1 < words.count,
        !isComputed(line)
      {
        found.append(Property(type: type, name: words[place + 1], line: index + 1))
      }
      if let place = words.firstIndex(where: { kinds.contains($0) }), place + 1 < words.count,
        words[..<place].allSatisfy(modifiers.contains), line.contains("{")
      {
        let isCopied = words[place] == "struct" || words[place] == "class"
        around.append((isCopied ? words[place + 1] : nil, depth + 1))
      }
      depth += line.count { $0 == "{" } - line.count { $0 == "}" }
      while let last = around.last, depth < last.depth { around.removeLast() }
    }
    return found
  }

  private static let kinds: Set<String> = ["struct", "class", "enum", "extension", "protocol"]
  private static let modifiers: Set<String> = [
    "package", "private", "fileprivate", "internal", "public", "set", "final",
  ]

  /// `var name: Type {` and its body; `= ... {` begins a closure.
  private static func isComputed(_ line: String) -> Bool {
    guard let brace = line.firstIndex(of: "{") else { return false }
    return !line[..<brace].contains("=")
  }
}
