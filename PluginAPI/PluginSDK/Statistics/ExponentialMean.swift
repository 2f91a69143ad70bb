/// Exponential moving average over `period` numbers (weight 2 / (period + 1)), begun at the first.
public struct ExponentialMean: StateValue {
  public let period: Int
  public private(set) var mean = 0.0
  public private(set) var count = 0

  public init(_ period: Int) {
    precondition(period > 0, "a period is at least one number")
    self.period = period
  }

  /// As many numbers have come as the period counts.
  public var isFull: Bool { count >= period }

  public mutating func push(_ value: Double) {
    let weight = 2 / (Double(period) + 1)
    mean = count == 0 ? value : mean + weight * (value - mean)
    if count < period { count += 1 }
  }

  public func write(to state: inout StateWriter) {
    state.write(period)
    state.write(mean)
    state.write(count)
  }

  public init(from state: inout StateReader) throws(StateError) {
    period = try state.read()
    mean = try state.read()
    count = try state.read()
    guard period > 0, count >= 0, count <= period, mean.isFinite else {
      throw StateError(.invalid, "exponential mean")
    }
  }
}
