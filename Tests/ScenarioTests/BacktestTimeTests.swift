import Foundation
import JSON
import Market
import PluginABI
import PluginBridge
import Storage
import TestSupport
import Testing

/// When data reaches whom, and in which order.
@Suite struct BacktestTimeTests {
  private let fixture: BacktestFixture

  init() throws { fixture = try BacktestFixture() }

  /// The bars of a run's journal: when its turn was, and the record.
  private func bars(_ arguments: String...) throws -> [(now: Int64, bar: keel_ev_bar)] {
    let run = try SpawnedKeel.run(
      ["backtest", "--paths", "0", "--journal", "run.journal"] + arguments, in: fixture.folder)
    #expect(run.status == 0, "\(run.errors)")
    var found: [(now: Int64, bar: keel_ev_bar)] = []
    var now: Int64 = .min
    var reader = try JournalReader(directory: fixture.folder.file("run.journal"))
    while let record = try reader.next() {
      if let turn = record.cast(to: keel_rec_turn.self), record.type == KEEL_REC_TURN {
        now = turn.pointee.now
      } else if let bar = record.cast(to: keel_ev_bar.self), record.type == KEEL_EV_BAR {
        found.append((now, bar.pointee))
      }
    }
    return found
  }

  /// Bar n ends n+1 minutes after the beginning: no turn before that has it, and with half a
  /// second on the way from the venue none before that.
  @Test(arguments: [0, 500_000])
  func noBarReachesAStrategyBeforeItsClose(microseconds: Int64) throws {
    try fixture.configure(
      venue: #""latency": { "feed": { "model": "constant", "microseconds": \#(microseconds) } }"#)
    try fixture.write(BacktestFixture.rows(200), to: "bars.tape")
    let bars = try bars("--tape", "bars.tape")
    #expect(bars.count == 200 || microseconds > 0 && bars.count == 199, "\(bars.count)")
    for (index, found) in bars.enumerated() {
      let close = BacktestFixture.origin + Int64(index + 1) * 60_000_000_000
      #expect(found.now == close + microseconds * 1_000, "bar \(index)")
      #expect(found.bar.h.ts_recv == found.now && found.bar.interval == 60_000_000_000)
    }
  }

  /// Of one time the tapes come as they are named, and each one's records as it has them.
  @Test func recordsOfOneTimeComeInTheOrderOfTheTapes() throws {
    let rows = BacktestFixture.rows(100)
    let other = rows.map {
      BacktestFixture.Row(
        open: $0.open + 1, high: $0.high + 1, low: $0.low + 1, close: $0.close + 1)
    }
    try fixture.write(rows, to: "one.tape")
    try fixture.write(other, to: "other.tape")
    for (tapes, steps) in [
      (["one.tape", "other.tape"], [Int64(0), 1]), (["other.tape", "one.tape"], [1, 0]),
    ] {
      try? FileManager.default.removeItem(atPath: fixture.folder.file("run.journal"))
      let bars = try bars("--tape", tapes[0], "--tape", tapes[1])
      #expect(bars.count == 200)
      for (index, found) in bars.enumerated() {
        #expect(found.bar.close == rows[index / 2].close + steps[index % 2], "bar \(index)")
        #expect(found.bar.h.source == UInt32(index % 2))
      }
    }
  }
}
