import Foundation

/// The plugin headers read just well enough to know every struct, field, constant and function
/// pointer in them, so that a test which walks them cannot forget one.
struct HeaderScan {
  struct Struct {
    let name: String
    let fields: [String]
    /// Declarations of function pointers, as written.
    let functions: [String]
  }

  private(set) var files: [String] = []
  private(set) var structs: [Struct] = []
  private(set) var constants: [String] = []
  private(set) var strings: [String] = []

  init() throws {
    let directory = Workbench.includes + "/keel"
    let found = try FileManager.default.subpathsOfDirectory(atPath: directory)
    files = found.filter { $0.hasSuffix(".h") }.sorted()
    for file in files {
      try scan(String(contentsOfFile: directory + "/" + file, encoding: .utf8))
    }
  }

  private mutating func scan(_ text: String) {
    var code = ""
    var isContinued = false
    for line in HeaderScan.withoutComments(text).split(separator: "\n") {
      let trimmed = line.drop { $0 == " " }
      let isDirective = isContinued || trimmed.hasPrefix("#")
      isContinued = isDirective && line.hasSuffix("\\")
      if isDirective { define(trimmed) } else { code += line + "\n" }
    }
    scanEnums(code)
    scanStructs(code)
    for piece in code.components(separatedBy: "static const ").dropFirst() {
      let words = piece.prefix { $0 != "=" }.split(separator: " ")
      if let name = words.last { constants.append(String(name)) }
    }
  }

  private static func withoutComments(_ text: String) -> String {
    var kept = ""
    for (index, piece) in text.components(separatedBy: "/*").enumerated() {
      guard index > 0, let end = piece.range(of: "*/") else {
        kept += piece
        continue
      }
      kept += piece[end.upperBound...]
    }
    return kept
  }

  private mutating func define(_ line: Substring) {
    let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
    guard words.count == 3, words[0] == "#define", !words[1].contains("(") else { return }
    let value = words[2].trimmingCharacters(in: .whitespaces)
    if value.hasPrefix("\"") { strings.append(String(words[1])) }
    if Int(value) != nil { constants.append(String(words[1])) }
  }

  private mutating func scanEnums(_ code: String) {
    for piece in code.components(separatedBy: "enum {").dropFirst() {
      for entry in piece.prefix(while: { $0 != "}" }).split(separator: ",") {
        let name = entry.prefix { $0 != "=" }.trimmingCharacters(in: .whitespacesAndNewlines)
        if !name.isEmpty { constants.append(name) }
      }
    }
  }

  private mutating func scanStructs(_ code: String) {
    for piece in code.components(separatedBy: "typedef struct ").dropFirst() {
      guard let open = piece.firstIndex(of: "{"), let close = piece.firstIndex(of: "}") else {
        continue
      }
      let name = piece[..<open].trimmingCharacters(in: .whitespacesAndNewlines)
      var fields: [String] = []
      var functions: [String] = []
      for declaration in piece[piece.index(after: open)..<close].split(separator: ";") {
        if let pointer = declaration.range(of: "(*") {
          fields.append(String(declaration[pointer.upperBound...].prefix { $0 != ")" }))
          functions.append(declaration.trimmingCharacters(in: .whitespacesAndNewlines))
        } else {
          fields += declaration.split(separator: ",").compactMap(HeaderScan.declared)
        }
      }
      structs.append(Struct(name: name, fields: fields, functions: functions))
    }
  }

  /// The name in "const char *name[4]".
  private static func declared(_ declarator: Substring) -> String? {
    let words = declarator.prefix { $0 != "[" }
      .split { !$0.isLetter && !$0.isNumber && $0 != "_" }
    return words.last.map(String.init)
  }
}
