import Configuration
import JSON

/// A session of one strategy on one instrument, every limit off.
struct BenchmarkConfiguration {
  let plugin: String
  /// Where the plugin lies, and nothing else that is loaded in vain.
  let directory: String
  /// Quotes of the synthetic market, where no tape brings them.
  var syntheticEvents: Int?

  func parsed() throws(ConfigurationErrors) -> Configuration {
    try Configuration.parse(text: text, file: "./benchmark.json")
  }

  var text: String {
    let data = syntheticEvents.map {
      """
      "data": [{
        "name": "market", "plugin": "dev.keel.synthetic-market",
        "parameters": {"seed": 7, "startPrice": 40000.0, "events": \($0)}
      }],
      """
    }
    return """
      {
        "session": {"name": "benchmark", "seed": 1},
        "plugins": {"directories": ["\(directory)"], "trust": "unsigned"},
        "instruments": [{
          "symbol": "BTCUSDT", "venue": "sim", "kind": "perpetual", "base": "BTC",
          "quote": "USDT", "tick": "0.01", "lot": "0.00001"
        }],
        \(data ?? "")
        "venues": [{"name": "sim", "kind": "simulated", "latencyMilliseconds": 5}],
        "strategies": [
          {"name": "measured", "plugin": "\(plugin)", "instruments": ["BTCUSDT"]}
        ],
        "account": {"balances": [{"asset": "USDT", "amount": "100000"}]},
        "risk": {"preset": "research"}
      }
      """
  }
}
