import Foundation
import JSON
import TestSupport
import Testing

/// A plugin that breaks one promise, from the corpus beside `subject.h`, and what `keel plugin
/// check` says of it.
struct CheckedPlugin: Sendable, CustomTestStringConvertible {
  /// The check that it must not pass; "sound" passes all.
  let name: String
  let source: String

  var testDescription: String { name }

  private static let folder = "\(CPluginCompiler.root)/Tests/Fixtures/CheckedPlugins"
  static let sound = CheckedPlugin(name: "sound", source: "")

  static let corpus: [CheckedPlugin] = {
    let text = (try? String(contentsOfFile: "\(folder)/corpus.txt", encoding: .utf8)) ?? ""
    return ("\n" + text).components(separatedBy: "\n== ").dropFirst().map { part in
      let end = part.firstIndex(of: "\n") ?? part.endIndex
      return CheckedPlugin(name: String(part[..<end]), source: String(part[end...]))
    }
  }()

  func build() throws -> String {
    try CPluginCompiler.compile(
      text: "\(source)\n#include \"subject.h\"\n", flags: ["-std=gnu11", "-D_GNU_SOURCE"],
      folder: Self.folder)
  }

  struct Report {
    let status: Int32
    /// By name.
    let verdicts: [String: String]
    let names: [String]

    var notPassed: [String] {
      names.filter { verdicts[$0] == "failed" || verdicts[$0] == "warned" }
    }

    /// Whether the plugin would do, if `check` were not there.
    func isClean(without check: String) -> Bool { notPassed.allSatisfy { $0 == check } }
  }

  static func check(_ path: String, _ words: [String] = []) throws -> Report {
    let folder = TemporaryDirectory()
    let run = try SpawnedKeel.run(["plugin", "check", path, "--json"] + words, in: folder)
    let tests = try #require(try run.json["tests"]?.elements, "\(run.errors)")
    var verdicts: [String: String] = [:]
    var names: [String] = []
    for test in tests {
      let name = test["name"]?.string ?? ""
      names.append(name)
      verdicts[name] = test["verdict"]?.string
    }
    return Report(status: run.status, verdicts: verdicts, names: names)
  }
}
