/// The generator of the public bench kit: 64 bits, of which the upper 31 are a draw.
struct KitDraws {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> Int64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int64(state >> 33)
  }
}
