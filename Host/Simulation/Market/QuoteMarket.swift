import Market
import PluginBridge

/// Quotes and trades of one instrument around its price, without a book behind them.
struct QuoteMarket: Sendable {
  private var writer: RecordWriter
  private var random: MarketRandom
  private let spread: Double
  /// Within the step, when it quotes.
  private(set) var delay = Nanoseconds.zero
  static let recordsMax = 2

  init(_ instrument: InventedInstrument, _ shape: MarketShape, number: Int) {
    writer = RecordWriter(instrument)
    random = MarketRandom(seed: shape.seed, stream: number + 1)
    spread = shape.spread / 1e4
  }

  mutating func drawDelay(within step: Nanoseconds) {
    delay = Nanoseconds(Int64(random.unit() * 0.99 * Double(step.count)))
  }

  /// Agitated markets quote wider and trade more, and trades go with the move.
  mutating func quote(
    _ point: PricePath.Point, agitation: Double, at time: Timestamp,
    into buffer: inout RecordBuffer
  ) {
    let width = Swift.max(1, (point.price * spread * agitation).rounded())
    let bid = Swift.max(1, Int64((point.price - width / 2).rounded(.down)))
    let ask = bid + Int64(width)
    writer.quote(bid: bid, bidLots: lots(), ask: ask, askLots: lots(), at: time, into: &buffer)
    guard random.chance(Swift.min(0.9, 0.33 * agitation)) else { return }
    let lean = point.move == 0 ? 0 : point.move > 0 ? 0.25 : -0.25
    let side: Side = random.chance(0.5 + lean) ? .buy : .sell
    writer.trade(
      side == .buy ? ask : bid, lots: lots(), side, at: time + Nanoseconds(1), into: &buffer)
  }

  private mutating func lots() -> Int64 {
    Int64(1 + writer.instrument.orderLots * random.exponential())
  }
}
