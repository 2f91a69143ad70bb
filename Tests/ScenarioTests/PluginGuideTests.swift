import Foundation
import TestSupport
import Testing

/// Does what `PluginAPI/README.md` says, word for word.
@Suite struct PluginGuideTests {
  @Test func everyStepOfTheGuideWorks() throws {
    let guide = try String(
      contentsOfFile: "\(CPluginCompiler.root)/PluginAPI/README.md", encoding: .utf8)
    let block = try #require(guide.components(separatedBy: "```sh\n").dropFirst().first)
    let commands = try #require(block.components(separatedBy: "```").first)
    #expect(commands.contains("keel plugin new") && commands.contains("make backtest"))
    let folder = TemporaryDirectory()
    try FileManager.default.createDirectory(
      atPath: folder.file("bin"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("bin/keel"), withDestinationPath: try BuiltProducts.keel)
    let script = "set -e\nPATH=\(folder.file("bin")):$PATH\n" + commands
    let run = try ToolRun.run(
      ["sh", "-c", script], in: URL(fileURLWithPath: folder.path))
    #expect(run.status == 0, "\(run.output)")
    #expect(run.output.contains("0 failed") && run.output.contains("breakout 1.0.0"))
  }
}
