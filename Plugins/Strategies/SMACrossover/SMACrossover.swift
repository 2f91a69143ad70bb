import PluginSDK

/// Long while the short average of the mid price is above the long one, flat otherwise; always by
/// a limit order resting at its own side of the book, moved after the market has moved away.
struct SMACrossover: Strategy {
  static var info: PluginInfo {
    PluginInfo(
      id: "dev.keel.sma-crossover", name: "SMA crossover", vendor: "keel", version: "1.0.0",
      stateVersion: 1)
  }

  private let amount: Double
  private let follow: Double
  private let make: Averages
  private var averages = SortedMap<InstrumentID, Averages>()
  private var pausedUntil = Timestamp.distantPast

  init(_ setup: inout Setup) throws(PluginError) {
    let fast = setup.integer("fast", default: 10, in: 1...10_000, about: "Short average, quotes")
    let slow = setup.integer("slow", default: 50, in: 2...10_000, about: "Long average, quotes")
    amount = setup.decimal("quantity", default: 0.01, in: 0...1e9, about: "Size of a position")
    follow =
      setup.decimal(
        "follow", default: 2, in: 0...1_000, unit: "bps",
        about: "Move an order this far from the market after it") / 1e4
    guard fast < slow else { throw PluginError("fast must be below slow; lower it") }
    make = Averages(fast, slow)
  }

  var interests: Interests { Interests([.quotes], warmupRecords: make.slow.capacity) }

  mutating func onQuote(_ quote: Quote, _ context: inout Context) {
    guard let bid = quote.bid, let ask = quote.ask else { return }
    let mid = Double(bid.mantissa) / 2 + Double(ask.mantissa) / 2
    guard let isRising = averages[quote.instrument, default: make].push(mid),
      let instrument = context.instrument(quote.instrument),
      let size = instrument.quantity(amount)
    else { return }
    let held = context.position(quote.instrument)
    let missing = (isRising ? size.mantissa : 0) - held
    let side: Side = missing > 0 ? .buy : .sell
    let limit = side == .buy ? bid : ask
    if let order = context.orders.first(on: quote.instrument) {
      if missing == 0 || order.side != side || isLeftBehind(order, limit) { context.cancel(order) }
    } else if missing != 0, context.now >= pausedUntil, side == .sell || context.mode != .drain {
      let quantity = Quantity(mantissa: abs(missing))
      context.placeLimit(side, quantity, at: limit, on: quote.instrument)
    }
  }

  private func isLeftBehind(_ order: OpenOrder, _ best: Price) -> Bool {
    guard let limit = order.limit else { return false }
    return abs(Double(best.mantissa) - Double(limit.mantissa)) > follow * Double(best.mantissa)
  }

  /// A refusal is not asked for again at once.
  mutating func onOrder(_ order: OrderUpdate, _ context: inout Context) {
    guard order.state == .refused || order.state == .rejected else { return }
    pausedUntil = context.now + .seconds(1)
  }

  func save(to state: inout StateWriter) {
    state.write(pausedUntil)
    averages.write(to: &state)
  }
  mutating func load(from state: inout StateReader, version: UInt32) throws(StateError) {
    pausedUntil = try state.read()
    try averages.restore(from: &state, into: make)
  }
}
