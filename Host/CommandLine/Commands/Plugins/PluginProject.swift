import Glibc
import PluginHost

/// A project of a plugin author: which files of the SDK it takes along, and what they are called
/// there. Templates say `@name@`, `@Name@`, `@id@` and `@kind@`.
struct PluginProject {
  enum Language: String, CaseIterable { case c, cpp, swift, rust }

  let folder: String
  let language: Language
  let kind: PluginKind
  /// Of the library: "mean_reversion".
  let name: String

  init(_ folder: String, _ language: Language, _ kind: PluginKind) throws(CommandError) {
    self.folder = folder
    self.language = language
    self.kind = kind
    let last = folder.split(separator: "/").last.map(String.init) ?? ""
    name = String(last.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 })
    let isLegal = name.utf8.allSatisfy {
      (97...122).contains($0) || (48...57).contains($0) || $0 == 95
    }
    guard let first = name.utf8.first, isLegal, (97...122).contains(first), name.utf8.count <= 40
    else {
      throw CommandError(
        .usage, subject: folder, "a plugin cannot be named \"\(last)\"",
        remedy: "begin the folder's name with a letter; then letters, digits, - and _, at most 40")
    }
  }

  /// A reverse URI, to be changed into the author's own.
  var id: String { "com.example.\(name.split(separator: "_").joined(separator: "-"))" }

  /// "MeanReversion".
  private var typeName: String {
    name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  /// Writes everything, and gives the paths in the folder. Nothing is written into a folder that
  /// holds anything.
  func write(from sdk: SDKFolder) throws(CommandError) -> [String] {
    try requireEmptyFolder()
    var written: [String] = []
    for (from, to) in plan(sdk) {
      var bytes = try sdk.bytes(of: from)
      if from.hasPrefix("Templates/") { bytes = filledIn(bytes) }
      let isProgram = from == "build-plugin"
      try WrittenFile(path: "\(folder)/\(to)", bytes: bytes, isProgram: isProgram).write()
      written.append(to)
    }
    return written
  }

  private func requireEmptyFolder() throws(CommandError) {
    guard let stream = opendir(folder) else {
      guard errno == ENOENT else { throw WrittenFile.failure("list", folder) }
      return
    }
    defer { closedir(stream) }
    var count = 0
    while readdir(stream) != nil { count += 1 }
    guard count <= 2 else {
      throw CommandError(
        .usage, subject: folder, "there is something in it already",
        remedy: "name a folder that is empty, or that does not exist yet")
    }
  }

  /// Where each file comes from in the SDK, and where it goes.
  private func plan(_ sdk: SDKFolder) -> [(from: String, to: String)] {
    let template = "Templates/\(language)"
    var files: [(String, String)] = []
    for entry in sdk.names(in: template) where !entry.hasSuffix("/") {
      // So called that nothing takes a template for source of this package.
      let file = entry.hasSuffix(".in") ? String(entry.dropLast(3)) : entry
      let stem = file.prefix { $0 != "." }
      let isOfAKind = PluginKind.allCases.contains { $0.rawValue == stem }
      if isOfAKind && stem != kind.rawValue { continue }
      let shown = isOfAKind ? name + file.dropFirst(stem.count) : file
      files.append(("\(template)/\(entry)", file == "Makefile" ? file : "src/\(shown)"))
    }
    files += [
      ("Templates/\(kind.rawValue)_test.c.in", "test/test.c"), ("Templates/README.md", "README.md"),
      ("Templates/gitignore", ".gitignore"), ("Templates/project.make", "sdk/project.make"),
    ]
    switch kind {
    case .strategy: files.append(("Templates/strategies.json", "strategies.json"))
    case .alpha, .data:
      files.append(("Templates/\(kind.rawValue)_strategies.json", "strategies.json"))
    // No session drives one yet.
    case .exchange: break
    }
    for part in [
      "PluginABI/include", "PluginConformance", "plugin.map", "Languages/keel_testing.h",
      "README.md", "REFERENCE.md",
    ] + parts {
      files += all(part, sdk).map { ($0, "sdk/\($0)") }
    }
    return files
  }

  private var parts: [String] {
    switch language {
    case .c: []
    case .cpp: ["Languages/keel.hpp"]
    case .rust: ["Languages/keel.rs"]
    case .swift: ["PluginSDK", "PluginRuntime", "build-plugin"]
    }
  }

  /// A file, or all files in a folder and below it.
  private func all(_ part: String, _ sdk: SDKFolder) -> [String] {
    let names = sdk.names(in: part)
    guard !names.isEmpty else { return [part] }
    return names.flatMap { name in
      name.hasSuffix("/") ? all("\(part)/\(name.dropLast())", sdk) : ["\(part)/\(name)"]
    }
  }

  private func filledIn(_ bytes: [UInt8]) -> [UInt8] {
    var text = String(decoding: bytes, as: UTF8.self)
    let words = [
      ("@name@", name), ("@Name@", typeName), ("@id@", id), ("@kind@", kind.rawValue),
    ]
    for (mark, word) in words {
      text.replace(mark, with: word)
    }
    return Array(text.utf8)
  }
}
