import Foundation
import JSON
import Kernel
import Market
import PluginBridge
import TestSupport
import Testing

@testable import Sessions

/// `keel risk` against a session that trades.
@Suite(.serialized) struct RiskCommandTests {
  private func limit(_ answer: JSONValue, _ name: String, of: String? = nil) -> JSONValue? {
    answer["limits"]?.elements?.first {
      $0["name"]?.string == name && $0["of"]?.string == of
    }
  }

  @Test func limitsAreShownSetAndJournaled() throws {
    let paper = try PaperKeel()
    let shown = try paper.run("risk", "show", "--json").json
    #expect(shown["reporting"]?.string == "USDT" && shown["trading"]?["state"]?.string == "active")
    #expect(Double(shown["account"]?["equity"]?.string ?? "") ?? 0 > 90_000)
    #expect(limit(shown, "drawdownStop")?["value"]?.string == "0.15")
    #expect(limit(shown, "drawdownStop")?["unit"]?.string == "fraction")
    #expect(limit(shown, "answerMilliseconds")?["value"]?.string == "off")
    #expect(limit(shown, "budget", of: "trend")?["value"]?.string == "off")
    #expect(limit(shown, "leverageMax", of: "crypto")?["value"]?.string == "3")
    let alone = try paper.run("risk", "show", "--slot", "trend", "--json").json
    #expect(
      limit(alone, "budget", of: "watch") == nil && limit(alone, "budget", of: "trend") != nil)
    let text = try paper.run("risk", "show")
    #expect(text.output.contains("LIMIT") && text.output.contains("equity"), "\(text.output)")

    let set = try paper.run(
      "risk", "set", "drawdownStop=0.3", "drawdownReduce=0.2", "breakerMove=off", "--why", "a test")
    #expect(set.status == 0, "\(set.errors)")
    #expect(set.output.contains("drawdownStop: 0.15 -> 0.3 (fraction)"), "\(set.output)")
    #expect(set.output.contains("breakerMove: 0.1 -> off"))
    #expect(try paper.run("risk", "set", "budget=5000", "--slot", "trend").status == 0)
    #expect(try paper.run("risk", "set", "leverageMax=2", "--class", "crypto").status == 0)
    try paper.until("the limits are in force") {
      let now = try paper.run("risk", "show", "--json").json
      return limit(now, "drawdownStop")?["value"]?.string == "0.3"
        && limit(now, "breakerMove")?["value"]?.string == "off"
        && limit(now, "budget", of: "trend")?["value"]?.string == "5000"
        && limit(now, "leverageMax", of: "crypto")?["value"]?.string == "2"
    }
    #expect(try paper.run("stop").status == 0)
    #expect(try paper.keel.wait().status == 0)
    let dump = try paper.run("journal", "dump", "run.journal", "--type", "limits", "--json")
    let records = try dump.output.split(separator: "\n").map { try JSONValue.parse(String($0)) }
    // One record for all of one call, who and why beside it.
    #expect(records.count == 4 && records[1]["why"]?.string == "a test")
    #expect(records[1]["who"]?.string == NSUserName())
    try JournalFacts.expectReplay(paper.journal)
  }

  @Test func whatDoesNotFitChangesNothing() throws {
    let paper = try PaperKeel()
    for (words, status, said) in [
      ("set dailyTradesMx=5", 2, "dailyTradesMax"), ("set dailyTradesMax=0", 2, "from 1"),
      ("set dailyTradesMax=5 dailyTradesMax=6", 2, "twice"),
      ("set dailyTradesMax", 2, "NAME=VALUE"),
      ("set budget=5", 2, "Name a slot"), ("set budget=5 --slot tren", 4, "trend"),
      ("set leverageMax=2 --class cryptos", 2, "crypto"),
      // Of two, the one that is right does not go through alone.
      ("set dailyTradesMax=5 drawdownReduce=0.15", 4, "drawdownStop is 0.15"),
      ("set orderRateMilliseconds=off", 4, "orderRateMilliseconds, which is off"),
      ("check --slot trend hold BTCUSDT 1", 2, "buy"),
      ("check --slot tren buy BTCUSDT 1", 2, "Name one of: momentum, trend"),
      ("check --slot trend buy ETHUSDT 1", 4, "BTCUSDT"),
      ("check --slot trend buy BTCUSDT 1 40000", 2, "behind @"),
      ("check --slot trend buy BTCUSDT 0.0000001", 4, "5 decimals"),
    ] {
      let answer = try SpawnedKeel.run(
        ["risk"] + words.split(separator: " ").map(String.init), in: paper.fixture.folder)
      #expect(answer.status == status && answer.errors.contains(said), "\(words): \(answer.errors)")
    }
    let shown = try paper.run("risk", "show", "--json").json
    #expect(limit(shown, "dailyTradesMax")?["value"]?.string == "100000")
    #expect(limit(shown, "drawdownReduce")?["value"]?.string == "0.1")
  }

  @Test func aDryRunSaysWhatWouldPass() throws {
    let fixture = try SessionFixture()
    let session = try fixture.session(journal: fixture.journalPath())
    try session.run(turns: 40)
    func ask(_ quantity: String, price: String? = nil) throws -> JSONValue {
      try session.check(
        OrderQuestion(
          slot: "watch", side: .buy, instrument: "ETHUSDT", quantity: quantity, price: price))
    }
    let before = session.kernel.sequence
    let small = try ask("0.01")
    #expect(small["approved"]?.bool == true && small["passing"]?.string == "0.01", "\(small)")
    #expect(small["nanoseconds"]?.integer ?? 0 > 0)
    let large = try ask("1000")
    #expect(large["approved"]?.bool == false && large["level"]?.string == "critical")
    #expect(large["score"]?.integer == 100)
    let reasons = large["reasons"]?.elements?.compactMap { $0["reason"]?.string } ?? []
    #expect(reasons.contains("orderNotional") && reasons.contains("equityShare"), "\(reasons)")
    let worth = large["reasons"]?.elements?.first { $0["reason"]?.string == "orderNotional" }
    #expect(worth?["limit"]?.string == "100000")
    // What it says would pass, passes, and one lot more does not.
    let passing = try #require(large["passing"]?.string)
    #expect(try ask(passing)["approved"]?.bool == true)
    let more = try #require(Decimal(string: passing)) + Decimal(string: "0.0001")!
    #expect(try ask("\(more)")["approved"]?.bool == false)
    #expect(try ask("0.01", price: "1")["reasons"]?[0]?["reason"]?.string == "priceCollar")
    #expect(session.kernel.sequence == before && !session.needsTurn && session.pending.isEmpty)
    try session.finish()
  }
}
