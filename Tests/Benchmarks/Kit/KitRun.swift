import Configuration
import Glibc
import JSON
import Kernel
import Market
import PluginBridge
import Sessions

/// One run of one workload in a process of its own: its wall and processor time and its memory are
/// the whole run's. Guard and risk are on, a turn has one event, and nothing is journaled.
struct KitRun {
  enum Workload: String, CaseIterable { case bars, ticks, depth, orders }

  let workload: Workload
  let tape: String
  let plugins: String
  let scratch: String
  var instruments = 1

  func run() {
    do {
      let begun = MonotonicClock.now()
      let session = try Session.make(
        try Configuration.parse(text: configuration, file: "./kit.json"),
        SessionOptions(storeDirectory: scratch + "/store", tape: tape)
      ) { _, _, _ in }
      let start = MonotonicClock.now()
      let processor = Self.processorSeconds()
      while try session.step() {}
      let wall = Double(MonotonicClock.now() - start) / 1e9
      let spent = Self.processorSeconds() - processor
      let status = session.status()
      let slot = status["slots"]?.elements?.first
      Benchmark.write([
        ("events", .integer(session.eventCount)), ("wall", .double(wall)),
        ("processor", .double(spent)), ("load", .double(Double(start - begun) / 1e9)),
        ("orders", slot?["orders"] ?? .null), ("fills", slot?["fills"] ?? .null),
        ("refusals", slot?["refusals"] ?? .null),
        ("equity", .double(Double(session.state.portfolio.equity?.micros ?? 0) / 1e6)),
      ])
      try session.finish()
    } catch { Benchmark.fail("\(error)") }
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private var symbols: [String] { (0..<instruments).map(KitTapes.symbol) }

  private func instrument(_ symbol: String) -> String {
    """
    {"symbol": "\(symbol)", "venue": "sim", "kind": "perpetual", "base": "\(symbol)",
     "quote": "USD", "tick": "0.01", "lot": "1"}
    """
  }

  private var configuration: String {
    let (plugin, parameters) =
      switch workload {
      case .bars: ("dev.keel.bar-crossover", #""fast": 10, "slow": 50, "quantity": 1.0"#)
      case .ticks, .depth: ("dev.keel.tick-maker", "")
      case .orders: ("dev.keel.order-each-quote", "")
      }
    return """
      {
        "session": {"name": "kit", "seed": 1},
        "plugins": {"directories": ["\(plugins)"], "trust": "unsigned"},
        "instruments": [\(symbols.map(instrument).joined(separator: ", "))],
        "venues": [
          {"name": "sim", "kind": "simulated", "latencyMilliseconds": 0,
           "makerFee": "0.001", "takerFee": "0.001"}
        ],
        "strategies": [
          {"name": "measured", "plugin": "\(plugin)",
           "instruments": ["\(symbols.joined(separator: "\", \""))"],
           "parameters": {\(parameters)}}
        ],
        "account": {"balances": [{"asset": "USD", "amount": "100000000"}]},
        "risk": {
          "preset": "research", "orderWorthMax": "100000000", "positionWorthMax": "100000000",
          "priceCollar": "0.5", "selfTrade": "allow", "grossExposureMax": "1", "leverageMax": "3",
          "drawdownStop": "0.5", "dailyLossMax": "0.5"
        }
      }
      """
  }
}
