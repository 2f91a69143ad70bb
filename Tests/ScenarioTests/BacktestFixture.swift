import Foundation
import Market
import PluginABI
import PluginBridge
import Storage
import TestSupport

/// A folder with the bar crossover configured on one instrument, and tapes of bars that were
/// thrown by dice.
final class BacktestFixture {
  struct Row { var open, high, low, close: Int64 }

  let folder = TemporaryDirectory()

  init() throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("plugins"), withIntermediateDirectories: true)
    for name in ["BarCrossover", "AdaptiveTrend", "MarketMaker"] {
      try FileManager.default.copyItem(
        atPath: try BuiltProducts.library(name), toPath: folder.file("plugins/\(name).so"))
    }
    try configure()
  }

  /// `venue` and `instrument` are further members of theirs.
  func configure(
    plugin: String = "dev.keel.bar-crossover",
    parameters: String = #""fast": 10, "slow": 50, "quantity": 1.0"#, symbol: String = "UNITUSD",
    venue: String = #""makerFee": "0.001", "takerFee": "0.001""#, kind: String = "perpetual",
    instrument: String = "",
    balance: String = "100000000"
  ) throws {
    let more = instrument.isEmpty ? "" : ", \(instrument)"
    let text = """
      {
        "session": { "name": "backtest", "seed": 1, "directory": "run" },
        "plugins": { "directories": ["plugins"], "trust": "unsigned" },
        "instruments": [
          { "symbol": "\(symbol)", "venue": "sim", "kind": "\(kind)", "base": "UNIT",
            "quote": "USD", "tick": "0.01", "lot": "1"\(more) }
        ],
        "venues": [
          { "name": "sim", "kind": "simulated"\(venue.isEmpty ? "" : ", ")\(venue) }
        ],
        "strategies": [
          { "name": "cross", "plugin": "\(plugin)", "instruments": ["\(symbol)"],
            "parameters": { \(parameters) } }
        ],
        "account": { "balances": [{ "asset": "USD", "amount": "\(balance)" }] },
        "risk": { "preset": "research" }
      }
      """
    try text.write(
      toFile: folder.file("strategies.json"), atomically: true, encoding: .utf8)
  }

  func keel(_ arguments: String...) throws -> SpawnedKeel.Outcome {
    try SpawnedKeel.run(arguments, in: folder)
  }

  /// Without the header.
  func lines(_ name: String) throws -> [Substring] {
    try String(contentsOfFile: folder.file(name), encoding: .utf8)
      .split(whereSeparator: \.isNewline).dropFirst().map { $0 }
  }

  /// A walk of prices in hundredths.
  static func rows(_ count: Int) -> [Row] {
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

  /// A dollar a bar, from 50,000 on: the crossover buys once and holds.
  static func risingRows(_ count: Int) -> [Row] {
    (0..<count).map {
      let price = 5_000_000 + Int64($0) * 100
      return Row(open: price, high: price, low: price, close: price)
    }
  }

  static let origin: Int64 = 1_577_836_800_000_000_000

  /// Bars that follow each other every so many seconds.
  func write(_ rows: [Row], to name: String, every seconds: Int64 = 60) throws {
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
        time: Timestamp(nanoseconds: Self.origin + Int64(index + 1) * seconds * 1_000_000_000))
      (bar.open, bar.high, bar.low, bar.close) = (row.open, row.high, row.low, row.close)
      (bar.volume, bar.interval) = (100_000, seconds * 1_000_000_000)
      try withUnsafeBytes(of: bar) { bytes throws(StorageError) in try writer.append(bytes) }
    }
    try writer.finish()
  }
}
