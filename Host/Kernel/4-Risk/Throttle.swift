import Market

/// So many orders in a time: a bucket that leaks, in whole numbers. One order fills it by `time`,
/// each nanosecond empties it by `count`, and it holds `count` orders: `count` at once, then one
/// each time / count, exactly.
struct Throttle: Sendable {
  var level: Int64 = 0
  var updated: Timestamp = .distantPast
  /// What `level` is counted in.
  var time: Int64 = 0

  /// Whether another order fits.
  @inline(__always)
  func allows(_ count: Int64, in time: Int64, at now: Timestamp) -> Bool {
    // Most buckets have run empty long ago.
    if level == 0, count > 0 { return true }
    return level(count, time, now) + Int128(time) <= Int128(count) * Int128(time)
  }
  /// How many orders are in it, those begun counted.
  func used(_ count: Int64, in time: Int64, at now: Timestamp) -> Int64 {
    level > 0 && time > 0
      ? Int64(clamping: (level(count, time, now) + Int128(time) - 1) / Int128(time)) : 0
  }

  /// What is beyond the limit is counted too: a cancel is not refused, and uses the venue's time.
  mutating func take(_ count: Int64, in time: Int64, at now: Timestamp) {
    level = Int64(clamping: level(count, time, now) + Int128(time))
    updated = now
    self.time = time
  }

  private func level(_ count: Int64, _ time: Int64, _ now: Timestamp) -> Int128 {
    guard level > 0, self.time > 0 else { return 0 }
    // As many orders as were in it, whatever the time is now.
    let kept =
      self.time == time ? Int128(level) : Int128(level) * Int128(time) / Int128(self.time)
    return Swift.max(0, kept - Int128((now - updated).count) * Int128(count))
  }
}

/// Orders placed a moment ago, to know the same one again.
struct RecentOrders: ~Copyable, Sendable {
  struct Placed {
    var time: Timestamp = .distantPast
    var instrument: UInt32 = .max
    var slot: UInt32 = 0
    var isBuy = false
    var price: Int64?
    var quantity: Int64 = 0
  }
  var ring = Table(repeating: Placed(), count: capacity)
  var head = 0
  /// More than this many orders in the window, and the oldest are forgotten.
  private static let capacity = 256

  func contains(_ request: borrowing PlaceRequest, since: Timestamp) -> Bool {
    var place = head
    for _ in 0..<Self.capacity {
      place = (place &- 1) & (Self.capacity - 1)
      guard ring[place].time > since else { return false }
      if ring[place].instrument == request.instrument.rawValue, ring[place].slot == request.slot,
        ring[place].isBuy == (request.side == .buy), ring[place].price == request.limit?.mantissa,
        ring[place].quantity == request.quantity.mantissa
      {
        return true
      }
    }
    return false
  }

  mutating func add(_ request: PlaceRequest, at now: Timestamp) {
    ring[head] = Placed(
      time: now, instrument: request.instrument.rawValue, slot: request.slot,
      isBuy: request.side == .buy, price: request.limit?.mantissa,
      quantity: request.quantity.mantissa)
    head = (head + 1) & (Self.capacity - 1)
  }
}
