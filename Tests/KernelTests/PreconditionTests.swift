import Kernel
import Market
import Testing

/// Bugs of the caller stop the program instead of corrupting the book.
@Suite struct PreconditionTests {
  @Test func timeAndSequenceDoNotRunBackwards() async {
    await #expect(processExitsWith: .failure) {
      let scenario = KernelScenario()
      scenario.now = Timestamp(nanoseconds: 1)
      scenario.turn()
    }
    await #expect(processExitsWith: .failure) {
      let scenario = KernelScenario()
      let turn = scenario.turns[0]
      scenario.replay(turn)
    }
  }

  @Test func limitsFitTogether() async {
    await #expect(processExitsWith: .failure) {
      var limits = Limits()
      limits.effectBytes = limits.inboxBytes
      _ = Kernel(session: 1, limits: limits)
    }
    await #expect(processExitsWith: .failure) {
      var limits = Limits()
      limits.recentIDs = 1_000
      _ = Kernel(session: 1, limits: limits)
    }
    await #expect(processExitsWith: .failure) {
      var limits = Limits()
      limits.orders = 1 << 21
      _ = Kernel(session: 1, limits: limits)
    }
  }

  @Test func quantitiesAreNeverNegative() async {
    await #expect(processExitsWith: .failure) { _ = Quantity(mantissa: -1) }
    await #expect(processExitsWith: .failure) {
      _ = Quantity(mantissa: 1) - Quantity(mantissa: 2)
    }
  }

  @Test func moneyKeepsItsAsset() async {
    await #expect(processExitsWith: .failure) {
      _ =
        Money(units: 1, asset: AssetID(rawValue: 1)) + Money(units: 1, asset: AssetID(rawValue: 2))
    }
  }

  @Test func roundingDividesByAPositiveNumber() async {
    await #expect(processExitsWith: .failure) { _ = FixedPoint.divideHalfToEven(1, by: 0) }
  }
}
