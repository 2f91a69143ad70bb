import PluginSDK

/// Sums of the last closes of one instrument, over a short and a long stretch.
struct CloseSums: Restorable {
  let fast: Int
  let slow: Int
  private var closes: RingBuffer<Int64>
  private var fastSum: Int64 = 0
  private var slowSum: Int64 = 0

  init(_ fast: Int, _ slow: Int) {
    self.fast = fast
    self.slow = slow
    closes = RingBuffer(capacity: slow)
  }

  /// More than zero where the short average is above the long one; nil until there are enough.
  mutating func push(_ close: Int64) -> Int64? {
    if closes.count >= fast { fastSum &-= closes[closes.count - fast] }
    if let dropped = closes.push(close) { slowSum &-= dropped }
    fastSum &+= close
    slowSum &+= close
    return closes.isFull ? fastSum &* Int64(slow) &- slowSum &* Int64(fast) : nil
  }

  func write(to state: inout StateWriter) { closes.write(to: &state) }
  mutating func restore(from state: inout StateReader) throws(StateError) {
    try closes.restore(from: &state)
    fastSum = 0
    slowSum = 0
    for index in 0..<closes.count {
      slowSum &+= closes[index]
      if index >= closes.count - fast { fastSum &+= closes[index] }
    }
  }
}
