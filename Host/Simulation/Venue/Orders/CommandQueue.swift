/// Commands in the order in which they arrive. Grows to what it once held.
struct CommandQueue: ~Copyable {
  private var base: UnsafeMutablePointer<VenueCommand>
  private var mask = 255
  private var head = 0
  private(set) var count = 0

  init() { base = .allocate(capacity: 256) }
  deinit { base.deallocate() }

  /// Valid until the next change.
  var first: UnsafeMutablePointer<VenueCommand>? { count > 0 ? base + head : nil }
  /// `Int64.max` when there is none.
  var firstArrival: Int64 { count > 0 ? base[head].arrival : .max }

  mutating func append(_ command: VenueCommand) {
    if count > mask { grow() }
    base[(head + count) & mask] = command
    count += 1
  }

  mutating func removeFirst() {
    head = (head + 1) & mask
    count -= 1
  }

  private mutating func grow() {
    let space = UnsafeMutablePointer<VenueCommand>.allocate(capacity: 2 * (mask + 1))
    for index in 0..<count { space[index] = base[(head + index) & mask] }
    base.deallocate()
    base = space
    head = 0
    mask = 2 * (mask + 1) - 1
  }
}
