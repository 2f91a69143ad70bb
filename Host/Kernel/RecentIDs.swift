/// Recognises an id seen recently, in constant time and space: a direct-mapped table. An old id
/// may be forgotten when another falls on its place; one never seen is never mistaken for one.
struct RecentIDs {
  private var places: [(scope: UInt64, id: UInt64)]

  init(capacity: Int) {
    precondition(capacity & (capacity - 1) == 0, "the table is masked by its size")
    places = Array(repeating: (scope: .max, id: 0), count: capacity)
  }

  /// True when (scope, id) was inserted before and is still remembered; remembers it now.
  mutating func insert(scope: UInt64, id: UInt64) -> Bool {
    var mixed = (id ^ (scope &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93
    mixed ^= mixed >> 32
    let index = Int(truncatingIfNeeded: mixed) & (places.count - 1)
    if places[index].scope == scope, places[index].id == id { return true }
    places[index] = (scope, id)
    return false
  }
}
