import PluginSDK

/// The two averages of one instrument.
struct Averages: Restorable {
  private(set) var fast: RollingMean
  private(set) var slow: RollingMean

  init(_ fast: Int, _ slow: Int) {
    self.fast = RollingMean(fast)
    self.slow = RollingMean(slow)
  }

  /// Whether the short one is above the long one; nil until there are enough numbers.
  mutating func push(_ value: Double) -> Bool? {
    fast.push(value)
    slow.push(value)
    return slow.isFull ? fast.mean > slow.mean : nil
  }

  func write(to state: inout StateWriter) {
    fast.write(to: &state)
    slow.write(to: &state)
  }
  mutating func restore(from state: inout StateReader) throws(StateError) {
    try fast.restore(from: &state)
    try slow.restore(from: &state)
  }
}
