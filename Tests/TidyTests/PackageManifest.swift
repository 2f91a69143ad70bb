/// The targets of Package.swift, read from its text by the few forms that it uses.
enum PackageManifest {
  static func targets(_ text: String) -> [TreeRules.Target] {
    let body = text.components(of: "let pluginTargets")
    var targets: [TreeRules.Target] = []
    let flat = body.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for call in ["part(", "plugin(", "tests(", "cTarget(", "arget("] {
      targets += calls(of: call, in: flat).compactMap { target(call, $0) }
    }
    return targets
  }

  private static func target(_ call: String, _ arguments: String) -> TreeRules.Target? {
    let texts = quoted(arguments)
    guard let name = texts.first else { return nil }
    let path: String
    var dependencies = Set(quoted(list(after: "[", arguments)))
    switch call {
    case "part(":
      guard let folder = quoted(after: "in:", arguments) else { return nil }
      path = "\(folder)/\(name)"
    case "plugin(":
      guard let folder = quoted(after: "in:", arguments) else { return nil }
      path = "\(folder)/\(name)"
      dependencies = ["PluginSDK"]
    case "tests(":
      path = "Tests/\(name)"
      dependencies.insert("TestSupport")
    case "cTarget(":
      guard texts.count > 1 else { return nil }
      path = texts[1]
    default:
      guard arguments.drop(while: { $0 == " " }).hasPrefix("name:"),
        let named = quoted(after: "path:", arguments)
      else { return nil }
      path = named
      dependencies = Set(quoted(list(after: "dependencies: [", arguments)))
    }
    return TreeRules.Target(name: name, path: path, dependencies: dependencies)
  }

  /// From an opening bracket to the next closing one.
  private static func list(after opening: String, _ text: String) -> String {
    guard let range = text.firstRange(of: opening) else { return "" }
    return String(text[range.upperBound...].prefix { $0 != "]" })
  }

  /// The text between the brackets of each call.
  private static func calls(of name: String, in text: String) -> [String] {
    var found: [String] = []
    let all = Array(text)
    let wanted = Array(name)
    var index = 0
    while index + wanted.count <= all.count {
      let isHere = all[index..<index + wanted.count].elementsEqual(wanted)
      let before = index > 0 ? all[index - 1] : " "
      let isWhole = wanted[0] == "a" ? "tT".contains(before) : !before.isLetter
      guard isHere, isWhole else {
        index += 1
        continue
      }
      var depth = 1
      var end = index + wanted.count
      while end < all.count, depth > 0 {
        if all[end] == "(" { depth += 1 }
        if all[end] == ")" { depth -= 1 }
        end += 1
      }
      found.append(String(all[(index + wanted.count)..<max(end - 1, index + wanted.count)]))
      index += wanted.count
    }
    return found
  }

  static func quoted(_ text: String) -> [String] {
    text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }

  private static func quoted(after label: String, _ text: String) -> String? {
    guard let range = text.firstRange(of: label) else { return nil }
    return quoted(String(text[range.upperBound...])).first
  }
}

extension String {
  /// The text from `mark` on; helper functions above it declare no targets.
  fileprivate func components(of mark: String) -> String {
    firstRange(of: mark).map { String(self[$0.lowerBound...]) } ?? self
  }
}
