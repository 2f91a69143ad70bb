/// Chance for invented markets (SplitMix64): the same seed is the same numbers on every machine.
struct MarketRandom: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A stream of its own for each number, whatever else is drawn.
  init(seed: UInt64, stream: Int) {
    state = seed ^ (UInt64(truncatingIfNeeded: stream) &+ 1) &* 0xD6E8_FEB8_6659_FD93
    state = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Evenly in 0..<1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Evenly in 0..<count.
  mutating func below(_ count: Int) -> Int {
    precondition(count > 0, "one of nothing cannot be drawn")
    return Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(count)).high)
  }

  mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  /// Mean 0, deviation 1, within -6...6: twelve even ones added.
  mutating func normal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += unit() }
    return sum
  }

  /// Mean 1: how long to wait for what comes at any time alike.
  mutating func exponential() -> Double { -(1 - unit()).pureLogarithm }
}
