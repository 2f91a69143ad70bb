import Market
import PluginABI
import PluginBridge
import Simulation
import TestSupport
import Testing

@Suite struct FeeTests {
  @Test func takersPayAndMakersAreRebated() {
    let scenario = VenueScenario(maker: -100, taker: 500)
    scenario.run(
      """
      quote 100x5|101x5 ; buy 2, sell 2x103 ; quote 100x5|101x5 -> #1 accepted, #2 accepted,\
       #1 2x101 taker
      quote 104x5|105x5 -> #2 2x103 maker
      """)
    // 202 at 5 parts in 10 000, 206 at minus one in 10 000, in 10^-8.
    #expect(scenario.fees == [10_100_000, -2_060_000])
    #expect(scenario.executions == ["s1", "s2"])
  }

  /// Worth of 10^-10 units: one part in a million of it is rounded once, half to even, in 10^-8.
  @Test(arguments: [1, -1] as [Int64])
  func roundedOnce(_ sign: Int64) {
    // 0.005 is worth half of 10^-8 at one part in a million; 0.015 one and a half.
    for (price, fee) in [(49, 0), (50, 0), (51, 1), (149, 1), (150, 2), (151, 2), (250, 2)] {
      let scenario = VenueScenario(taker: sign, priceExponent: -4)
      scenario.run("buy 1 ; quote 1x1|\(price)x1")
      #expect(scenario.fees == [Int64(fee) * sign], "\(price)")
    }
    // 0.0050000049 is above the half; rounding it to 10^-8 first would hide that.
    let scenario = VenueScenario(taker: sign, priceExponent: -10)
    scenario.run("buy 1 ; quote 1x1|50000049x1")
    #expect(scenario.fees == [sign])
  }

  @Test func withoutFees() {
    let scenario = VenueScenario()
    scenario.run("buy 1 ; quote 1x1|50000x1")
    #expect(scenario.fees == [0])
  }

  @Test func modelsThatCannotBe() async {
    await #expect(processExitsWith: .failure) { _ = VenueModel(latency: Nanoseconds(-1)) }
    await #expect(processExitsWith: .failure) {
      _ = VenueModel(takerFeePartsPerMillion: 1_000_001)
    }
  }
}
