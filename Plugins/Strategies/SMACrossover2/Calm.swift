import PluginSDK

/// How much the mid price changes from one quote to the next, as a fraction of it.
struct Calm: Restorable {
  private var changes: RollingVariance
  private var last: Double?

  init(_ count: Int) { changes = RollingVariance(count) }

  /// The deviation; nil until there are enough changes.
  mutating func push(_ value: Double) -> Double? {
    if let last, last != 0 { changes.push((value - last) / last) }
    last = value
    return changes.isFull ? changes.standardDeviation : nil
  }

  func write(to state: inout StateWriter) {
    state.write(last)
    changes.write(to: &state)
  }
  mutating func restore(from state: inout StateReader) throws(StateError) {
    last = try state.read()
    try changes.restore(from: &state)
  }
}
