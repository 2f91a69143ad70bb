/// Mean and variance of the newest `count` numbers by replacement in Welford's sums, which lose
/// nothing where the mean is large and the spread small; taken afresh each time the window has
/// turned over.
public struct RollingVariance {
  private var window: RingBuffer<Double>
  public private(set) var mean = 0.0
  /// Sum of squared distances from the mean.
  private var squares = 0.0
  private var pushesToRefresh: Int

  public init(_ count: Int) {
    window = RingBuffer(capacity: count)
    pushesToRefresh = count
  }

  public var capacity: Int { window.capacity }
  public var count: Int { window.count }
  public var isFull: Bool { window.isFull }
  /// Of a sample: divided by count - 1. 0 with fewer than two numbers.
  public var variance: Double {
    window.count < 2 ? 0 : Swift.max(0, squares) / Double(window.count - 1)
  }
  public var standardDeviation: Double { variance.squareRoot() }

  /// Standard deviations between the mean and `value`; nil where nothing varies.
  public func score(_ value: Double) -> Double? {
    let deviation = standardDeviation
    return deviation > 0 ? (value - mean) / deviation : nil
  }

  public mutating func push(_ value: Double) {
    let dropped = window.push(value)
    let before = mean
    if let dropped {
      mean += (value - dropped) / Double(window.count)
      squares += (value - dropped) * ((value - mean) + (dropped - before))
    } else {
      mean += (value - before) / Double(window.count)
      squares += (value - before) * (value - mean)
    }
    pushesToRefresh -= 1
    if pushesToRefresh == 0 { refresh() }
  }

  private mutating func refresh() {
    pushesToRefresh = window.capacity
    mean = 0
    squares = 0
    for index in 0..<window.count {
      let value = window[index]
      let distance = value - mean
      mean += distance / Double(index + 1)
      squares += distance * (value - mean)
    }
  }

  public func write(to state: inout StateWriter) {
    state.write(window.capacity)
    state.write(mean)
    state.write(squares)
    state.write(pushesToRefresh)
    window.write(to: &state)
  }

  /// As `RollingMean.restore`.
  public mutating func restore(from state: inout StateReader) throws(StateError) {
    let savedCapacity: Int = try state.read()
    let savedMean: Double = try state.read()
    let savedSquares: Double = try state.read()
    let savedPushes: Int = try state.read()
    guard savedPushes > 0, savedPushes <= savedCapacity, savedMean.isFinite, savedSquares.isFinite
    else { throw StateError(.invalid, "rolling variance") }
    try window.restore(from: &state)
    refresh()
    if savedCapacity == window.capacity {
      mean = savedMean
      squares = savedSquares
      pushesToRefresh = savedPushes
    }
  }
}
