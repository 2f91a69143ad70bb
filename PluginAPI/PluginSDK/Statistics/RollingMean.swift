/// Mean of the newest `count` numbers. The sum is taken afresh each time the window has turned
/// over, so that rounding cannot build up however long it runs.
public struct RollingMean {
  private var window: RingBuffer<Double>
  private var sum = 0.0
  private var pushesToRefresh: Int

  public init(_ count: Int) {
    window = RingBuffer(capacity: count)
    pushesToRefresh = count
  }

  public var capacity: Int { window.capacity }
  public var count: Int { window.count }
  public var isFull: Bool { window.isFull }
  /// 0 while empty.
  public var mean: Double { window.isEmpty ? 0 : sum / Double(window.count) }

  public mutating func push(_ value: Double) {
    let dropped = window.push(value)
    sum += value - (dropped ?? 0)
    pushesToRefresh -= 1
    if pushesToRefresh == 0 { refresh() }
  }

  private mutating func refresh() {
    sum = 0
    for index in 0..<window.count { sum += window[index] }
    pushesToRefresh = window.capacity
  }

  public func write(to state: inout StateWriter) {
    state.write(window.capacity)
    state.write(sum)
    state.write(pushesToRefresh)
    window.write(to: &state)
  }

  /// Keeps this window's length. With the saved one equal, it goes on bit by bit; else the newest
  /// saved numbers are taken over.
  public mutating func restore(from state: inout StateReader) throws(StateError) {
    let savedCapacity: Int = try state.read()
    let savedSum: Double = try state.read()
    let savedPushes: Int = try state.read()
    guard savedPushes > 0, savedPushes <= savedCapacity, savedSum.isFinite else {
      throw StateError(.invalid, "rolling mean")
    }
    try window.restore(from: &state)
    refresh()
    if savedCapacity == window.capacity {
      sum = savedSum
      pushesToRefresh = savedPushes
    }
  }
}
