/// The open orders, found by their number or by the host's id. Grows to what it once held.
struct OrderPool: ~Copyable {
  private var orders: UnsafeMutablePointer<VenueOrder>
  private var free: UnsafeMutablePointer<UInt32>
  private var capacity: Int
  private var freeCount: Int
  private(set) var count = 0
  /// Slots by id: open addressing, at most half full. 0 is an empty place, else the slot plus one.
  private var places: UnsafeMutablePointer<UInt32>
  private var mask: Int

  init(capacity: Int) {
    precondition(capacity > 0 && capacity & (capacity - 1) == 0, "the table is masked by its size")
    self.capacity = capacity
    orders = .allocate(capacity: capacity)
    free = .allocate(capacity: capacity)
    freeCount = capacity
    for index in 0..<capacity { free[index] = UInt32(capacity - 1 - index) }
    mask = capacity * 2 - 1
    places = .allocate(capacity: capacity * 2)
    places.initialize(repeating: 0, count: capacity * 2)
  }

  deinit {
    orders.deallocate()
    free.deallocate()
    places.deallocate()
  }

  /// Valid until the next insertion.
  subscript(slot: UInt32) -> UnsafeMutablePointer<VenueOrder> { orders + Int(slot) }

  func find(_ id: UInt64) -> UInt32? {
    var place = Self.hash(id) & mask
    while places[place] != 0 {
      let slot = places[place] - 1
      if orders[Int(slot)].id == id { return slot }
      place = (place + 1) & mask
    }
    return nil
  }

  mutating func insert(_ order: VenueOrder) -> UInt32 {
    if freeCount == 0 { grow() }
    freeCount -= 1
    let slot = free[freeCount]
    orders[Int(slot)] = order
    count += 1
    enter(slot)
    return slot
  }

  mutating func remove(_ slot: UInt32) {
    var place = Self.hash(orders[Int(slot)].id) & mask
    while places[place] != slot + 1 { place = (place + 1) & mask }
    // What stands behind it in the same run moves up, so that no search ends too early.
    var next = (place + 1) & mask
    while places[next] != 0 {
      let home = Self.hash(orders[Int(places[next] - 1)].id) & mask
      if (next &- home) & mask >= (next &- place) & mask {
        places[place] = places[next]
        place = next
      }
      next = (next + 1) & mask
    }
    places[place] = 0
    free[freeCount] = slot
    freeCount += 1
    count -= 1
  }

  private func enter(_ slot: UInt32) {
    var place = Self.hash(orders[Int(slot)].id) & mask
    while places[place] != 0 { place = (place + 1) & mask }
    places[place] = slot + 1
  }

  private mutating func grow() {
    let larger = OrderPool(capacity: capacity * 2)
    larger.orders.update(from: orders, count: capacity)
    var grown = larger
    grown.freeCount = capacity
    grown.count = count
    for slot in 0..<UInt32(capacity) { grown.enter(slot) }
    self = grown
  }

  private static func hash(_ id: UInt64) -> Int {
    Int(truncatingIfNeeded: (id &* 0x9E37_79B9_7F4A_7C15) >> 33)
  }
}
