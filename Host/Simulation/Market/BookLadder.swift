import Market

/// One side of an invented book: levels by price, in ticks and lots, the best last.
struct BookLadder: Sendable {
  struct Level: Sendable {
    /// Grows towards the best: a bid's price, an ask's price negated.
    let key: Int64
    var lots: Int64
    var orders: Int
  }

  /// A side is never emptied below this.
  static let levelsMin = 4

  let side: Side
  private(set) var levels: [Level] = []

  init(_ side: Side, capacity: Int) {
    self.side = side
    levels.reserveCapacity(capacity + 1)
  }

  var count: Int { levels.count }
  var best: Int64? { levels.last.map { side.sign * $0.key } }
  var bestLots: Int64 { levels.last?.lots ?? 0 }

  func price(_ index: Int) -> Int64 { side.sign * levels[index].key }

  func change(_ index: Int) -> BookChange {
    BookChange(side: side, price: price(index), lots: levels[index].lots)
  }

  /// One more order at a price.
  mutating func add(_ price: Int64, lots: Int64) -> BookChange {
    let key = side.sign * price
    var low = 0
    var high = levels.count
    while low < high {
      let middle = (low + high) / 2
      if levels[middle].key < key { low = middle + 1 } else { high = middle }
    }
    if low < levels.count, levels[low].key == key {
      levels[low].lots += lots
      levels[low].orders += 1
    } else {
      levels.insert(Level(key: key, lots: lots, orders: 1), at: low)
    }
    return change(low)
  }

  /// One order less at a level.
  mutating func cancel(_ index: Int) -> BookChange {
    let level = levels[index]
    let share = level.lots / Int64(level.orders)
    guard level.orders > 1, share > 0, share < level.lots else { return remove(index) }
    levels[index].lots -= share
    levels[index].orders -= 1
    return change(index)
  }

  mutating func remove(_ index: Int) -> BookChange {
    let gone = BookChange(side: side, price: price(index), lots: 0)
    levels.remove(at: index)
    return gone
  }

  /// Takes from the best level, up to `lots`; how many it gave.
  mutating func take(upTo lots: Int64) -> (taken: Int64, change: BookChange) {
    let index = levels.count - 1
    let taken = Swift.min(lots, levels[index].lots)
    if taken == levels[index].lots { return (taken, remove(index)) }
    levels[index].lots -= taken
    levels[index].orders = Swift.max(1, levels[index].orders - 1)
    return (taken, change(index))
  }
}
