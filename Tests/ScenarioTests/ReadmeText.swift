import Foundation
import TestSupport
import Testing

/// What README.md tells a newcomer to write and to type, taken from its own text.
struct ReadmeText {
  let text: String

  init() throws {
    text = try String(contentsOfFile: CPluginCompiler.root + "/README.md", encoding: .utf8)
  }

  /// The blocks of one language, in order.
  func blocks(_ language: String) -> [String] {
    text.components(separatedBy: "\n```\(language)\n").dropFirst().compactMap {
      $0.components(separatedBy: "\n```").first
    }
  }

  /// The only block of a language that holds `word`.
  func block(_ language: String, with word: String) throws -> String {
    let found = blocks(language).filter { $0.contains(word) }
    try #require(found.count == 1, "README.md has \(found.count) \(language) blocks with \(word)")
    return found[0]
  }

  /// The words behind `keel` of the only command that begins with these; with the plugins where a
  /// test has them.
  func command(_ start: String) throws -> [String] {
    let lines = blocks("sh").flatMap { $0.components(separatedBy: "\n") }
      .filter { $0.hasPrefix(".build/release/keel ") }.map { $0.dropFirst(15) }
    let inline = text.components(separatedBy: "`").filter { $0.hasPrefix("keel ") }.map { $0[...] }
    let found = (lines + inline).filter { $0.hasPrefix("keel \(start)") }
    try #require(found.count == 1, "README.md has \(found.count) commands keel \(start)")
    return found[0].replacingOccurrences(of: ".build/plugins/", with: "plugins/")
      .split(separator: " ").dropFirst().map(String.init)
  }
}
