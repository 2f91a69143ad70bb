/// Which numbers were seen lately, in a table of fixed size: a number forgets the one that had its
/// place before. So a repetition from long ago may be missed, and none is found that is not there.
struct RecentNumbers: Sendable {
  private var table: [UInt64]

  /// `places` is a power of two.
  init(places: Int) {
    precondition(places > 0 && places & (places - 1) == 0, "a place is a mask away")
    table = Array(repeating: 0, count: places)
  }

  /// Whether `number`, which is not 0, was there already.
  mutating func insert(_ number: UInt64) -> Bool {
    let mixed = (number ^ (number >> 29)) &* 0xBF58_476D_1CE4_E5B9
    let place = Int(truncatingIfNeeded: mixed >> 32) & (table.count - 1)
    if table[place] == number { return true }
    table[place] = number
    return false
  }
}
