import Foundation
import JSON
import TestSupport
import Testing

/// `keel backtest` as a quant uses it: a figure that was worked out by hand, files to look at, and
/// the ways in which it might deceive him.
@Suite struct BacktestTests {
  private let fixture: BacktestFixture
  private var folder: TemporaryDirectory { fixture.folder }

  init() throws { fixture = try BacktestFixture() }

  private func keel(_ arguments: String...) throws -> SpawnedKeel.Outcome {
    try SpawnedKeel.run(arguments, in: folder)
  }

  // MARK: the crossover, worked out beside it

  /// The rule in its plainest form: decide at a close, fill at the next open, a tenth of a percent.
  static func crossover(_ rows: [BacktestFixture.Row]) -> (orders: Int, equity: Double) {
    var (cash, held, orders) = (100_000_000.0, 0, 0)
    var wanted: Int?
    for index in rows.indices {
      if let side = wanted {
        let price = Double(rows[index].open) / 100
        cash -= Double(side) * price + price * 0.001
        held += side
        wanted = nil
      }
      guard index >= 49 else { continue }
      let closes = rows[(index - 49)...index].map(\.close)
      let (fast, slow) = (closes.suffix(10).reduce(0, +) * 5, closes.reduce(0, +))
      if fast > slow, held == 0 { wanted = 1 } else if fast < slow, held == 1 { wanted = -1 }
      if wanted != nil { orders += 1 }
    }
    return (orders, cash + Double(held) * Double(rows[rows.count - 1].close) / 100)
  }

  @Test func aCrossoverEndsWithTheEquityThatItsRuleGives() throws {
    let rows = BacktestFixture.rows(3_000)
    try fixture.write(rows, to: "bars.tape")
    let run = try keel("backtest", "--tape", "bars.tape", "--json", "--paths", "0")
    #expect(run.status == 0, "\(run.errors)")
    let expected = Self.crossover(rows)
    let answer = try run.json
    #expect(answer["session"]?["slots"]?.elements?[0]["orders"]?.integer == Int64(expected.orders))
    let equity = try #require(answer["summary"]?["end_equity"]?.double)
    #expect(abs(equity - expected.equity) < 0.005, "\(equity), not \(expected.equity)")
    #expect(expected.orders > 50)
  }

  @Test func aParameterIsSetForOneRun() throws {
    let rows = BacktestFixture.rows(600)
    try fixture.write(rows, to: "bars.tape")
    let slow = try keel("backtest", "--tape", "bars.tape", "--json", "--paths", "0")
    let quick = try keel(
      "backtest", "--tape", "bars.tape", "--json", "--paths", "0", "--set", "cross.fast=2",
      "--set", "cross.slow=5")
    func orders(_ run: SpawnedKeel.Outcome) throws -> Int64 {
      try #require(try run.json["session"]?["slots"]?.elements?[0]["orders"]?.integer)
    }
    let (few, many) = (try orders(slow), try orders(quick))
    #expect(many > 2 * few)
    let unknown = try keel("backtest", "--tape", "bars.tape", "--set", "crosss.fast=2")
    #expect(unknown.status == 2 && unknown.errors.contains("Did you mean \"cross\""))
    #expect(try keel("backtest", "--tape", "bars.tape", "--set", "fast").status == 2)
  }

  // MARK: what it writes

