import Market
import PluginABI
import PluginBridge

/// One instrument's order book with agents in it: makers quote around a price that they believe in,
/// and cancel what it has left behind; takers come by chance, or because the book is behind that
/// price. Every order rests or meets what rests, so the book is never crossed.
struct BookMarket: Sendable {
  private var bids: BookLadder
  private var asks: BookLadder
  private let levels: Int
  private let spacing: Double
  private let halfSpread: Double
  private var writer: RecordWriter
  private var random: MarketRandom
  /// Of the last message.
  private var sequence: UInt64 = 0
  private var quoted: (bid: BookChange?, ask: BookChange?) = (nil, nil)
  private var changes: [BookChange] = []
  private(set) var nextTime: Timestamp
  private static let levelsTakenMax = 5
  /// What one doing, or the snapshot, can write.
  static func recordsMax(levels: Int) -> Int { 2 * levels + 2 * levelsTakenMax + 8 }

  init(_ instrument: InventedInstrument, _ shape: MarketShape, number: Int) {
    bids = BookLadder(.buy, capacity: shape.levels)
    asks = BookLadder(.sell, capacity: shape.levels)
    levels = shape.levels
    spacing = Double(shape.agentSpacing.count)
    halfSpread = shape.spread / 2e4
    writer = RecordWriter(instrument)
    random = MarketRandom(seed: shape.seed, stream: number + 1)
    nextTime = shape.start
    changes.reserveCapacity(2 * Self.levelsTakenMax)
  }

  /// What the next agent does, who believes in `fair` ticks.
  mutating func act(fair: Double, into buffer: inout RecordBuffer) {
    let time = nextTime
    nextTime = time + Nanoseconds(Int64(1 + random.exponential() * spacing))
    if sequence == 0 { return open(fair, at: time, into: &buffer) }
    changes.removeAll(keepingCapacity: true)
    if bids.count <= BookLadder.levelsMin {
      place(.buy, fair)
    } else if asks.count <= BookLadder.levelsMin {
      place(.sell, fair)
    } else {
      switch random.unit() {
      case ..<0.5: place(random.chance(0.5) ? .buy : .sell, fair)
      case ..<0.85: cancel(fair)
      default: take(fair, at: time, into: &buffer)
      }
    }
    tell(at: time, into: &buffer)
  }

  /// A full picture.
  private mutating func open(
    _ fair: Double, at time: Timestamp, into buffer: inout RecordBuffer
  ) {
    while bids.count < levels / 2 + BookLadder.levelsMin / 2 { place(.buy, fair) }
    while asks.count < levels / 2 + BookLadder.levelsMin / 2 { place(.sell, fair) }
    sequence = 1
    let count = bids.count + asks.count
    writer.book(
      nil, sequence: sequence, before: 0, flags: KEEL_EVF_SNAPSHOT, at: time, into: &buffer)
    for index in 0..<count {
      let change =
        index < bids.count
        ? bids.change(bids.count - 1 - index) : asks.change(count - 1 - index)
      let flags = KEEL_EVF_SNAPSHOT | (index == count - 1 ? KEEL_EVF_LAST : 0)
      writer.book(
        change, sequence: sequence, before: 0, flags: flags, at: time, into: &buffer)
    }
    quote(at: time, into: &buffer)
  }

  /// A maker's order, some way behind the fair price and never through the other side.
  private mutating func place(_ side: Side, _ fair: Double) {
    let distance = fair * halfSpread * (0.2 + 1.5 * random.exponential())
    let lots = self.lots()
    switch side {
    case .buy:
      let most = asks.best.map { $0 - 1 } ?? .max
      let price = Swift.max(1, Swift.min(Int64((fair - distance).rounded(.down)), most))
      changes.append(bids.add(price, lots: lots))
      if bids.count > levels { changes.append(bids.remove(0)) }
    case .sell:
      let least = bids.best.map { $0 + 1 } ?? 1
      let price = Swift.max(Int64((fair + distance).rounded(.up)), least)
      changes.append(asks.add(price, lots: lots))
      if asks.count > levels { changes.append(asks.remove(0)) }
    }
  }

  /// Whoever's price is on the wrong side of what is believed goes first.
  private mutating func cancel(_ fair: Double) {
    if let bid = bids.best, Double(bid) > fair {
      changes.append(bids.cancel(bids.count - 1))
    } else if let ask = asks.best, Double(ask) < fair {
      changes.append(asks.cancel(asks.count - 1))
    } else if random.chance(0.5) {
      changes.append(bids.cancel(random.below(bids.count)))
    } else {
      changes.append(asks.cancel(random.below(asks.count)))
    }
  }

  private mutating func take(
    _ fair: Double, at time: Timestamp, into buffer: inout RecordBuffer
  ) {
    var side: Side = random.chance(0.5) ? .buy : .sell
    if let ask = asks.best, Double(ask) < fair { side = .buy }
    if let bid = bids.best, Double(bid) > fair { side = .sell }
    var left = lots()
    if random.chance(0.1) { left *= 5 }
    for _ in 0..<Self.levelsTakenMax where left > 0 {
      guard (side == .buy ? asks.count : bids.count) > BookLadder.levelsMin else { return }
      let price = (side == .buy ? asks.best : bids.best) ?? 1
      let (taken, change) = side == .buy ? asks.take(upTo: left) : bids.take(upTo: left)
      left -= taken
      changes.append(change)
      writer.trade(price, lots: taken, side, at: time, into: &buffer)
    }
  }

  private mutating func lots() -> Int64 {
    Int64(1 + writer.instrument.orderLots * random.exponential())
  }

  /// One message of all that changed, and the quote where the best has.
  private mutating func tell(at time: Timestamp, into buffer: inout RecordBuffer) {
    let before = sequence
    sequence += 1
    for (index, change) in changes.enumerated() {
      writer.book(
        change, sequence: sequence, before: before,
        flags: index == changes.count - 1 ? KEEL_EVF_LAST : 0, at: time, into: &buffer)
    }
    quote(at: time, into: &buffer)
  }

  private mutating func quote(at time: Timestamp, into buffer: inout RecordBuffer) {
    let (bid, ask) = (bids.change(bids.count - 1), asks.change(asks.count - 1))
    guard bid != quoted.bid || ask != quoted.ask else { return }
    quoted = (bid, ask)
    writer.quote(
      bid: bid.price, bidLots: bid.lots, ask: ask.price, askLots: ask.lots, at: time,
      into: &buffer)
  }
}
