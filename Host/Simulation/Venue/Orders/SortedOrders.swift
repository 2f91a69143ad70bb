/// Orders of one kind and instrument by a key, the best at the end, where most comes and goes. Of
/// equal keys the older is the better. Grows to what it once held.
struct SortedOrders: ~Copyable {
  struct Entry: BitwiseCopyable {
    var key: Int64
    var slot: UInt32
  }

  private var base: UnsafeMutablePointer<Entry>?
  private var capacity = 0
  private(set) var count = 0
  /// `Int64.min` when empty.
  private(set) var bestKey = Int64.min

  init() {}
  deinit { base?.deallocate() }

  subscript(index: Int) -> Entry {
    precondition(index >= 0 && index < count, "there are `count` entries")
    return base.unsafelyUnwrapped[index]
  }

  mutating func insert(_ key: Int64, _ slot: UInt32) {
    if count == capacity { grow() }
    let base = base.unsafelyUnwrapped
    let place = key > bestKey ? count : firstIndex(notBelow: key)
    if place < count { (base + place + 1).update(from: base + place, count: count - place) }
    base[place] = Entry(key: key, slot: slot)
    count += 1
    bestKey = base[count - 1].key
  }

  mutating func remove(_ key: Int64, _ slot: UInt32) {
    guard let base else { return }
    let isBest = bestKey == key && base[count - 1].slot == slot
    var place = isBest ? count - 1 : firstIndex(notBelow: key)
    while place < count, base[place].slot != slot { place += 1 }
    precondition(place < count, "an order stands where it says")
    if place + 1 < count {
      (base + place).update(from: base + place + 1, count: count - place - 1)
    }
    count -= 1
    bestKey = count > 0 ? base[count - 1].key : .min
  }

  /// The first entry whose key is this or better.
  func firstIndex(notBelow key: Int64) -> Int {
    guard let base else { return 0 }
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if base[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func grow() {
    let larger = Swift.max(16, capacity * 2)
    let space = UnsafeMutablePointer<Entry>.allocate(capacity: larger)
    if let base {
      space.update(from: base, count: count)
      base.deallocate()
    }
    base = space
    capacity = larger
  }
}
