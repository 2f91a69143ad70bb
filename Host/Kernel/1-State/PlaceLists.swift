/// Doubly linked lists through the places of a table, so that what belongs together is found
/// without looking through everything. A place is in one list of these at a time; nothing is
/// allocated after init.
struct PlaceLists: ~Copyable, Sendable {
  static let none = UInt32.max

  private(set) var next: Table<UInt32>
  private var previous: Table<UInt32>
  private(set) var first: Table<UInt32>
  private var last: Table<UInt32>
  private(set) var counts: Table<UInt32>

  init(places: Int, lists: Int) {
    next = Table(repeating: Self.none, count: places)
    previous = Table(repeating: Self.none, count: places)
    first = Table(repeating: Self.none, count: lists)
    last = Table(repeating: Self.none, count: lists)
    counts = Table(repeating: 0, count: lists)
  }

  init(copying other: borrowing PlaceLists) {
    next = Table(copying: other.next)
    previous = Table(copying: other.previous)
    first = Table(copying: other.first)
    last = Table(copying: other.last)
    counts = Table(copying: other.counts)
  }

  var lists: Int { first.count }
  func first(of list: Int) -> UInt32 { first[list] }
  func next(after place: UInt32) -> UInt32 { next[Int(place)] }
  func count(of list: Int) -> Int { Int(counts[list]) }

  mutating func append(_ place: UInt32, to list: Int) {
    let end = last[list]
    previous[Int(place)] = end
    next[Int(place)] = Self.none
    if end == Self.none { first[list] = place } else { next[Int(end)] = place }
    last[list] = place
    counts[list] += 1
  }

  mutating func remove(_ place: UInt32, from list: Int) {
    let (before, after) = (previous[Int(place)], next[Int(place)])
    if before == Self.none { first[list] = after } else { next[Int(before)] = after }
    if after == Self.none { last[list] = before } else { previous[Int(after)] = before }
    previous[Int(place)] = Self.none
    next[Int(place)] = Self.none
    counts[list] -= 1
  }

  func forEach(in list: Int, _ body: (UInt32) -> Void) {
    var place = first[list]
    while place != Self.none {
      body(place)
      place = next[Int(place)]
    }
  }
}
