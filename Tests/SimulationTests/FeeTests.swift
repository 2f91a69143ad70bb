import Market
import PluginABI
import Simulation
import TestSupport
import Testing

@Suite struct FeeTests {
  private func scenario(
    _ fees: FeeModel, priceExponent: Int8 = 0, change: (inout keel_ev_instrument) -> Void = { _ in }
  ) -> VenueScenario {
    var model = VenueModel()
    model.fees = fees
    return VenueScenario(model) {
      $0.px_exp = priceExponent
      change(&$0)
    }
  }

  @Test func aTakerPaysAndAMakerIsRebated() {
    let scenario = scenario(FeeModel(maker: -100, taker: 500))
    scenario.run(
      """
      quote 100x5|101x5 ; buy 2, sell 2x103 ; quote 100x5|101x5 -> #1 accepted, #2 accepted,\
       #1 2x101 taker
      quote 104x5|105x5 -> #2 2x103 maker
      """)
    // 202 at 5 parts in 10 000, 206 at minus one in 10 000, in 10^-8.
    #expect(scenario.fees == [10_100_000, -2_060_000])
    #expect(scenario.executions == ["s1", "s2"])
    #expect(scenario.feeAssets == [2, 2])
  }

  /// Worth of 10^-10 units: one part in a million of it is rounded once, half to even, in 10^-8.
  @Test(arguments: [1, -1] as [Int64])
  func aFeeIsRoundedOnce(_ sign: Int64) {
    // 0.005 is worth half of 10^-8 at one part in a million; 0.015 one and a half.
    for (price, fee) in [(49, 0), (50, 0), (51, 1), (149, 1), (150, 2), (151, 2), (250, 2)] {
      let scenario = scenario(FeeModel(taker: sign), priceExponent: -4)
      scenario.run("buy 1 ; quote 1x1|\(price)x1")
      #expect(scenario.fees == [Int64(fee) * sign], "\(price)")
    }
    // 0.0050000049 is above the half; rounding it to 10^-8 first would hide that.
    let scenario = scenario(FeeModel(taker: sign), priceExponent: -10)
    scenario.run("buy 1 ; quote 1x1|50000049x1")
    #expect(scenario.fees == [sign])
  }

  @Test func withoutFees() {
    let scenario = scenario(FeeModel())
    scenario.run("buy 1 ; quote 1x1|50000x1")
    #expect(scenario.fees == [0])
  }

  /// 1000 at 10 parts in 10 000; then the volume is 1000 and the second tier holds: 5 of 10 000.
  @Test func tiersFollowTheVolumeOfThirtyDays() {
    let unit = Int128(10_000_000_000_000_000)
    let tiers = [
      FeeModel.Tier(maker: 0, taker: 1_000),
      FeeModel.Tier(volumeMin: 1_000 * unit, maker: 0, taker: 500),
    ]
    let scenario = scenario(FeeModel(tiers: tiers))
    scenario.run("buy 10 ; quote 99x50|100x50 ; buy 10 ; quote 99x50|100x50")
    // 29 days later the first fill still counts, 30 days later it does not.
    let day: Int64 = 86_400_000_000_000
    scenario.run("@\(29 * day) ; buy 1 ; quote 99x50|100x50")
    scenario.run("@\(30 * day + 1) ; buy 1 ; quote 99x50|100x50")
    #expect(scenario.fees == [100_000_000, 50_000_000, 5_000_000, 10_000_000])
  }

  /// A buyer of spot pays in what it receives: 2 of 1000 parts of 10 is 0.02; a seller in quote.
  @Test func aFeeCanBeOfWhatIsReceived() {
    let fees = FeeModel(
      tiers: [FeeModel.Tier(maker: 0, taker: 2_000)], currency: .received)
    let scenario = scenario(fees) { $0.kind = UInt8(KEEL_KIND_SPOT) }
    scenario.run("quote 99x50|100x50 ; buy 10, sell 10 ; quote 99x50|100x50")
    #expect(scenario.fees == [2_000_000, 198_000_000])
    #expect(scenario.feeAssets == [1, 2])
  }

  /// 1000 at 10 parts in 10 000 is 1, and one of the third asset is worth 4 of it: a quarter.
  @Test func aFeeCanBeOfAThirdAsset() {
    let currency = FeeModel.Currency.asset(AssetID(rawValue: 7), rate: 400_000_000)
    let fees = FeeModel(tiers: [FeeModel.Tier(maker: 0, taker: 1_000)], currency: currency)
    let scenario = scenario(fees)
    scenario.run("quote 99x50|100x50 ; buy 10 ; quote 99x50|100x50")
    #expect(scenario.fees == [25_000_000])
    #expect(scenario.feeAssets == [7])
  }

  /// An inverse contract's worth is in base: 1000 contracts of 1 at 100 are 10 of it.
  @Test func anInverseContractsFeeIsInItsBase() {
    let scenario = scenario(FeeModel(taker: 1_000)) {
      $0.kind = UInt8(KEEL_KIND_INVERSE)
      $0.settle = 1
    }
    scenario.run("quote 99x9000|100x9000 ; buy 1000 ; quote 99x9000|100x9000")
    #expect(scenario.fees == [1_000_000])
    #expect(scenario.feeAssets == [1])
  }

  @Test func modelsThatCannotBe() async {
    await #expect(processExitsWith: .failure) { _ = LatencyModel.constant(Nanoseconds(-1)) }
    await #expect(processExitsWith: .failure) { _ = FeeModel(taker: 1_000_001) }
    await #expect(processExitsWith: .failure) {
      _ = FeeModel(tiers: [FeeModel.Tier(volumeMin: 1, maker: 0, taker: 0)])
    }
  }
}
