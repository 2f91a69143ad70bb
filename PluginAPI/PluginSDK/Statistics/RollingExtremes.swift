/// Least and greatest of the newest `count` numbers, each push at a constant cost on average: of
/// two numbers the newer one shadows the older for as long as it lives, so only the unshadowed
/// ones are kept.
public struct RollingExtremes {
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
