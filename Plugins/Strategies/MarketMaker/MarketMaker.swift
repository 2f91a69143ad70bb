import PluginSDK

/// Quotes both sides around a mid that leans away from what it holds: the more it is long, the
/// lower both of its prices. Each side is replaced only when it has strayed, so that it keeps its
/// place in the queue as long as it may.
struct MarketMaker: Strategy {
  static var info: PluginInfo {
    PluginInfo(
      id: "dev.keel.market-maker", name: "Market maker", vendor: "keel", version: "1.0.0",
      stateVersion: 1)
  }

  private let amount: Double
  private let positionMax: Double
  private let halfSpread: Double
  private let skew: Double
  private let tolerance: Double
  private var pausedUntil = Timestamp.distantPast

  init(_ setup: inout Setup) throws(PluginError) {
    amount = setup.decimal("quantity", default: 0.01, in: 0...1e9, about: "Size of each side")
    positionMax = setup.decimal(
      "positionMax", default: 0.1, in: 0...1e9, about: "Hold no more than this, long or short")
    halfSpread =
      setup.decimal(
        "halfSpread", default: 2, in: 0...10_000, unit: "bps", about: "From the mid to each side")
      / 1e4
    skew =
      setup.decimal(
        "skew", default: 2, in: 0...10_000, unit: "bps",
        about: "How far prices lean at the largest position") / 1e4
    tolerance =
      setup.decimal(
        "tolerance", default: 0.5, in: 0...10_000, unit: "bps",
        about: "Leave an order that is no further from its price") / 1e4
    guard amount <= positionMax else {
      throw PluginError("quantity must not be above positionMax; lower it")
    }
  }

  var interests: Interests { Interests([.quotes]) }

  mutating func onQuote(_ quote: Quote, _ context: inout Context) {
    guard let bid = quote.bid, let ask = quote.ask,
      let instrument = context.instrument(quote.instrument),
      let size = instrument.quantity(amount), !size.isZero,
      let most = instrument.quantity(positionMax), !most.isZero
    else { return }
    let mid = Double(bid.mantissa) / 2 + Double(ask.mantissa) / 2
    let held = context.position(quote.instrument)
    let lean = skew * Double(held) / Double(most.mantissa)
    let centre = mid * (1 - lean)
    work(
      .buy, at: Swift.min(centre * (1 - halfSpread), Double(bid.mantissa)),
      if: held + size.mantissa <= most.mantissa, size, instrument, mid, &context)
    work(
      .sell, at: Swift.max(centre * (1 + halfSpread), Double(ask.mantissa)),
      if: held - size.mantissa >= -most.mantissa, size, instrument, mid, &context)
  }

  private func work(
    _ side: Side, at wanted: Double, if mayHold: Bool, _ size: Quantity, _ instrument: Instrument,
    _ mid: Double, _ context: inout Context
  ) {
    let steps = wanted / Double(instrument.tick.mantissa)
    let whole = side == .buy ? steps.rounded(.down) : steps.rounded(.up)
    guard abs(wanted) < 0x1p62 else { return }
    let limit = Price(mantissa: Int64(whole) * instrument.tick.mantissa)
    guard limit.mantissa > 0 else { return }
    if let order = order(side, on: instrument.id, context) {
      let strayed = abs(Double((order.limit ?? limit).mantissa) - Double(limit.mantissa))
      if !mayHold || strayed > tolerance * mid { context.cancel(order) }
    } else if mayHold, context.now >= pausedUntil, context.mode != .drain {
      context.placeLimit(side, size, at: limit, on: instrument.id, isPostOnly: true)
    }
  }

  private func order(
    _ side: Side, on instrument: InstrumentID, _ context: Context
  ) -> OpenOrder? {
    for index in 0..<context.orders.count {
      let order = context.orders[index]
      if order.side == side, order.instrument == instrument { return order }
    }
    return nil
  }

  /// A refusal is not asked for again at once.
  mutating func onOrder(_ order: OrderUpdate, _ context: inout Context) {
    guard order.state == .refused || order.state == .rejected else { return }
    pausedUntil = context.now + .milliseconds(100)
  }

  func save(to state: inout StateWriter) { state.write(pausedUntil) }
  mutating func load(from state: inout StateReader, version: UInt32) throws(StateError) {
    pausedUntil = try state.read()
  }
}
