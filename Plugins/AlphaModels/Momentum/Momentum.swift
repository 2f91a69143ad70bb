import PluginSDK

/// Follows the trend: forty basis points times the distance of the short average from the long one,
/// relative to the long one, is the expected edge; the score is that edge in units of the forty.
struct Momentum: AlphaModel {
  static var info: PluginInfo {
    PluginInfo(id: "dev.keel.momentum", name: "Momentum", vendor: "keel", version: "1.0.0")
  }

  private static let edgeFactor = 40.0

  private let make: Averages
  private var averages = SortedMap<InstrumentID, Averages>()

  init(_ setup: inout Setup) throws(PluginError) {
    let short = setup.integer("short", default: 10, in: 1...10_000, about: "Short average, quotes")
    let long = setup.integer("long", default: 50, in: 2...10_000, about: "Long average, quotes")
    guard short < long else { throw PluginError("short must be below long; lower it") }
    make = Averages(short: RollingMean(short), long: RollingMean(long))
  }

  var interests: Interests { Interests([.quotes], warmupRecords: make.long.capacity) }

  mutating func onQuote(_ quote: Quote, _ context: inout AlphaContext) {
    guard let bid = quote.bid, let ask = quote.ask else { return }
    let mid = Double(bid.mantissa) / 2 + Double(ask.mantissa) / 2
    guard let distance = averages[quote.instrument, default: make].push(mid) else { return }
    let edge = Momentum.edgeFactor * distance
    var view = AlphaView(quote.instrument, score: edge)
    view.set(.edgeBasisPoints, edge)
    context.emit(view)
  }

  func save(to state: inout StateWriter) { averages.write(to: &state) }
  mutating func load(from state: inout StateReader, version: UInt32) throws(StateError) {
    try averages.restore(from: &state, into: make)
  }

  struct Averages: Restorable {
    var short: RollingMean
    var long: RollingMean

    /// (short - long) / long; nil until there are enough numbers, and where long is zero.
    mutating func push(_ value: Double) -> Double? {
      short.push(value)
      long.push(value)
      guard long.isFull, long.mean != 0 else { return nil }
      return (short.mean - long.mean) / long.mean
    }

    func write(to state: inout StateWriter) {
      short.write(to: &state)
      long.write(to: &state)
    }
    mutating func restore(from state: inout StateReader) throws(StateError) {
      try short.restore(from: &state)
      try long.restore(from: &state)
    }
  }
}
