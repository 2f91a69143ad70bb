import PluginSDK

/// Two averages of one instrument whose weight follows how directly the price goes.
struct AdaptiveAverages: Restorable {
  struct Trend {
    var isRising: Bool
    /// The way gone over the way walked: 1 is a straight line, 0 leads nowhere.
    var efficiency: Double
  }

  let warmup: Int
  private let quickest: Double
  private let slowest: Double
  private var closes: RingBuffer<Double>
  private var walked = 0.0
  private var quick = 0.0
  private var slow = 0.0
  private var count = 0

  init(_ window: Int, _ fast: Int, _ slow: Int) {
    warmup = Swift.max(window, slow)
    quickest = 2 / (Double(fast) + 1)
    slowest = 2 / (Double(slow) + 1)
    closes = RingBuffer(capacity: window + 1)
  }

  /// nil until there is enough of the past.
  mutating func push(_ close: Double) -> Trend? {
    if let last = closes.last { walked += abs(close - last) }
    if closes.isFull { walked -= abs(closes[1] - closes[0]) }
    closes.push(close)
    let gone = abs(close - (closes.first ?? close))
    let efficiency = walked > 0 ? Swift.min(1, gone / walked) : 0
    let weight = slowest + efficiency * (quickest - slowest)
    quick = count == 0 ? close : quick + weight * (close - quick)
    slow = count == 0 ? close : slow + weight * slowest / quickest * (close - slow)
    if count <= warmup { count += 1 }
    return count > warmup ? Trend(isRising: quick > slow, efficiency: efficiency) : nil
  }

  func write(to state: inout StateWriter) {
    closes.write(to: &state)
    state.write(walked)
    state.write(quick)
    state.write(slow)
    state.write(count)
  }
  mutating func restore(from state: inout StateReader) throws(StateError) {
    try closes.restore(from: &state)
    walked = try state.read()
    quick = try state.read()
    slow = try state.read()
    count = try state.read()
    guard walked.isFinite, quick.isFinite, slow.isFinite, count >= 0 else {
      throw StateError(.invalid, "adaptive averages")
    }
  }
}
