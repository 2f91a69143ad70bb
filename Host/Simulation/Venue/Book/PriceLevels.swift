import Market

/// One side of the venue's book, the best level at the end. What own orders have taken of a level
/// stays taken until the data tells its quantity anew.
struct PriceLevels: ~Copyable {
  struct Level: BitwiseCopyable {
    /// Grows towards the best: a bid's price, an ask's price negated.
    var key: Int64
    var quantity: Int64
    var taken: Int64

    var left: Int64 { Swift.max(0, quantity &- taken) }
  }

  private let sign: Int64
  private var base: UnsafeMutablePointer<Level>
  private var capacity = 64
  private(set) var count = 0

  init(_ side: Side) {
    sign = side.sign
    base = .allocate(capacity: capacity)
  }
  deinit { base.deallocate() }

  /// Counted from the best.
  subscript(rank: Int) -> UnsafeMutablePointer<Level> {
    precondition(rank >= 0 && rank < count, "there are `count` levels")
    return base + (count - 1 - rank)
  }
  func price(_ rank: Int) -> Int64 { sign &* self[rank].pointee.key }

  func quantity(at price: Int64) -> Int64 {
    let key = sign &* price
    let place = place(of: key)
    return place < count && base[place].key == key ? base[place].quantity : 0
  }

  /// What is left at a price.
  func left(at price: Int64) -> Int64 {
    let key = sign &* price
    let place = place(of: key)
    return place < count && base[place].key == key ? base[place].left : 0
  }

  mutating func set(_ price: Int64, _ quantity: Int64) {
    let level = Level(key: sign &* price, quantity: quantity, taken: 0)
    let place = place(of: level.key)
    if place < count, base[place].key == level.key {
      base[place] = level
      return
    }
    if count == capacity { grow() }
    if place < count { (base + place + 1).update(from: base + place, count: count - place) }
    base[place] = level
    count += 1
  }

  mutating func remove(_ price: Int64) {
    let key = sign &* price
    let place = place(of: key)
    guard place < count, base[place].key == key else { return }
    if place + 1 < count {
      (base + place).update(from: base + place + 1, count: count - place - 1)
    }
    count -= 1
  }

  mutating func removeAll() { count = 0 }

  /// The first level whose key is not below this one: from the end, where most changes are.
  private func place(of key: Int64) -> Int {
    var high = count
    let near = Swift.max(0, count - 8)
    while high > near {
      if base[high - 1].key < key { return high }
      high -= 1
    }
    var low = 0
    while low < high {
      let middle = (low + high) / 2
      if base[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func grow() {
    let space = UnsafeMutablePointer<Level>.allocate(capacity: capacity * 2)
    space.update(from: base, count: count)
    base.deallocate()
    base = space
    capacity *= 2
  }
}
