import Foundation
import TestSupport
import Testing

/// Projects as `keel plugin new` writes them: built, tested, checked and traded as their author
/// would, outside this repository.
@Suite(.serialized) struct PluginNewTests {
  private func project(_ language: String, _ kind: String) throws -> TemporaryDirectory {
    let folder = TemporaryDirectory()
    let words = ["plugin", "new", "--language", language, "--kind", kind, "my-first"]
    let run = try SpawnedKeel.run(
      words + ["--sdk", "\(CPluginCompiler.root)/PluginAPI"], in: folder)
    try #require(run.status == 0, "\(run.errors)")
    return folder
  }

  private func make(_ targets: [String], in folder: TemporaryDirectory) throws -> ToolRun {
    let project = URL(fileURLWithPath: folder.file("my-first"))
    return try ToolRun.run(
      ["KEEL_TRUST=\(folder.file("trust/trust.json"))", "make", "KEEL=\(BuiltProducts.keel)"]
        + targets, in: project)
  }

  /// Of each language a strategy from end to end: built, tested, checked, traded, signed, verified.
  private func everythingWorks(_ language: String) throws {
    let folder = try project(language, "strategy")
    let keys = try SpawnedKeel.run(["plugin", "keygen", "me"], in: folder)
    try #require(keys.status == 0, "\(keys.errors)")
    let signing = ["KEY=\(folder.file("me.key"))", "sign"]
    let run = try make(["all", "test", "check", "backtest"] + signing, in: folder)
    #expect(run.status == 0, "\(language): \(run.output)")
    #expect(run.output.contains(" 0 warned, 0 failed"))
    #expect(run.output.contains("my-first 1.0.0"))
    let trust = try SpawnedKeel.run(
      ["plugin", "trust", "add", "me.pub", "--name", "me"], in: folder)
    #expect(trust.status == 0, "\(trust.errors)")
    let bundle = "my-first/build/my_first.keel"
    let verify = try SpawnedKeel.run(["plugin", "verify", bundle], in: folder)
    #expect(verify.status == 0 && verify.output.contains("accepted: signed by me"))
    try theBundleTrades(folder)
  }

  /// Without the library beside it.
  private func theBundleTrades(_ folder: TemporaryDirectory) throws {
    try TemporaryDirectory.remove(folder.file("my-first/build/my_first.so"))
    let run = try ToolRun.run(
      [
        "KEEL_TRUST=\(folder.file("trust/trust.json"))", BuiltProducts.keel, "backtest", "--tape",
        "build/market.tape",
      ], in: URL(fileURLWithPath: folder.file("my-first")))
    #expect(run.status == 0 && run.output.contains("my-first 1.0.0"), "\(run.output)")
  }

  private static let otherKinds = ["alpha", "data", "exchange"]

  /// `make test` ends with every test of conformance.
  private func buildsAndKeepsItsPromises(_ language: String, _ kind: String) throws {
    let folder = try project(language, kind)
    let run = try make(["all", "test"], in: folder)
    #expect(run.status == 0, "\(language) \(kind): \(run.output)")
    for file in ["my_first.so", "my_first.keel"] {
      #expect(FileManager.default.fileExists(atPath: folder.file("my-first/build/\(file)")))
    }
    #expect(
      FileManager.default.fileExists(atPath: folder.file("my-first/strategies.json"))
        == (kind != "exchange"))
  }

  @Test func aStrategyInC() throws { try everythingWorks("c") }

  @Test(.enabled(if: CPluginCompiler.isInstalled("c++"), "there is no C++ compiler"))
  func aStrategyInCPlusPlus() throws { try everythingWorks("cpp") }

  @Test func aStrategyInSwift() throws { try everythingWorks("swift") }

  @Test(.enabled(if: CPluginCompiler.isInstalled("rustc"), "there is no rustc"))
  func aStrategyInRust() throws { try everythingWorks("rust") }

  @Test(arguments: otherKinds)
  func anotherKindInC(_ kind: String) throws { try buildsAndKeepsItsPromises("c", kind) }

  @Test(
    .enabled(if: CPluginCompiler.isInstalled("c++"), "there is no C++ compiler"),
    arguments: otherKinds)
  func anotherKindInCPlusPlus(_ kind: String) throws { try buildsAndKeepsItsPromises("cpp", kind) }

  @Test(arguments: ["data"])
  func anotherKindInSwift(_ kind: String) throws { try buildsAndKeepsItsPromises("swift", kind) }

  @Test(
    .enabled(if: CPluginCompiler.isInstalled("rustc"), "there is no rustc"), arguments: otherKinds)
  func anotherKindInRust(_ kind: String) throws { try buildsAndKeepsItsPromises("rust", kind) }

  @Test(arguments: ["alpha", "data"])
  func aSessionRunsAnotherKind(_ kind: String) throws {
    let folder = try project("c", kind)
    let run = try make(["backtest"], in: folder)
    #expect(run.status == 0, "\(run.output)")
    #expect(run.output.contains(kind == "data" ? "20000 events" : "my-first 1.0.0"))
  }

  @Test func signingWantsAKey() throws {
    let run = try make(["sign"], in: project("c", "strategy"))
    #expect(run.status != 0)
    #expect(run.output.contains("keel plugin keygen"))
  }

  @Test func aUnitTestCanFail() throws {
    let folder = try project("c", "strategy")
    let source = folder.file("my-first/src/my_first.c")
    let text = try String(contentsOfFile: source, encoding: .utf8)
    let wrong = text.replacingOccurrences(of: "middle > *average", with: "middle < *average")
    try #require(wrong != text)
    try wrong.write(toFile: source, atomically: true, encoding: .utf8)
    let run = try make(["test"], in: folder)
    #expect(run.status != 0)
    #expect(run.output.contains("expected host->intents_count"))
  }

  @Test func aFolderWithSomethingInItIsRefused() throws {
    let folder = try project("c", "strategy")
    let run = try SpawnedKeel.run(
      ["plugin", "new", "my-first", "--sdk", "\(CPluginCompiler.root)/PluginAPI"], in: folder)
    #expect(run.status == 2)
    #expect(run.errors.contains("something in it already"))
  }

  /// The module for Rust is what the headers say today.
  @Test(.enabled(if: CPluginCompiler.isInstalled("python3"), "there is no python3"))
  func theRustModuleIsUpToDate() throws {
    let folder = "\(CPluginCompiler.root)/PluginAPI/Languages"
    let written = try ToolRun.require(["\(folder)/generate-rust"])
    #expect(try String(contentsOfFile: "\(folder)/keel.rs", encoding: .utf8) == written)
  }
}
