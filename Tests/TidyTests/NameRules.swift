/// Names that say what a thing is, and files that hold what they are named for.
enum NameRules {
  static let banned = ["Utils", "Util", "Common", "Helper", "Helpers", "Manager", "Misc"]

  /// One view for each C record, grouped as the C headers group the records.
  static let families: Set<String> = [
    "PluginAPI/PluginBridge/ControlViews.swift", "PluginAPI/PluginBridge/MarketViews.swift",
    "PluginAPI/PluginBridge/OrderViews.swift",
  ]

  static func check(_ file: SourceFile) -> [Defect] {
    path(file.path) + (file.isSwift ? types(file) + mainType(file) : [])
  }

  static func path(_ path: String) -> [Defect] {
    var defects: [Defect] = []
    if path.contains(" ") { defects.append(Defect(path: path, why: "a space in a name")) }
    for part in path.split(separator: "/") {
      let stem = part.prefix { $0 != "." }
      if let word = bannedWord(in: String(stem)) {
        defects.append(Defect(path: path, why: "'\(word)' says nothing; name what it does"))
      }
    }
    return defects
  }

  static func types(_ file: SourceFile) -> [Defect] {
    declaredTypes(file).compactMap { type in
      bannedWord(in: type.name).map {
        Defect(path: file.path, line: type.line, why: "'\($0)' says nothing; name what it does")
      }
    }
  }

  /// `OrderBook.swift` declares OrderBook, `OrderBook+Snapshot.swift` extends it, and
  /// `OrderViews.swift` may hold a family whose names all end in View. A file without types,
  /// such as a plugin's entry, is free.
  static func mainType(_ file: SourceFile) -> [Defect] {
    guard file.name != "Package.swift", !families.contains(file.path) else { return [] }
    let types = declaredTypes(file).filter { $0.depth == 0 }
    let parts = file.stem.split(separator: "+").map(String.init)
    guard let main = parts.first else { return [] }
    if parts.count == 2 {
      if extendedTypes(file).contains(main) { return [] }
      return [Defect(path: file.path, why: "does not extend \(main)")]
    }
    let isFamily =
      main.hasSuffix("s") && !types.isEmpty
      && types.allSatisfy { $0.name.hasSuffix(lastWord(String(main.dropLast()))) }
    if types.isEmpty || isFamily || types.contains(where: { $0.name == main }) { return [] }
    let names = types.map(\.name).joined(separator: ", ")
    return [Defect(path: file.path, why: "declares \(names) but no \(main)")]
  }

  struct Declared {
    let name: String
    let line: Int
    /// Braces around it.
    let depth: Int
  }

  static func declaredTypes(_ file: SourceFile) -> [Declared] {
    let keywords: Set<Substring> = ["struct", "enum", "class", "protocol", "actor", "typealias"]
    var found: [Declared] = []
    var depth = 0
    for (index, line) in file.code.enumerated() {
      let words = CodeText.words(line)
      for (place, word) in words.enumerated() where keywords.contains(word) {
        guard place + 1 < words.count, words[place + 1].first?.isUppercase == true else { continue }
        guard !line.contains("import \(word)") else { continue }
        found.append(Declared(name: String(words[place + 1]), line: index + 1, depth: depth))
      }
      depth += line.count { $0 == "{" } - line.count { $0 == "}" }
    }
    return found
  }

  private static func extendedTypes(_ file: SourceFile) -> Set<String> {
    var names: Set<String> = []
    for line in file.code {
      let words = CodeText.words(line)
      guard let place = words.firstIndex(of: "extension") else { continue }
      names.formUnion(words[(place + 1)...].map(String.init))
    }
    return names
  }

  /// A whole camel-case word, so that "Commons" or "Managed" pass.
  private static func bannedWord(in name: String) -> String? {
    camelWords(name).first { banned.contains($0) }
  }

  private static func lastWord(_ name: String) -> String { camelWords(name).last ?? name }

  static func camelWords(_ name: String) -> [String] {
    var words: [String] = []
    for character in name {
      if character.isUppercase || words.isEmpty || !character.isLetter {
        words.append(String(character))
      } else {
        words[words.count - 1].append(character)
      }
    }
    return words
  }
}
