import Foundation
import JSON
import TestSupport
import Testing

/// `keel plugin check` against plugins that break one promise each.
@Suite struct PluginCheckTests {
  @Test func aPluginWithoutFaultPasses() throws {
    let report = try CheckedPlugin.check(try CheckedPlugin.sound.build())
    #expect(report.status == 0)
    #expect(report.notPassed == [])
  }

  @Test func everyCheckHasAPluginThatBreaksIt() throws {
    let report = try CheckedPlugin.check(try CheckedPlugin.sound.build())
    #expect(report.names == CheckedPlugin.corpus.map(\.name))
  }

  /// Each check is left out in turn: then its plugin would pass, and no other check tells.
  @Test(arguments: CheckedPlugin.corpus)
  func removingAnyCheckIsNoticed(_ plugin: CheckedPlugin) throws {
    let report = try CheckedPlugin.check(try plugin.build())
    #expect(report.notPassed == [plugin.name])
    #expect(report.isClean(without: plugin.name))
    #expect(report.status == (report.verdicts[plugin.name] == "failed" ? 1 : 0))
  }

  @Test(arguments: [
    "SMACrossover", "SMACrossover2", "BarCrossover", "AdaptiveTrend", "MarketMaker", "Momentum",
    "SyntheticMarket",
  ])
  func samplesPass(_ name: String) throws {
    let report = try CheckedPlugin.check(try BuiltProducts.library(name))
    #expect(report.status == 0)
    #expect(report.notPassed == [])
  }

  @Test(arguments: [
    "Strategies/MeanReversion/mean_reversion", "DataProviders/CSVReplay/csv_replay",
    "DataProviders/TapeReplay/tape_replay",
  ])
  func samplesInCPass(_ path: String) throws {
    let library = try CPluginCompiler.compile("Plugins/\(path).c")
    let report = try CheckedPlugin.check(library)
    #expect(report.status == 0, "\(report.notPassed)")
  }

  @Test func aReportIsOneLineATest() throws {
    let folder = TemporaryDirectory()
    let plugin = try #require(CheckedPlugin.corpus.first { $0.name == "batch-fuzz" }).build()
    let words = [
      "plugin", "check", plugin, "--only", "batch-fuzz", "--only", "time", "--seed", "3",
    ]
    let run = try SpawnedKeel.run(words, in: folder)
    #expect(run.status == 1)
    #expect(run.output.contains("FAILED"))
    #expect(run.output.contains("SIGABRT: seed 3: fuzzed batch"))
    #expect(run.output.contains("1 passed, 0 skipped, 0 warned, 1 failed; seed 3"))
  }

  @Test func anUnknownTestIsAMistakeOfUsage() throws {
    let folder = TemporaryDirectory()
    let run = try SpawnedKeel.run(["plugin", "check", "x.so", "--only", "batch-fuz"], in: folder)
    #expect(run.status == 2)
    #expect(run.errors.contains("batch-fuzz"))
  }

  @Test func aFileThatIsNoPluginIsSaidSo() throws {
    let report = try CheckedPlugin.check("\(CPluginCompiler.root)/README.md")
    #expect(report.status == 1)
    #expect(report.notPassed == ["file"])
  }

  @Test func whatAnEventCostsIsMeasured() throws {
    let folder = TemporaryDirectory()
    let words = ["plugin", "bench", try CheckedPlugin.sound.build(), "--json"]
    let run = try SpawnedKeel.run(words, in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let cost = try #require(try run.json["plugins"]?.elements?.first)
    #expect(cost["plugin"]?.string == "test.checked")
    #expect(cost["stateBytes"]?.integer == 40)
    #expect(cost["allocationsPerEvent"]?.numberText.flatMap(Double.init) == 0)
  }
}
