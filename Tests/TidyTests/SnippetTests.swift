import Foundation
import TestSupport
import Testing

/// What the pages show is true: it parses, compiles, and names targets that exist.
@Suite(.serialized) struct SnippetTests {
  static let published = Snippet.published(in: .current)

  static func written(in languages: Set<String>) -> [Snippet] {
    published.filter { languages.contains($0.language) }
  }

  @Test func everyBlockHasAKnownLanguage() {
    let known: Set<String> = ["sh", "swift", "c", "json", "text"]
    for snippet in Self.published {
      #expect(known.contains(snippet.language), "\(snippet): mark plain text as ```text")
    }
  }

  @Test(arguments: written(in: ["json"]))
  func jsonParses(_ snippet: Snippet) {
    #expect(throws: Never.self, "\(snippet)") {
      _ = try JSONSerialization.jsonObject(with: Data(snippet.text.utf8))
    }
  }

  @Test(arguments: written(in: ["sh"]))
  func shellParsesAndNamesRealTargets(_ snippet: Snippet) throws {
    let defect = try Self.shellDefect(snippet.text, makefile: Self.makefile)
    #expect(defect == nil, "\(snippet)")
  }

  @Test(arguments: written(in: ["c"]))
  func cCompiles(_ snippet: Snippet) throws {
    #expect(try Self.cDefect(snippet.text) == nil, "\(snippet)")
  }

  @Test(arguments: written(in: ["swift"]).filter { $0.text.contains("import PluginSDK") })
  func swiftPluginsBuild(_ snippet: Snippet) throws {
    #expect(try Self.pluginDefect(snippet.text) == nil, "\(snippet)")
  }

  // Each check fails on a bad example.

  @Test func blocksAreFoundWithTheirLines() {
    let page = SourceFile("page.md", "a\n```sh\nmake test\n```\n```json\n{}\n```\n")
    let found = Snippet.all(in: page)
    #expect(found.map(\.description) == ["page.md:2 (sh)", "page.md:5 (json)"])
    #expect(found.first?.text == "make test\n")
  }

  @Test func badShellIsFound() throws {
    let makefile = "test: build\n\techo\n"
    #expect(try Self.shellDefect("make test\n", makefile: makefile) == nil)
    #expect(try Self.shellDefect("make tset\n", makefile: makefile) == "no target 'tset'")
    #expect(try Self.shellDefect("if then\n", makefile: makefile)?.contains("syntax") == true)
  }

  @Test func badCIsFound() throws {
    #expect(try Self.cDefect("#include <keel/keel.h>\nstatic keel_event one;\n") == nil)
    #expect(try Self.cDefect("#include <keel/keel.h>\nkeel_evnt two;\n") != nil)
  }

  @Test func badPluginsAreFound() throws {
    let defect = try Self.pluginDefect("import PluginSDK\nlet x: Strategee = 1\n")
    #expect(defect?.contains("Strategee") == true)
    let good = "import PluginSDK\n@c public func keel_entry_v0() -> Int32 { 0 }\n"
    #expect(try Self.pluginDefect(good) == nil)
    let silent = try Self.pluginDefect("import PluginSDK\nlet x = 1\n")
    #expect(silent == "it builds, but exports no entry")
  }

  /// A plugin is built alike in this package and outside it.
  @Test func theScriptUsesTheFlagsOfThePackage() throws {
    let manifest = try #require(SourceTree.current.file("Package.swift")).text
    let path = SourceTree.top.appending(path: "PluginAPI/build-plugin")
    let script = try String(contentsOf: path, encoding: .utf8)
    let flags =
      PackageManifest.embeddedFlags(manifest) + PackageManifest.hiddenFlags(manifest)
      + PackageManifest.pluginLinkerFlags(manifest)
    #expect(flags.contains("-wmo") && flags.contains("--strip-all"))
    for flag in flags { #expect(script.contains(flag), "build-plugin lacks \(flag)") }
  }

  private static var makefile: String { SourceTree.current.file("Makefile")?.text ?? "" }

  static func shellDefect(_ text: String, makefile: String) throws -> String? {
    for line in text.split(separator: "\n") where line.hasPrefix("make ") {
      for word in line.split(separator: " ").dropFirst() {
        if word.hasPrefix("#") { break }
        if word.contains("=") || word.hasPrefix("-") { continue }
        let isTarget = makefile.split(separator: "\n").contains { $0.hasPrefix("\(word):") }
        if !isTarget { return "no target '\(word)'" }
      }
    }
    return try TemporaryDirectory.lend { folder in
      try text.write(to: folder.appending(path: "s.sh"), atomically: true, encoding: .utf8)
      let run = try ToolRun.run(["sh", "-n", "s.sh"], in: folder)
      return run.status == 0 ? nil : run.output.lowercased()
    }
  }

  static func cDefect(_ text: String) throws -> String? {
    try TemporaryDirectory.lend { folder in
      try text.write(to: folder.appending(path: "s.c"), atomically: true, encoding: .utf8)
      let include = SourceTree.top.appending(path: "PluginAPI/PluginABI/include").path
      let run = try ToolRun.run(
        ["cc", "-std=c11", "-Wall", "-Wextra", "-fsyntax-only", "-I", include, "s.c"], in: folder)
      return run.status == 0 ? nil : run.output
    }
  }

  /// Built by the very script that the pages tell an author to use.
  static func pluginDefect(_ text: String) throws -> String? {
    try TemporaryDirectory.lend { folder in
      let source = folder.appending(path: "Snippet.swift")
      try text.write(to: source, atomically: true, encoding: .utf8)
      let library = folder.appending(path: "snippet.so")
      let script = SourceTree.top.appending(path: "PluginAPI/build-plugin").path
      let cache = SourceTree.top.appending(path: ".build/snippets").path
      let run = try ToolRun.run(
        ["KEEL_SDK_CACHE=\(cache)", script, "-o", library.path, source.path], in: folder)
      guard run.status == 0 else { return run.output }
      // Without its one exported function it would build, and never load.
      let bytes = try Data(contentsOf: library)
      return bytes.range(of: Data("keel_entry_v0".utf8)) == nil
        ? "it builds, but exports no entry" : nil
    }
  }
}
