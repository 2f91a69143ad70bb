import Foundation
import JSON
import TestSupport
import Testing

@testable import Sessions

/// Under --json every command answers in JSON alone, whatever became of it.
@Suite struct JSONAnswerTests {
  @Test func commandsWithoutASession() throws {
    let fixture = try SessionFixture()
    func expectJSON(_ line: String, status: Int32 = 0) throws {
      let arguments = line.split(separator: " ").map(String.init) + ["--json"]
      let answer = try SpawnedKeel.run(arguments, in: fixture.folder)
      #expect(answer.status == status, "\(line): \(answer.errors)")
      let lines = answer.output.split(separator: "\n")
      #expect(!lines.isEmpty, "\(line)")
      for text in lines {
        #expect(throws: Never.self, "\(line)") { try JSONValue.parse(String(text)) }
      }
    }
    try expectJSON("backtest --events 300 --journal run.journal --record day.tape")
    try expectJSON("paper --speed max --events 300")
    try expectJSON("data info day.tape")
    try expectJSON("data generate other.tape --events 100")
    try expectJSON("data generate invented.tape --model book --events 100")
    try expectJSON("data check invented.tape")
    try expectJSON("data resample invented.tape -o bars.tape --bars tick:2")
    try expectJSON("journal verify run.journal")
    try expectJSON("journal replay run.journal")
    try expectJSON("journal dump run.journal")
    try expectJSON("journal export run.journal --format ndjson")
    try expectJSON("journal export run.journal --format csv --type quote -o quotes.csv")
    try expectJSON("journal diff run.journal run.journal")
    try expectJSON("journal prune run.journal --dry-run")
    try expectJSON(
      "journal replay run.journal --candidate dev.keel.sma-crossover@1.0.0 --slot trend --limit 0",
      status: 0)
    try expectJSON("config check")
    try expectJSON("plugin list")
    try expectJSON("plugin info test.watcher")
    try expectJSON("plugin probe plugins/watcher.so")
    try expectJSON("plugin pack plugins/watcher.so -o watcher.keel")
    try expectJSON("plugin keygen me")
    try expectJSON("plugin sign watcher.keel --key me.key")
    try expectJSON("plugin verify watcher.keel", status: 4)
    try expectJSON("plugin trust add me.pub --name me")
    try expectJSON("plugin verify watcher.keel")
    try expectJSON("plugin trust list")
    try expectJSON("plugin install watcher.keel", status: 2)
    try expectJSON("plugin install watcher.keel --yes")
    try expectJSON("plugin remove test.watcher")
    try expectJSON("plugin remove test.watcher", status: 3)
    try expectJSON("plugin trust revoke watcher.keel")
    try expectJSON("plugin trust remove me")
    try expectJSON("version")
    // Failures are answers too.
    try expectJSON("status", status: 5)
    try expectJSON("swap watch test.watcher", status: 5)
    try expectJSON("rollback watch", status: 5)
    try expectJSON("stop", status: 5)
    try expectJSON("halt", status: 5)
    try expectJSON("resume", status: 5)
    try expectJSON("kill", status: 5)
    try expectJSON("risk show", status: 5)
    try expectJSON("risk set dailyTradesMax=5", status: 5)
    try expectJSON("risk check --slot trend buy BTCUSDT 1", status: 5)
    try expectJSON("backtest --tape none.tape", status: 1)
    try expectJSON("config check none.json", status: 3)
  }

  /// The schema is a document of its own, over many lines.
  @Test func theSchemaIsJSON() throws {
    let fixture = try SessionFixture()
    let schema = try SpawnedKeel.run(["config", "schema", "--json"], in: fixture.folder)
    #expect(try JSONValue.parse(schema.output)["$schema"]?.string?.contains("2020-12") == true)
  }

  @Test func theDemoTellsItsStory() throws {
    let fixture = try SessionFixture()
    let words = [
      "--next", try BuiltProducts.library("SMACrossover2"), "--crashing",
      try BuiltProducts.library("SMACrossoverFaulty"),
    ]
    let answer = try SpawnedKeel.run(["demo", "--json"] + words, in: fixture.folder)
    #expect(answer.status == 0, "\(answer.errors)")
    // A debug build of the crashing plugin says why on the same stream, behind the answer.
    let line = String(answer.output.prefix { $0 != "\n" })
    let outcomes = try JSONValue.parse(line)["swaps"]?.elements?.compactMap {
      $0["outcome"]?.string
    }
    #expect(outcomes == ["confirmed", "rolled back"])
  }

  @Test func commandsToASession() throws {
    let paper = try PaperKeel()
    let next = try SessionFixture.watcher(["VERSION": "\"2.0.0\""])
    #expect(try paper.run("swap", "watch", next, "--no-wait", "--json").json["ok"]?.bool == true)
    try paper.until("the swap has switched") {
      try paper.status()["swaps"]?.elements?.first?["outcome"]?.string == "probation"
    }
    #expect(try paper.run("rollback", "watch", "--json").json["ok"]?.bool == true)
    #expect(try paper.run("stop", "--json").json["ok"]?.bool == true)
    #expect(try paper.keel.wait().status == 0)
  }
}
