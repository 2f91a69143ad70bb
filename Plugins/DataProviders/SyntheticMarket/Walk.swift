import PluginSDK

/// The random walk of one instrument.
struct Walk {
  struct Shape {
    /// Standard deviation of a step as a fraction of the price.
    var volatility: Double
    var spreadTicks: Int64
    /// 0: never.
    var tradeEvery: Int
  }

  let instrument: Instrument
  private let shape: Shape
  var wanted: Interests.Types = []
  var bar: BarInProgress

  private var random: SeededRandom
  /// In ticks.
  private var middle: Double
  /// Square of the present volatility over the usual one.
  private var wildness = 1.0
  private var steps = 0
  private var trades: UInt64 = 0

  init(
    _ instrument: Instrument, at start: Price, _ shape: Shape, barInterval: Nanoseconds,
    _ random: SeededRandom
  ) {
    self.instrument = instrument
    self.shape = shape
    self.random = random
    middle = Double(start.mantissa) / Double(instrument.tick.mantissa)
    bar = BarInProgress(interval: barInterval, at: start)
  }

  /// The bar that closed since the last step, if one did. Bars come before the steps of all
  /// instruments, because they close before them.
  mutating func closeBar(by time: Timestamp, into happenings: inout [Happening]) {
    guard let closed = bar.closing(by: time) else { return }
    let finished = bar.take()
    tell(.bar(finished), .bars, closed, &happenings)
  }

  /// Everything that happens at `time`, wanted or not, so that what is subscribed does not change
  /// the path.
  mutating func step(at time: Timestamp, into happenings: inout [Happening]) {
    move()
    let spread = shape.spreadTicks
    let lowest = Int64(1)
    let bid = max(lowest, Int64((middle - Double(spread) / 2).rounded(.down)))
    let ask = bid + spread
    tell(
      .quote(
        bid: price(bid), bidQuantity: size(), ask: price(ask), askQuantity: size()), .quotes, time,
      &happenings)
    steps += 1
    guard shape.tradeEvery > 0, steps % shape.tradeEvery == 0 else { return }
    let aggressor: Side = random.unit() < 0.5 ? .buy : .sell
    // Now and then one eats through the book: what rests at its best price is then filled.
    let through = random.unit() < 0.3 ? Int64(1 + random.unit() * 3) : 0
    let ticks = aggressor == .buy ? ask + through : max(lowest, bid - through)
    let quantity = size()
    trades += 1
    bar.add(price(ticks), quantity)
    tell(
      .trade(price: price(ticks), quantity: quantity, aggressor: aggressor, id: trades), .trades,
      time, &happenings)
  }

  /// A large step makes the next ones larger; calm returns slowly.
  private mutating func move() {
    let shock = random.normal()
    middle *= 1 + shape.volatility * wildness.squareRoot() * shock
    middle = min(max(middle, Double(shape.spreadTicks)), 1e15)
    wildness = min(0.05 + 0.85 * wildness + 0.1 * wildness * shock * shock, 25)
  }

  /// One to ten whole units, or one lot where a lot is more.
  private mutating func size() -> Quantity {
    let wanted = instrument.quantity(1 + random.unit() * 9) ?? .zero
    return max(wanted, instrument.lot)
  }

  private func price(_ ticks: Int64) -> Price {
    Price(mantissa: ticks * instrument.tick.mantissa)
  }

  private func tell(
    _ what: Happening.What, _ type: Interests.Types, _ time: Timestamp,
    _ happenings: inout [Happening]
  ) {
    guard wanted.contains(type) else { return }
    happenings.append(Happening(instrument: instrument.id, time: time, what: what))
  }
}
