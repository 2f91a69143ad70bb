import PluginSDK

/// An exponential crossover whose averages quicken as the market moves in one direction and slow
/// down as it only moves about (Kaufman's efficiency), and that stays out where it does the latter.
struct AdaptiveTrend: Strategy {
  static var info: PluginInfo {
    PluginInfo(
      id: "dev.keel.adaptive-trend", name: "Adaptive trend", vendor: "keel", version: "1.0.0",
      stateVersion: 1)
  }

  private let amount: Double
  private let efficiencyMin: Double
  private let allowsShort: Bool
  private let make: AdaptiveAverages
  private var averages = SortedMap<InstrumentID, AdaptiveAverages>()

  init(_ setup: inout Setup) throws(PluginError) {
    let window = setup.integer(
      "window", default: 20, in: 2...10_000, about: "Bars over which efficiency is measured")
    let fast = setup.integer("fast", default: 5, in: 1...10_000, about: "Quickest average, bars")
    let slow = setup.integer("slow", default: 60, in: 2...10_000, about: "Slowest average, bars")
    efficiencyMin = setup.decimal(
      "efficiencyMin", default: 0.3, in: 0...1, about: "Enter only where the market goes somewhere")
    amount = setup.decimal("quantity", default: 1, in: 0...1e9, about: "Size of a position")
    allowsShort = setup.boolean("allowsShort", default: false, about: "Also sell what is not held")
    guard fast < slow else { throw PluginError("fast must be below slow; lower it") }
    make = AdaptiveAverages(window, fast, slow)
  }

  var interests: Interests { Interests([.bars], warmupRecords: make.warmup) }

  mutating func onBar(_ bar: Bar, _ context: inout Context) {
    guard let trend = averages[bar.instrument, default: make].push(Double(bar.close.mantissa)),
      context.orders.first(on: bar.instrument) == nil,
      let size = context.instrument(bar.instrument)?.quantity(amount), !size.isZero
    else { return }
    let held = context.position(bar.instrument)
    let isClear = trend.efficiency >= efficiencyMin
    if held == 0, isClear, context.mode != .drain {
      if trend.isRising {
        context.target(.buy, size, on: bar.instrument)
      } else if allowsShort {
        context.target(.sell, size, on: bar.instrument)
      }
    } else if held > 0 && !trend.isRising || held < 0 && trend.isRising {
      context.flatten(bar.instrument)
    }
  }

  func save(to state: inout StateWriter) { averages.write(to: &state) }
  mutating func load(from state: inout StateReader, version: UInt32) throws(StateError) {
    try averages.restore(from: &state, into: make)
  }
}
