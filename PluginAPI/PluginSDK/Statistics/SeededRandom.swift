/// A seeded generator (xoshiro256**): the same seed is the same numbers on every machine. Part of
/// an instance's state where its future matters.
public struct SeededRandom: RandomNumberGenerator, StateValue {
  private var a, b, c, d: UInt64

  public init(seed: UInt64) {
    // SplitMix64 spreads a small seed over all four words.
    var state = seed
    func mixed() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = state
      word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
      return word ^ (word >> 31)
    }
    a = mixed()
    b = mixed()
    c = mixed()
    d = mixed()
  }

  public mutating func next() -> UInt64 {
    let product = b &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let shifted = b << 17
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 45) | (d >> 19)
    return result
  }

  /// Evenly in 0..<1.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Mean 0, deviation 1, within -6...6: twelve even ones added, which takes no function that
  /// differs between machines.
  public mutating func normal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += unit() }
    return sum
  }

  public func write(to state: inout StateWriter) {
    for word in [a, b, c, d] { state.write(word) }
  }
  public init(from state: inout StateReader) throws(StateError) {
    a = try state.read()
    b = try state.read()
    c = try state.read()
    d = try state.read()
    guard a | b | c | d != 0 else { throw StateError(.invalid, "random generator") }
  }
}
