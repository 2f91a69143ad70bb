import PluginSDK

/// The second version of the crossover: it enters in calm markets only, told by the deviation of
/// the last changes. It reads the first version's state, and takes over the order that one left in
/// the book, because `context.orders` holds the slot's orders whoever placed them.
struct SMACrossover2: Strategy {
  static var info: PluginInfo {
    PluginInfo(
      id: "dev.keel.sma-crossover", name: "SMA crossover", vendor: "keel", version: "2.0.0",
      stateVersion: 2, stateOldest: 1)
  }

  private var amount: Double
  private let calmMax: Double
  private let follow: Double
  private let make: Averages
  private let makeCalm: Calm
  private var averages = SortedMap<InstrumentID, Averages>()
  private var calm = SortedMap<InstrumentID, Calm>()
  private var pausedUntil = Timestamp.distantPast

  init(_ setup: inout Setup) throws(PluginError) {
    let fast = setup.integer("fast", default: 10, in: 1...10_000, about: "Short average, quotes")
    let slow = setup.integer("slow", default: 50, in: 2...10_000, about: "Long average, quotes")
    amount = setup.decimal(
      "quantity", default: 0.01, in: 0...1e9, about: "Size of a position", live: true)
    calmMax =
      setup.decimal(
        "volatilityMax", default: 20, in: 0...10_000, unit: "bps",
        about: "Enter only while quotes change by less") / 1e4
    follow =
      setup.decimal(
        "follow", default: 2, in: 0...1_000, unit: "bps",
        about: "Move an order this far from the market after it") / 1e4
    guard fast < slow else { throw PluginError("fast must be below slow; lower it") }
    make = Averages(fast, slow)
    makeCalm = Calm(slow)
  }

  var interests: Interests { Interests([.quotes], warmupRecords: make.slow.capacity + 1) }

  mutating func onQuote(_ quote: Quote, _ context: inout Context) {
    guard let bid = quote.bid, let ask = quote.ask else { return }
    let mid = Double(bid.mantissa) / 2 + Double(ask.mantissa) / 2
    let deviation = calm[quote.instrument, default: makeCalm].push(mid)
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
    } else if missing != 0, context.now >= pausedUntil, context.mode != .drain || side == .sell,
      mayPlace(side, deviation)
    {
      let quantity = Quantity(mantissa: abs(missing))
      context.placeLimit(side, quantity, at: limit, on: quote.instrument)
    }
  }

  /// Leaving is always allowed.
  private func mayPlace(_ side: Side, _ deviation: Double?) -> Bool {
    guard side == .buy else { return true }
    guard let deviation else { return false }
    return deviation <= calmMax
  }

  private func isLeftBehind(_ order: OpenOrder, _ best: Price) -> Bool {
    guard let limit = order.limit else { return false }
    return abs(Double(best.mantissa) - Double(limit.mantissa)) > follow * Double(best.mantissa)
  }

  mutating func onOrder(_ order: OrderUpdate, _ context: inout Context) {
    if order.isInherited, !order.state.isTerminal {
      context.log("adopted an order of another generation", .debug)
    }
    guard order.state == .refused || order.state == .rejected else { return }
    pausedUntil = context.now + .seconds(1)
  }

  mutating func onParameter(_ parameter: ParameterUpdate, _ context: inout Context) {
    if parameter.isNamed("quantity") { amount = parameter.value }
  }

  func save(to state: inout StateWriter) {
    state.write(pausedUntil)
    averages.write(to: &state)
    calm.write(to: &state)
  }
  mutating func load(from state: inout StateReader, version: UInt32) throws(StateError) {
    pausedUntil = try state.read()
    try averages.restore(from: &state, into: make)
    // The first version had no filter: it warms up.
    if version >= 2 { try calm.restore(from: &state, into: makeCalm) }
  }
}
