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
    return try ToolRun.run(["make", "KEEL=\(BuiltProducts.keel)"] + targets, in: project)
  }

  private static let kinds = ["strategy", "alpha", "data", "exchange"]

  private func everythingWorks(_ language: String, _ kind: String) throws {
    let folder = try project(language, kind)
    let backtest = kind == "strategy" ? ["backtest"] : []
    let run = try make(["all", "test", "check"] + backtest, in: folder)
    #expect(run.status == 0, "\(language) \(kind): \(run.output)")
    #expect(run.output.contains(" 0 warned, 0 failed"))
    let exists = FileManager.default.fileExists(atPath: folder.file("my-first/build/my_first.so"))
    #expect(exists)
    if kind == "strategy" { #expect(run.output.contains("my-first 1.0.0")) }
  }

  @Test(arguments: kinds) func aProjectInC(_ kind: String) throws { try everythingWorks("c", kind) }

  @Test(
    .enabled(if: CPluginCompiler.isInstalled("c++"), "there is no C++ compiler"), arguments: kinds)
  func aProjectInCPlusPlus(_ kind: String) throws { try everythingWorks("cpp", kind) }

  @Test(arguments: ["strategy", "data"])
  func aProjectInSwift(_ kind: String) throws { try everythingWorks("swift", kind) }

  @Test(.enabled(if: CPluginCompiler.isInstalled("rustc"), "there is no rustc"), arguments: kinds)
  func aProjectInRust(_ kind: String) throws { try everythingWorks("rust", kind) }

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
