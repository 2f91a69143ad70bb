import Testing

/// As many seeds as KEEL_SOAK_SIMULATIONS says, from KEEL_SIM_SEED on, each for longer than the
/// usual sample.
@Suite(.serialized) struct SimulatorSoakTests {
  @Test func soakTheKernelEndsWithTheVenuesTruth() {
    let first = SimulatorRound.onlySeed ?? 1_000
    for seed in first..<first + UInt64(SimulatorRound.soak ?? 1) {
      SimulatorRound.run(seed, turns: SimulatorRound.turns ?? 1_000)
    }
  }
}
