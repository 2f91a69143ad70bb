import PluginSDK

/// A version that passes warm-up and shadow and traps when it trades: at its twentieth live batch
/// it reads past the end of its window.
struct SMACrossoverFaulty: Strategy {
  static var info: PluginInfo {
    PluginInfo(
      id: "dev.keel.sma-crossover", name: "SMA crossover", vendor: "keel", version: "3.0.0",
      stateVersion: 2, stateOldest: 1)
  }

  private static let liveBatchesGood = 19

  private let make: Averages
  private var averages = SortedMap<InstrumentID, Averages>()
  private var liveBatches = 0
  private var window = RingBuffer<Double>(capacity: 20)

  init(_ setup: inout Setup) throws(PluginError) {
    let fast = setup.integer("fast", default: 10, in: 1...10_000, about: "Short average, quotes")
    let slow = setup.integer("slow", default: 50, in: 2...10_000, about: "Long average, quotes")
    _ = setup.decimal("quantity", default: 0.01, in: 0...1e9, about: "Size of a position")
    guard fast < slow else { throw PluginError("fast must be below slow; lower it") }
    make = Averages(fast, slow)
  }

  var interests: Interests { Interests([.quotes], warmupRecords: make.slow.capacity) }

  mutating func onQuote(_ quote: Quote, _ context: inout Context) {
    guard let bid = quote.bid, let ask = quote.ask else { return }
    let mid = Double(bid.mantissa) / 2 + Double(ask.mantissa) / 2
    window.push(mid)
    _ = averages[quote.instrument, default: make].push(mid)
  }

  mutating func onBatchEnd(_ context: inout Context) {
    guard context.isLive else { return }
    liveBatches += 1
    if liveBatches > SMACrossoverFaulty.liveBatchesGood, window[window.count] > 0 {
      context.log("no window holds this number")
    }
  }

  func save(to state: inout StateWriter) {
    state.write(Timestamp.distantPast)
    averages.write(to: &state)
    SortedMap<InstrumentID, Calm>().write(to: &state)
  }
  mutating func load(from state: inout StateReader, version: UInt32) throws(StateError) {
    let _: Timestamp = try state.read()
    try averages.restore(from: &state, into: make)
    // It has no use for the second version's filter, and must still read past it.
    if version >= 2 {
      var calm = SortedMap<InstrumentID, Calm>()
      try calm.restore(from: &state, into: Calm(make.slow.capacity))
    }
  }
}
