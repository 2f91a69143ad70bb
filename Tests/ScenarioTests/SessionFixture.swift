import Configuration
import Foundation
import PluginHost
import Storage
import TestSupport
import Market
import Testing

@testable import Sessions

/// A folder with a configuration, its plugins and other builds to swap in; and sessions over it.
/// Slots: the alpha `momentum`, the Swift strategy `trend`, and `watch`, a C strategy that checks
/// what the host gives it and logs an error when that is not whole.
final class SessionFixture {
  let folder = TemporaryDirectory()
  /// What was logged as an error, as "origin: text".
  private(set) var errors: [String] = []
  private var journals = 0

  init() throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("plugins"), withIntermediateDirectories: true)
    for name in ["SMACrossover", "Momentum", "SyntheticMarket"] {
      try FileManager.default.copyItem(
        atPath: try BuiltProducts.library(name), toPath: folder.file("plugins/\(name).so"))
    }
    try FileManager.default.copyItem(
      atPath: try Self.watcher(), toPath: folder.file("plugins/watcher.so"))
    try configurationText().write(
      toFile: folder.file("strategies.json"), atomically: true, encoding: .utf8)
  }

  /// A build of the C strategy; see its source for what can be set.
  static func watcher(_ definitions: [String: String] = [:]) throws -> String {
    try CPluginCompiler.compile(
      "Tests/Fixtures/GoodPlugins/watcher.c",
      flags: definitions.sorted { $0.key < $1.key }.map { "-D\($0.key)=\($0.value)" })
  }

  /// Ten quotes a second of each of two instruments, so that the alpha and two averages have
  /// something to decide within the first second.
  func configurationText(_ change: (inout String) -> Void = { _ in }) -> String {
    var text = """
      {
        "session": { "name": "scenario", "seed": 5, "directory": "run" },
        "plugins": { "directories": ["plugins"], "trust": "unsigned" },
        "instruments": [
          { "symbol": "BTCUSDT", "venue": "sim", "base": "BTC", "quote": "USDT",
            "tick": "0.01", "lot": "0.00001", "notionalMinimum": "5" },
          { "symbol": "ETHUSDT", "venue": "sim", "kind": "perpetual", "base": "ETH",
            "quote": "USDT", "tick": "0.01", "lot": "0.0001", "notionalMinimum": "5" }
        ],
        "data": [
          { "name": "bitcoin", "plugin": "dev.keel.synthetic-market", "instruments": ["BTCUSDT"],
            "parameters": { "seed": 7, "startPrice": 40000.0, "intervalMilliseconds": 100,
              "volatility": 0.6, "spreadTicks": 10, "tradeEvery": 3, "events": 30000 } },
          { "name": "ether", "plugin": "dev.keel.synthetic-market", "instruments": ["ETHUSDT"],
            "parameters": { "seed": 8, "startPrice": 2500.0, "intervalMilliseconds": 130,
              "volatility": 0.8, "spreadTicks": 4, "tradeEvery": 3, "events": 30000 } }
        ],
        "venues": [
          { "name": "sim", "kind": "simulated", "latencyMilliseconds": 5,
            "makerFee": "0.0002", "takerFee": "0.0005" }
        ],
        "alphas": [
          { "name": "momentum", "plugin": "dev.keel.momentum", "instruments": ["BTCUSDT"],
            "parameters": { "short": 3, "long": 8 } }
        ],
        "strategies": [
          { "name": "trend", "plugin": "dev.keel.sma-crossover", "version": "1.0.0",
            "instruments": ["BTCUSDT"], "alphas": ["momentum"],
            "parameters": { "fast": 3, "slow": 8, "quantity": 0.05 } },
          { "name": "watch", "plugin": "test.watcher", "instruments": ["ETHUSDT"] }
        ],
        "account": { "balances": [{ "asset": "USDT", "amount": "100000" }] },
        "risk": { "preset": "systematic", "dailyTradesMax": 100000 }
      }
      """
    change(&text)
    return text
  }

  func configuration(_ change: (inout String) -> Void = { _ in }) throws -> Configuration {
    try Configuration.parse(
      text: configurationText(change), file: folder.file("strategies.json"))
  }

  func session(
    tape: String? = nil, journal: String? = nil, writing: JournalOptions? = nil,
    isPaced: Bool = false,
    _ change: (inout String) -> Void = { _ in }
  ) throws -> Session {
    let configuration = try configuration(change)
    var options = SessionOptions(
      storeDirectory: folder.file("store"), tape: tape, journalDirectory: journal)
    if let writing { options.journal = writing }
    options.workers.program = try BuiltProducts.keel
    options.isPaced = isPaced
    return try Session.make(configuration, options) { [weak self] level, origin, text in
      if level == .error { self?.errors.append("\(origin): \(text)") }
    }
  }

  func journalPath() -> String {
    journals += 1
    return folder.file("\(journals).journal")
  }
}

extension SwapOptions {
  /// Quick, and with all the time a slow machine needs to save a state.
  static func brief(
    shadow: UInt64 = 5, probation: UInt64 = 8, orders: Orders? = nil, requireEqual: Bool = false
  ) -> SwapOptions {
    var options = SwapOptions()
    options.shadowBatches = shadow
    options.probationBatches = probation
    options.orders = orders
    options.requireEqual = requireEqual
    options.saveBudget = .seconds(5)
    return options
  }
}
