package import Market

/// A price and all that is offered at it.
package struct BookLevel: Equatable, Sendable {
  package let price: Price
  package let quantity: Quantity
}

/// One side of a book: the best `depth` levels of what the venue has told, best first. Storage is
/// flat and allocated once.
///
/// What falls off the far end is forgotten, and from then on nothing at or behind that price is
/// known. A level there is not taken back when room comes free: others, which fell with it or were
/// turned away since, may stand between it and what is kept, and the hole would look like an empty
/// market. So the side knows less until the next full picture, and never what is not so.
package struct BookSide: Sendable {
  /// Prices as keys that grow towards the best: a bid's price, an ask's price negated.
  struct Entry {
    var key: Int64
    var quantity: Int64
  }

  let sign: Int64
  let depth: Int
  /// The levels stand in the window from `start`, worst first, so that a change near the best
  /// price moves few. Twice the depth, so that the window itself moves rarely.
  var entries: [Entry]
  var start: Int
  package internal(set) var count = 0
  /// All keys from here up are known.
  var floor = Int64.min
  /// Levels not kept for want of room, since the session began.
  package internal(set) var dropped: UInt64 = 0

  init(_ side: Side, depth: Int) {
    sign = side.sign
    self.depth = depth
    entries = Array(repeating: Entry(key: 0, quantity: 0), count: 2 * depth)
    start = depth
  }

  /// Whether there are levels behind the last one that are not known.
  package var isTruncated: Bool { floor != .min }

  /// Whether what stands at this price, or that nothing does, is known.
  package func knows(_ price: Price) -> Bool { key(price) >= floor }

  package var best: Price? {
    count > 0 ? Price(mantissa: sign * entries[start + count - 1].key) : nil
  }

  /// Zero where nothing is offered; for a price that it knows.
  package func quantity(at price: Price) -> Quantity {
    let key = key(price)
    let place = place(of: key)
    return isLevel(place, key) ? Quantity(mantissa: entries[place].quantity) : .zero
  }

  mutating func set(_ price: Price, _ quantity: Quantity) {
    let key = key(price)
    let place = place(of: key)
    if isLevel(place, key) {
      entries[place].quantity = quantity.mantissa
    } else if key < floor {
      dropped &+= 1
    } else if count < depth {
      insert(Entry(key: key, quantity: quantity.mantissa), at: place)
    } else if place == start {
      drop(key)
    } else {
      drop(entries[start].key)
      start += 1
      count -= 1
      insert(Entry(key: key, quantity: quantity.mantissa), at: place)
    }
  }

  mutating func remove(_ price: Price) {
    let key = key(price)
    let place = place(of: key)
    guard isLevel(place, key) else { return }
    let better = start + count - 1 - place
    if better <= place - start {
      move(better, from: place + 1, to: place)
    } else {
      move(place - start, from: start, to: start + 1)
      start += 1
    }
    count -= 1
  }

  mutating func removeAll() {
    start = depth
    count = 0
    floor = .min
  }

  /// Prices are above zero, so that both signs are in range.
  private func key(_ price: Price) -> Int64 { sign &* price.mantissa }

  private func isLevel(_ place: Int, _ key: Int64) -> Bool {
    place < start + count && entries[place].key == key
  }

  private mutating func drop(_ key: Int64) {
    floor = key &+ 1
    dropped &+= 1
  }

  /// Where the first entry stands whose key is not below this one. Most are near the best.
  private func place(of key: Int64) -> Int {
    let start = start
    let end = start + count
    return entries.withUnsafeBufferPointer { entries in
      var high = end
      let near = Swift.max(start, end - 8)
      while high > near {
        if entries[high - 1].key < key { return high }
        high -= 1
      }
      var low = start
      while low < high {
        let middle = (low + high) / 2
        if entries[middle].key < key { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  /// Moves the shorter part of the window aside.
  private mutating func insert(_ entry: Entry, at place: Int) {
    var place = place
    let better = start + count - place
    let worse = place - start
    if better <= worse ? start + count == entries.count : start == 0 {
      let middle = (entries.count - count) / 2
      move(count, from: start, to: middle)
      place += middle - start
      start = middle
    }
    if better <= worse {
      move(better, from: place, to: place + 1)
    } else {
      move(worse, from: start, to: start - 1)
      start -= 1
      place -= 1
    }
    entries[place] = entry
    count += 1
  }

  private mutating func move(_ number: Int, from source: Int, to target: Int) {
    guard number > 0 else { return }
    entries.withUnsafeMutableBufferPointer { entries in
      guard let base = entries.baseAddress else { return }
      (base + target).update(from: base + source, count: number)
    }
  }

  func checkInvariants(_ check: inout InvariantCheck) {
    check.require(count >= 0 && count <= depth, "a side has at most its depth of levels")
    check.require(start >= 0 && start + count <= entries.count, "the levels are in their storage")
    for place in start..<start + count {
      check.require(entries[place].quantity > 0, "a level offers something")
      check.require(sign * entries[place].key > 0, "a level has a price above zero")
      check.require(entries[place].key >= floor, "what is behind the horizon is not kept")
      check.require(
        place == start || entries[place - 1].key < entries[place].key, "levels are in order")
    }
  }
}

/// Best first.
extension BookSide: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { count }
  package subscript(position: Int) -> BookLevel {
    precondition(position >= 0 && position < count, "there are `count` levels")
    let entry = entries[start + count - 1 - position]
    return BookLevel(
      price: Price(mantissa: sign * entry.key), quantity: Quantity(mantissa: entry.quantity))
  }
}
