import Foundation
import JSON
import Market
import PluginABI
import PluginBridge
import Storage
import TestSupport
import Testing

/// `keel backtest` as a quant uses it: a figure that was worked out by hand, files to look at, and
/// the ways in which it might deceive him.
@Suite struct BacktestTests {
  private let folder = TemporaryDirectory()

  init() throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("plugins"), withIntermediateDirectories: true)
    for name in ["BarCrossover", "AdaptiveTrend", "MarketMaker"] {
      try FileManager.default.copyItem(
        atPath: try BuiltProducts.library(name), toPath: folder.file("plugins/\(name).so"))
    }
    try configuration("dev.keel.bar-crossover", #""fast": 10, "slow": 50, "quantity": 1.0"#)
  }

  private func configuration(
    _ plugin: String, _ parameters: String, symbol: String = "UNITUSD"
  ) throws {
    let text = """
      {
        "session": { "name": "backtest", "seed": 1, "directory": "run" },
        "plugins": { "directories": ["plugins"], "trust": "unsigned" },
        "instruments": [
          { "symbol": "\(symbol)", "venue": "sim", "kind": "perpetual", "base": "UNIT",
            "quote": "USD", "tick": "0.01", "lot": "1" }
        ],
        "venues": [
          { "name": "sim", "kind": "simulated", "latencyMilliseconds": 0,
            "makerFee": "0.001", "takerFee": "0.001" }
        ],
        "strategies": [
          { "name": "cross", "plugin": "\(plugin)", "instruments": ["\(symbol)"],
            "parameters": { \(parameters) } }
        ],
        "account": { "balances": [{ "asset": "USD", "amount": "100000000" }] },
        "risk": { "preset": "research" }
      }
      """
    try text.write(
      toFile: folder.file("strategies.json"), atomically: true, encoding: .utf8)
  }

  private func keel(_ arguments: String...) throws -> SpawnedKeel.Outcome {
    try SpawnedKeel.run(arguments, in: folder)
  }

  // MARK: the crossover, worked out beside it

  private struct Row { var open, high, low, close: Int64 }

  /// A walk of prices in hundredths.
  private static func rows(_ count: Int) -> [Row] {
    var random = SeededGenerator(seed: 42)
    var close: Int64 = 5_000_000
    return (0..<count).map { _ in
      let open = close + Int64.random(in: -50...50, using: &random)
      close = open + Int64.random(in: -1_000...1_000, using: &random)
      return Row(
        open: open, high: Swift.max(open, close) + Int64.random(in: 0...500, using: &random),
        low: Swift.min(open, close) - Int64.random(in: 0...500, using: &random), close: close)
    }
  }

  private static let origin: Int64 = 1_577_836_800_000_000_000

  private func write(_ rows: [Row], to name: String) throws {
    var instrument = keel_ev_instrument()
    instrument.h = keel_event(
      KEEL_EV_INSTRUMENT, of: keel_ev_instrument.self, instrument: InstrumentID(rawValue: 0))
    (instrument.px_exp, instrument.qty_exp, instrument.tick) = (-2, 0, 1)
    (instrument.lot, instrument.min_qty, instrument.multiplier) = (1, 1, 1)
    instrument.kind = InstrumentKind.perpetual.rawValue
    (instrument.expiry, instrument.strike) = (KEEL_NULL, KEEL_NULL)
    FixedText.write("UNITUSD", to: &instrument.symbol)
    FixedText.write("sim", to: &instrument.venue)
    FixedText.write("UNIT", to: &instrument.base_code)
    FixedText.write("USD", to: &instrument.quote_code)
    FixedText.write("USD", to: &instrument.settle_code)
    let writer = try TapeWriter(
      path: folder.file(name), instruments: [instrument], created: Self.origin)
    for (index, row) in rows.enumerated() {
      var bar = keel_ev_bar()
      bar.h = keel_event(
        KEEL_EV_BAR, of: keel_ev_bar.self, instrument: InstrumentID(rawValue: 0),
        time: Timestamp(nanoseconds: Self.origin + Int64(index + 1) * 60_000_000_000))
      (bar.open, bar.high, bar.low, bar.close) = (row.open, row.high, row.low, row.close)
      (bar.volume, bar.interval) = (100_000, 60_000_000_000)
      try withUnsafeBytes(of: bar) { bytes throws(StorageError) in try writer.append(bytes) }
    }
    try writer.finish()
  }

  /// The rule in its plainest form: decide at a close, fill at the next open, a tenth of a percent.
  private static func crossover(_ rows: [Row]) -> (orders: Int, equity: Double) {
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
    let rows = Self.rows(3_000)
    try write(rows, to: "bars.tape")
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
    let rows = Self.rows(600)
    try write(rows, to: "bars.tape")
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
    try write(Self.rows(2_000), to: "bars.tape")
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
    let fills = try lines("a/fills.csv")
    #expect(fills.count == (try lines("a/orders.csv")).count && fills.count > 20)
    // What is there is never overwritten, and a run that fails leaves nothing.
    #expect(try keel("backtest", "--tape", "bars.tape", "--output", "a").status == 1)
    #expect(try keel("backtest", "--tape", "none.tape", "--output", "c").status == 1)
    #expect(!FileManager.default.fileExists(atPath: folder.file("c")))
  }

  private func lines(_ name: String) throws -> [Substring] {
    try String(contentsOfFile: folder.file(name), encoding: .utf8)
      .split(whereSeparator: \.isNewline).dropFirst().map { $0 }
  }

  // MARK: time

  @Test func dataMayBeginLateAndEndEarly() throws {
    try write(Self.rows(600), to: "bars.tape")
    let part = try keel(
      "backtest", "--tape", "bars.tape", "--from", "2020-01-01T01:00:00Z", "--to",
      "2020-01-01T02:00:00Z", "--json", "--paths", "0")
    #expect(try part.json["session"]?["events"]?.integer == 60)
  }

  @Test func twoTapesAreOneMarket() throws {
    let rows = Self.rows(400)
    try write(Array(rows.prefix(200)), to: "first.tape")
    try write(rows, to: "both.tape")
    let run = try keel(
      "backtest", "--tape", "first.tape", "--tape", "both.tape", "--json", "--paths", "0")
    #expect(try run.json["session"]?["events"]?.integer == 600)
  }

  @Test func noDecisionHangsOnWhatCameAfterIt() throws {
    try write(Self.rows(1_500), to: "bars.tape")
    let check = try keel("backtest", "--tape", "bars.tape", "--check-lookahead", "--json")
    #expect(check.status == 0, "\(check.errors)")
    #expect(try check.json["lookahead"]?.bool == false)
    #expect(try #require(try check.json["decisions"]?.integer) > 20)
    #expect(try check.json["cuts"]?.elements?.count == 4)
    #expect(try keel("backtest", "--check-lookahead").status == 2)
  }

  // MARK: what if

  @Test func aCrashHurtsWhoeverIsLong() throws {
    try write(Self.rows(1_000), to: "bars.tape")
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
    try configuration(plugin, parameters, symbol: "UNIT-USD")
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
