/// What an instrument's market has traded lately, and how far own fills have pushed it.
struct MarketActivity {
  private var windowStart = Int64.min
  private var current: Int64 = 0
  private var previous: Int64 = 0
  /// Parts per million of the price, upwards; as of `pushed`.
  private var pressure = 0.0
  private var pushed: Int64 = 0

  /// Of the last whole window, or of the one under way where that is more.
  var volume: Int64 { Swift.max(previous, current) }

  mutating func trade(_ quantity: Int64, at time: Int64, window: Int64) {
    advance(to: time, window: window)
    current = current.addingReportingOverflow(quantity).overflow ? .max : current + quantity
  }

  mutating func advance(to time: Int64, window: Int64) {
    guard windowStart != .min else {
      windowStart = time
      return
    }
    let (passed, overflow) = time.subtractingReportingOverflow(windowStart)
    guard !overflow, passed >= window else { return }
    // A window in which nothing came at all has traded nothing.
    previous = passed - window < window ? current : 0
    current = 0
    windowStart += passed / window * window
  }

  /// What is left of it.
  func pressure(at time: Int64, decay: Int64) -> Double {
    guard decay > 0, pressure != 0 else { return 0 }
    let passed = Swift.max(0, time - pushed)
    return passed >= decay ? 0 : pressure * (1 - Double(passed) / Double(decay))
  }

  mutating func push(_ effect: Double, at time: Int64, decay: Int64) {
    pressure = pressure(at: time, decay: decay) + effect
    pushed = time
  }
}
