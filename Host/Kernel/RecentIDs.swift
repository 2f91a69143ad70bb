/// Recognises the last `capacity` ids, exactly, in constant time and space: a ring of them, and an
/// open-addressed table that finds them. Older ones are forgotten, oldest first.
struct RecentIDs: ~Copyable, Sendable {
  typealias Entry = (scope: UInt64, id: UInt64)

  private(set) var ring: Table<Entry>
  private(set) var count = 0
  /// Where the next one goes, which once the ring is full is where the oldest is.
  private(set) var head = 0
  /// Positions in the ring plus one; 0 is empty. Twice the ring, so that probes stay short.
  private var table: Table<UInt32>

  init(capacity: Int) {
    precondition(
      capacity > 0 && capacity & (capacity - 1) == 0, "the table is masked by its size")
    ring = Table(repeating: (scope: 0, id: 0), count: capacity)
    table = Table(repeating: 0, count: 2 * capacity)
  }

  init(copying other: borrowing RecentIDs) {
    ring = Table(copying: other.ring)
    count = other.count
    head = other.head
    table = Table(copying: other.table)
  }

  /// True when (scope, id) is remembered; remembers it otherwise.
  mutating func insert(scope: UInt64, id: UInt64) -> Bool {
    let entry = (scope: scope, id: id)
    if table[place(of: entry)] != 0 { return true }
    if count == ring.count { forget(ring[head]) } else { count += 1 }
    ring[head] = entry
    table[place(of: entry)] = UInt32(head + 1)
    head = (head + 1) & (ring.count - 1)
    return false
  }

  private var mask: Int { table.count - 1 }

  private func home(_ entry: Entry) -> Int {
    var mixed = (entry.id ^ (entry.scope &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93
    mixed ^= mixed >> 32
    return Int(truncatingIfNeeded: mixed) & mask
  }

  /// Where the entry is in the table, or the empty place where it belongs.
  private func place(of entry: Entry) -> Int {
    var place = home(entry)
    while table[place] != 0, ring[Int(table[place]) - 1] != entry { place = (place + 1) & mask }
    return place
  }

  /// Empties the entry's place, and moves up those that were pushed past it.
  private mutating func forget(_ entry: Entry) {
    var hole = place(of: entry)
    var next = (hole + 1) & mask
    while table[next] != 0 {
      let wanted = home(ring[Int(table[next]) - 1])
      if (next - wanted) & mask >= (next - hole) & mask {
        table[hole] = table[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    table[hole] = 0
  }
}
