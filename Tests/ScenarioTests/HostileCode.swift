import Foundation
import TestSupport

/// One entry of the corpus: code that does something bad, and what becomes of a swap to it.
struct HostileCode: Sendable {
  let name: String
  let source: String
  /// What follows from it, by the word before the colon or space: `guard`, `process`, ...
  private let wishes: [String: String]

  /// How the swap ends, and words that are said of it; nil where nothing contains it.
  func ending(_ place: String) -> (outcome: String, words: String?)? {
    guard let wish = wishes[place], wish != "never" else { return nil }
    let parts = wish.split(separator: ",", maxSplits: 1).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    return (parts[0], parts.count > 1 ? parts[1] : nil)
  }
  /// Why the host refuses some of its intents.
  var refusal: String? { wishes["refused"] }
  /// What is said when it is swapped away.
  var leaving: String? { wishes["leaving"] ?? wishes["parked"] }
  /// It takes its slot with it then.
  var parksItsSlot: Bool { wishes["parked"] != nil }

  private static let folder = "\(CPluginCompiler.root)/Tests/Fixtures/HostileCode"

  static let corpus: [HostileCode] = {
    let text = (try? String(contentsOfFile: "\(folder)/corpus.txt", encoding: .utf8)) ?? ""
    return text.components(separatedBy: "\n== ").dropFirst().map(HostileCode.init(entry:))
  }()

  private init(entry: String) {
    let lines = entry.components(separatedBy: "\n")
    name = lines[0]
    source = lines.dropFirst().filter { !$0.hasPrefix("> ") }.joined(separator: "\n")
    var wishes: [String: String] = [:]
    for line in lines where line.hasPrefix("> ") {
      let words = line.dropFirst(2).split(maxSplits: 1) { $0 == ":" || $0 == " " }
      wishes[String(words[0])] =
        words.count > 1 ? words[1].trimmingCharacters(in: .whitespaces) : ""
    }
    self.wishes = wishes
  }

  static func build(_ source: String) throws -> String {
    try CPluginCompiler.compile(
      text: """
        static volatile int *volatile nowhere = (volatile int *)8;
        \(source)
        #include "../CheckedPlugins/subject.h"

        """,
      flags: ["-std=gnu11", "-D_GNU_SOURCE", "-Wno-unused-parameter", "-Wno-unused"],
      folder: folder)
  }
}
