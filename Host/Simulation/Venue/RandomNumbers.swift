/// SplitMix64: the same seed gives the same numbers everywhere. Each use has a stream of its own,
/// so that one model's draws do not move another's.
struct RandomNumbers {
  private var state: UInt64
  private var spare: Double?

  init(seed: UInt64, stream: UInt64) {
    state = seed &+ stream &* 0xD1B5_4A32_D192_ED03
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// From 0 up to but without 1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// True in so many of a million cases.
  mutating func happens(_ partsPerMillion: Int64) -> Bool {
    partsPerMillion > 0 && Int64(next() >> 1) % 1_000_000 < partsPerMillion
  }

  /// Of mean 0 and deviation 1, by the polar method.
  mutating func normal() -> Double {
    if let number = spare {
      spare = nil
      return number
    }
    while true {
      let x = 2 * unit() - 1
      let y = 2 * unit() - 1
      let square = x * x + y * y
      guard square > 0, square < 1 else { continue }
      let factor = (-2 * RealFunctions.logarithm(square) / square).squareRoot()
      spare = y * factor
      return x * factor
    }
  }
}
