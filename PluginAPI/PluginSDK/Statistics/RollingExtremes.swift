/// Least and greatest of the newest `count` numbers, each push at a constant cost on average: of
/// two numbers the newer one shadows the older for as long as it lives, so only the unshadowed
/// ones are kept.
public struct RollingExtremes: Restorable {
  private var least: Candidates
  private var greatest: Candidates
  private var pushes = 0
  public let capacity: Int

  public init(_ count: Int) {
    precondition(count > 0, "a window holds at least one number")
    capacity = count
    least = Candidates(capacity: count)
    greatest = Candidates(capacity: count)
  }

  public var count: Int { Swift.min(pushes, capacity) }
  public var isFull: Bool { pushes >= capacity }
  public var min: Double? { least.front }
  public var max: Double? { greatest.front.map { -$0 } }

  public mutating func push(_ value: Double) {
    least.push(value, at: pushes)
    greatest.push(-value, at: pushes)
    pushes += 1
  }

  public func write(to state: inout StateWriter) {
    state.write(UInt64(pushes))
    least.write(to: &state)
    greatest.write(to: &state)
  }
  public mutating func restore(from state: inout StateReader) throws(StateError) {
    let saved: UInt64 = try state.read()
    guard let count = Int(exactly: saved) else { throw StateError(.invalid, "count of numbers") }
    pushes = count
    try least.restore(from: &state, pushes: count)
    try greatest.restore(from: &state, pushes: count)
  }

  /// Numbers ascending from front to back, in the order they came, in a ring.
  private struct Candidates {
    let capacity: Int
    private var values: [Double]
    private var times: [Int]
    private var head = 0
    private var count = 0

    init(capacity: Int) {
      self.capacity = capacity
      values = Array(repeating: 0, count: capacity)
      times = Array(repeating: 0, count: capacity)
    }

    var front: Double? { count == 0 ? nil : values[head] }

    private func slot(_ index: Int) -> Int {
      let position = head + index
      return position < capacity ? position : position - capacity
    }

    func write(to state: inout StateWriter) {
      state.write(UInt64(count))
      for index in 0..<count {
        state.write(values[slot(index)])
        state.write(UInt64(times[slot(index)]))
      }
    }

    /// What is still inside this window; numbers saved by a longer one may have left it.
    mutating func restore(from state: inout StateReader, pushes: Int) throws(StateError) {
      head = 0
      count = 0
      let saved: UInt64 = try state.read()
      for _ in 0..<saved {
        let value: Double = try state.read()
        let stamp: UInt64 = try state.read()
        guard let time = Int(exactly: stamp), time < pushes, value.isFinite else {
          throw StateError(.invalid, "window")
        }
        if time > pushes - 1 - capacity { push(value, at: time) }
      }
    }

    mutating func push(_ value: Double, at time: Int) {
      if count > 0, times[head] <= time - capacity {
        head = slot(1)
        count -= 1
      }
      while count > 0, values[slot(count - 1)] >= value { count -= 1 }
      values[slot(count)] = value
      times[slot(count)] = time
      count += 1
    }
  }
}