  @Test func theReportIsWholeAndTheSameEveryTime() throws {
    try fixture.write(BacktestFixture.rows(2_000), to: "bars.tape")
    for name in ["a", "b"] {
      let run = try keel("backtest", "--tape", "bars.tape", "--output", name, "--paths", "200")
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("Total return") && run.output.contains("\(name)/report.html"))
    }
    for file in [
      "report.html", "report.json", "equity.csv", "trades.csv", "orders.csv", "fills.csv",
    ] {
      let first = try Data(contentsOf: URL(fileURLWithPath: folder.file("a/\(file)")))
      #expect(try first == Data(contentsOf: URL(fileURLWithPath: folder.file("b/\(file)"))))
      #expect(first.count > 100, "\(file)")
    }
    let page = try String(contentsOfFile: folder.file("a/report.html"), encoding: .utf8)
    #expect(!page.contains("NaN") && !page.contains("http://") && !page.contains("https://"))
    // As many fills as orders: a market order fills whole.
    let fills = try fixture.lines("a/fills.csv")
    #expect(fills.count == (try fixture.lines("a/orders.csv")).count && fills.count > 20)
    // What is there is never overwritten, and a run that fails leaves nothing.
    #expect(try keel("backtest", "--tape", "bars.tape", "--output", "a").status == 1)
    #expect(try keel("backtest", "--tape", "none.tape", "--output", "c").status == 1)
    #expect(!FileManager.default.fileExists(atPath: folder.file("c")))
  }

  // MARK: time

  @Test func dataMayBeginLateAndEndEarly() throws {
    try fixture.write(BacktestFixture.rows(600), to: "bars.tape")
    let part = try keel(
      "backtest", "--tape", "bars.tape", "--from", "2020-01-01T01:00:00Z", "--to",
      "2020-01-01T02:00:00Z", "--json", "--paths", "0")
    #expect(try part.json["session"]?["events"]?.integer == 60)
  }

  @Test func twoTapesAreOneMarket() throws {
    let rows = BacktestFixture.rows(400)
    try fixture.write(Array(rows.prefix(200)), to: "first.tape")
    try fixture.write(rows, to: "both.tape")
    let run = try keel(
      "backtest", "--tape", "first.tape", "--tape", "both.tape", "--json", "--paths", "0")
    #expect(try run.json["session"]?["events"]?.integer == 600)
  }

  @Test func noDecisionHangsOnWhatCameAfterIt() throws {
    try fixture.write(BacktestFixture.rows(1_500), to: "bars.tape")
    let check = try keel("backtest", "--tape", "bars.tape", "--check-lookahead", "--json")
    #expect(check.status == 0, "\(check.errors)")
    #expect(try check.json["lookahead"]?.bool == false)
    #expect(try #require(try check.json["decisions"]?.integer) > 20)
    #expect(try check.json["cuts"]?.elements?.count == 4)
    #expect(try keel("backtest", "--check-lookahead").status == 2)
  }

  // MARK: what if

  @Test func aCrashHurtsWhoeverIsLong() throws {
    try fixture.write(BacktestFixture.rows(1_000), to: "bars.tape")
    /// Of the price itself, for whoever holds on to it.
    func held(_ arguments: String...) throws -> Double {
      let run = try SpawnedKeel.run(
        [
          "backtest", "--tape", "bars.tape", "--json", "--paths", "0", "--set",
          "cross.quantity=1000.0",
        ] + arguments, in: folder)
      #expect(run.status == 0, "\(run.errors)")
      return try #require(try run.json["summary"]?["benchmark"]?["total_return"]?.double)
    }
    let usual = try held()
    let crash = try held("--scenario", "crash:size=0.5,length=10m")
    #expect(abs((1 + crash) / (1 + usual) - 0.5) < 0.001, "\(crash) against \(usual)")
    let unknown = try keel("backtest", "--tape", "bars.tape", "--scenario", "crsh")
    #expect(unknown.status == 2 && unknown.errors.contains("crash"))
  }

  // MARK: the samples

  @Test(arguments: [
    (
      "dev.keel.adaptive-trend", #""window": 8, "fast": 2, "slow": 20, "allowsShort": true"#,
      "regimes"
    ),
    ("dev.keel.market-maker", #""quantity": 1.0, "positionMax": 10.0"#, "regimes"),
  ])
  func aSampleTrades(plugin: String, parameters: String, model: String) throws {
    try fixture.configure(
      plugin: plugin, parameters: parameters, symbol: "UNIT-USD")
    let made = try keel(
      "data", "generate", "made.tape", "--model", model, "--events", "20000", "--symbol",
      "UNIT-USD",
      "--lot", "1", "--bars", "time:1m")
    #expect(made.status == 0, "\(made.errors)")
    let run = try keel("backtest", "--tape", "made.tape", "--json", "--paths", "0")
    #expect(run.status == 0, "\(run.errors)")
    let slot = try #require(try run.json["session"]?["slots"]?.elements?.first)
    #expect(slot["state"]?.string == "live")
    #expect(try #require(slot["fills"]?.integer) > 3, "\(slot.text())")
  }
}
