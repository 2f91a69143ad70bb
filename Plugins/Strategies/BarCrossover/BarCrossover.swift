import PluginSDK

/// Long while the short average of closes is above the long one, flat otherwise, by market orders:
/// the crossover that every textbook backtests. Sums of whole numbers, so that equal averages are
/// equal.
struct BarCrossover: Strategy {
  static var info: PluginInfo {
    PluginInfo(
      id: "dev.keel.bar-crossover", name: "Bar crossover", vendor: "keel", version: "1.0.0",
      stateVersion: 1)
  }

  private let amount: Double
  private let make: CloseSums
  private var sums = SortedMap<InstrumentID, CloseSums>()

  init(_ setup: inout Setup) throws(PluginError) {
    let fast = setup.integer("fast", default: 10, in: 1...10_000, about: "Short average, bars")
    let slow = setup.integer("slow", default: 50, in: 2...10_000, about: "Long average, bars")
    amount = setup.decimal("quantity", default: 1, in: 0...1e9, about: "Size of a position")
    guard fast < slow else { throw PluginError("fast must be below slow; lower it") }
    make = CloseSums(fast, slow)
  }

  var interests: Interests { Interests([.bars], warmupRecords: make.slow - 1) }

  mutating func onBar(_ bar: Bar, _ context: inout Context) {
    guard let difference = sums[bar.instrument, default: make].push(bar.close.mantissa)
    else { return }
    let held = context.position(bar.instrument)
    let (enters, leaves) = (difference > 0 && held == 0, difference < 0 && held > 0)
    guard enters || leaves, context.orders.first(on: bar.instrument) == nil else { return }
    if leaves {
      context.placeMarket(.sell, Quantity(mantissa: held), on: bar.instrument, isReduceOnly: true)
    } else if context.mode != .drain,
      let size = context.instrument(bar.instrument)?.quantity(amount), !size.isZero
    {
      context.placeMarket(.buy, size, on: bar.instrument)
    }
  }

  func save(to state: inout StateWriter) { sums.write(to: &state) }
  mutating func load(from state: inout StateReader, version: UInt32) throws(StateError) {
    try sums.restore(from: &state, into: make)
  }
}
