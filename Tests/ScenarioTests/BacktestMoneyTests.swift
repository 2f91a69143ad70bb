import Foundation
import JSON
import TestSupport
import Testing

/// What a backtest says that was earned, paid and lost, held against what it must have been.
@Suite struct BacktestMoneyTests {
  private let fixture: BacktestFixture

  init() throws { fixture = try BacktestFixture() }

  private func answer(_ arguments: String...) throws -> JSONValue {
    let run = try SpawnedKeel.run(
      ["backtest", "--tape", "bars.tape", "--json", "--paths", "0"] + arguments, in: fixture.folder)
    #expect(run.status == 0, "\(run.errors)")
    return try run.json
  }

  private func slot(_ answer: JSONValue) throws -> JSONValue {
    try #require(answer["session"]?["slots"]?.elements?.first)
  }

  /// The tape was recorded with contracts of one; the configuration trades contracts of ten.
  @Test func theConfiguredInstrumentWinsOverTheTapes() throws {
    try fixture.configure(instrument: #""multiplier": "10""#)
    let rows = BacktestFixture.rows(600)
    try fixture.write(rows, to: "bars.tape")
    let expected = 10 * (BacktestTests.crossover(rows).equity - 100_000_000)
    let equity = try #require(try answer()["summary"]?["end_equity"]?.double)
    #expect(abs(equity - 100_000_000 - expected) < 0.05, "\(equity), not \(expected) more")
  }

  /// One percent an hour, of a position that is nearly always there.
  @Test func fundingStandsInTheTradeThatPaidIt() throws {
    try fixture.configure(
      venue: #""funding": { "everyMinutes": 60, "rate": "0.01" }"#)
    try fixture.write(BacktestFixture.rows(3_000), to: "bars.tape")
    let answer = try answer("--output", "out")
    let paid = try #require(answer["summary"]?["trades"]?["funding"]?.double)
    #expect(paid < -1_000, "\(paid)")
    // What trades tell is what the slot has realised, but for a position that is still open.
    let rows = try fixture.lines("out/trades.csv").map { $0.split(separator: ",") }
    let funding = rows.compactMap { Double($0[10]) }.reduce(0, +)
    #expect(abs(funding - paid) < 1e-6 && rows.contains { Double($0[10]) == 0 })
  }

  /// Nobody deposits what fees are taken in, and no market prices it: its rate is the venue's.
  @Test func aFeeInAThirdAssetIsCountedAtItsFixedRate() throws {
    try fixture.configure(
      venue: #""takerFee": "0.001", "fees": { "currency": "asset", "asset": "COIN", "#
        + #""assetRate": "600" }"#)
    let rows = BacktestFixture.rows(600)
    try fixture.write(rows, to: "bars.tape")
    let answer = try answer()
    let equity = try #require(answer["summary"]?["end_equity"]?.double)
    let expected = BacktestTests.crossover(rows).equity
    #expect(abs(equity - expected) < 0.01, "\(equity), not \(expected)")
    #expect(try #require(answer["session"]?["cash"]?["COIN"]?.string).hasPrefix("-"))
  }

  /// Seconds apart, while equity is looked at every five: who bought at once bought at the first
  /// close.
  @Test func buyingAndHoldingBeginsWithTheFirstPriceSeen() throws {
    var rows = BacktestFixture.rows(40_000)
    let later = rows[1].open * 2
    for index in rows.indices.dropFirst() {
      (rows[index].open, rows[index].high, rows[index].low, rows[index].close) =
        (later, later, later, later)
    }
    try fixture.write(rows, to: "bars.tape", every: 1)
    let held = try #require(
      try answer("--set", "cross.quantity=1.0")["summary"]?["benchmark"]?["total_return"]?.double)
    let expected = Double(later) / Double(rows[0].close) - 1
    #expect(abs(held - expected) < 1e-9, "\(held), not \(expected)")
  }

  // MARK: the venue's own doing

  private static let margin = #""initialMargin": "0.1", "maintenanceMargin": "0.05""#
  private static let watched = #""margin": { "liquidation": "market" }"#

  /// A little more than a tenth of its worth is there. In a fall by a tenth the venue
  /// closes what is held, and it is the
  /// strategy that has lost it, and the strategy that is flat.
  @Test func aLiquidationIsTheStrategysLoss() throws {
    try fixture.configure(
      venue: Self.watched, instrument: Self.margin, balance: "6000")
    try fixture.write(BacktestFixture.risingRows(1_000), to: "bars.tape")
    let answer = try answer(
      "--scenario", "crash:size=0.1,length=1m", "--output", "out", "--journal", "run.journal")
    let slot = try slot(answer)
    #expect(slot["positions"]?.elements?.isEmpty == true, "\(slot.text())")
    #expect(answer["strategies"]?.elements?.map { $0["name"]?.string } == ["cross"])
    let closing = try fixture.lines("out/fills.csv").filter { $0.contains("liquidation-") }
    #expect(closing.count == 1 && closing[0].contains(",cross,"), "\(closing)")
    let trades = try fixture.lines("out/trades.csv")
    #expect(trades.contains { $0.split(separator: ",")[4] == closing[0].split(separator: ",")[0] })
    // The journal has the venue's word and the slot's part of it, and gives the same again.
    let dump = try fixture.keel("journal", "dump", "run.journal", "--type", "fill", "--json")
    let liquidations = try dump.output.split(separator: "\n").filter {
      $0.contains("liquidation-")
    }.map { try JSONValue.parse(String($0))["slot"]?.string }
    #expect(liquidations == ["host", "cross"])
    #expect(try fixture.keel("journal", "replay", "run.journal").status == 0)
    // Where margin is watched, what it does not cover is rejected; and said apart from refusals.
    #expect(slot["rejectionReasons"]?["margin"]?.integer ?? 0 > 0, "\(slot.text())")
  }

  @Test func whatSettlesIsFlat() throws {
    try fixture.configure(kind: "future", instrument: #""expiry": "2020-01-01T12:00:00Z""#)
    // It rises: something is held when the contract ends.
    try fixture.write(BacktestFixture.risingRows(1_000), to: "bars.tape")
    let answer = try answer("--output", "out")
    #expect(try slot(answer)["positions"]?.elements?.isEmpty == true)
    #expect(answer["strategies"]?.elements?.map { $0["name"]?.string } == ["cross"])
    let settled = try fixture.lines("out/fills.csv").filter { $0.contains("settlement-") }
    #expect(settled.count == 1 && settled[0].contains(",cross,"), "\(settled)")
  }

  /// Nobody watches its margin: it loses more than it had, and nothing that is counted by the year
  /// means anything after that.
  @Test func aRuinedAccountIsSaidToBeOne() throws {
    try fixture.configure(
      parameters: #""fast": 10, "slow": 50, "quantity": 10.0"#, venue: "", balance: "10000")
    try fixture.write(BacktestFixture.risingRows(1_000), to: "bars.tape")
    let scenario = ["--scenario", "crash:size=0.5,length=1m,recovery=1m"]
    let answer = try answer(scenario[0], scenario[1])
    let summary = try #require(answer["summary"])
    let ruined = try #require(summary["ruined"]?.string, "\(summary.text())")
    for figure in [
      "annual_return", "annual_volatility", "sharpe_ratio", "sortino_ratio", "calmar_ratio",
      "annual_turnover", "probabilistic_sharpe_ratio",
    ] {
      #expect(summary[figure]?.double == nil, "\(figure)")
    }
    #expect(summary["max_drawdown"]?.double == -1)
    let run = try fixture.keel(
      "backtest", "--tape", "bars.tape", "--paths", "0", scenario[0], scenario[1])
    #expect(run.output.contains("ruined at \(ruined)"), "\(run.output)")
    #expect(run.errors.contains("The account was ruined at \(ruined)"), "\(run.errors)")
  }
}
