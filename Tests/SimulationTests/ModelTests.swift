import Market
import PluginABI
import Testing

@testable import Simulation

/// Each model by numbers worked out by hand.
@Suite struct ModelTests {
  private func check(
    _ text: String, _ change: (inout VenueModel) -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var model = VenueModel()
    change(&model)
    VenueScenario(model).run(text, sourceLocation: sourceLocation)
  }

  // MARK: queue

  /// 60 stand before the order, 40 join behind, 50 of the 100 cancel.
  @Test(
    arguments: [
      // All who can stood behind: 40 of them; the other 10 before.
      (QueueModel(.riskAverse), 50),
      // 50 * 60 / (60 + 40) of them stood before it.
      (QueueModel(.probability), 30),
      // 50 * 3600 / (3600 + 1600) = 34.6.
      (QueueModel(.probability, power: 2), 26),
      // 50 * ln 61 / (ln 61 + ln 41) = 26.3.
      (QueueModel(.logProbability), 34),
      (QueueModel(.front), 0),
    ] as [(QueueModel, Int64)])
  func aQueueShrinksByModelledCancels(_ queue: QueueModel, _ ahead: Int64) {
    check(
      """
      book 99x60|101x5, buy 3x99 ; @1 ; bid 99x100, bid 99x50
      trade \(ahead)x99 sell -> nothing
      trade 1x99 sell -> #1 1x99 maker
      """
    ) { $0.queue = queue }
    // The same where only the best prices are told.
    check(
      """
      quote 99x60|101x5, buy 3x99 ; @1 ; quote 99x100|101x5, quote 99x50|101x5
      trade \(ahead + 1)x99 sell -> #1 1x99 maker
      """
    ) { $0.queue = queue }
  }

  @Test func aQueueNeverGrowsByWhoJoinsBehind() {
    for rule in [QueueModel.Rule.riskAverse, .probability, .logProbability] {
      check(
        """
        quote 99x5|101x5, buy 3x99 ; @1 ; quote 99x90|101x5, quote 99x400|101x5
        trade 6x99 sell -> #1 1x99 maker
        """
      ) { $0.queue = QueueModel(rule) }
    }
  }

  @Test func whatTradesTookIsNotTakenForCancelled() {
    check(
      """
      book 99x60|101x5, buy 3x99 ; @1 ; bid 99x100
      trade 10x99 sell, bid 99x90, trade 50x99 sell -> nothing
      trade 1x99 sell -> #1 1x99 maker
      """
    ) { $0.queue = QueueModel(.probability) }
  }

  // MARK: latency

  @Test func functionsAreExactEnough() {
    #expect(abs(RealFunctions.logarithm(10) - 2.302585092994046) < 1e-14)
    #expect(abs(RealFunctions.logarithm(0.001) + 6.907755278982137) < 1e-13)
    #expect(abs(RealFunctions.exponential(1) - 2.718281828459045) < 1e-14)
    #expect(abs(RealFunctions.exponential(-20.5) / 1.2501528663867426e-9 - 1) < 1e-13)
    #expect(abs(RealFunctions.power(2, 0.5) - 1.4142135623730951) < 1e-14)
    #expect(RealFunctions.power(0, 3) == 0)
    #expect(RealFunctions.power(7, 2) == 49)
  }

  @Test func aTableHoldsFromItsStepsOn() {
    func step(_ time: Int64, _ delay: Int64) -> LatencyModel.Step {
      LatencyModel.Step(time: Timestamp(nanoseconds: time), delay: Nanoseconds(delay))
    }
    let table = LatencyModel.table([step(10, 5), step(20, 7), step(40, 1)])
    var random = RandomNumbers(seed: 1, stream: 1)
    let times: [Int64] = [0, 10, 19, 20, 39, 40, 99]
    #expect(times.map { table.delay(at: $0, &random) } == [5, 5, 5, 7, 7, 1, 1])
  }

  @Test func distributionsHaveTheirShape() {
    var random = RandomNumbers(seed: 4, stream: 1)
    let logNormal = LatencyModel.logNormal(
      median: Nanoseconds(1_000), deviation: 0.5, most: Nanoseconds(3_000))
    let draws = (0..<20_000).map { _ in logNormal.delay(at: 0, &random) }.sorted()
    // A deviation of a half: 16 of 100 lie above 1000 e^0.5, 16 below 1000 e^-0.5.
    #expect((980...1_020).contains(draws[10_000]))
    #expect((1_610...1_690).contains(draws[16_827]))
    #expect((590...623).contains(draws[3_173]))
    #expect(draws.last == 3_000)
    let normal = LatencyModel.normal(
      mean: Nanoseconds(1_000), deviation: Nanoseconds(300), least: Nanoseconds(400),
      most: Nanoseconds(1_900))
    let cut = (0..<20_000).map { _ in normal.delay(at: 0, &random) }.sorted()
    #expect((990...1_010).contains(cut[10_000]))
    #expect((1_285...1_315).contains(cut[16_827]))
    #expect(cut.first == 400 && cut.last == 1_900)
  }

  @Test func theSeedMakesTheDraws() {
    func draws(_ seed: UInt64, _ stream: UInt64) -> [UInt64] {
      var random = RandomNumbers(seed: seed, stream: stream)
      return (0..<4).map { _ in random.next() }
    }
    #expect(draws(1, 1) == draws(1, 1))
    #expect(draws(1, 1) != draws(2, 1))
    #expect(draws(1, 1) != draws(1, 2))
  }

  // MARK: slippage and impact

  @Test func whoTakesPaysTicksOrAShareMore() {
    check(
      """
      quote 99x5|101x5 ; buy 2, sell 2 ; quote 99x5|101x5 -> #1 accepted, #2 accepted,\
       #1 2x103 taker, #2 2x97 taker
      """
    ) {
      $0.slippage = SlippageModel(.ticks, amount: 2)
    }
    // 150 parts per million of 10 000 are 1.5: two ticks.
    check("quote 9999x5|10000x5 ; buy 2 ; quote 9999x5|10000x5 -> #1 accepted, #1 2x10002 taker") {
      $0.slippage = SlippageModel(.share, amount: 150)
    }
  }

  /// One hundredth of the price at full participation; 4 of 400 is a tenth of that: 10 ticks.
  @Test func impactGrowsWithTheSquareRootAndFades() {
    check(
      """
      quote 9990x9|10000x9, trade 400x10000 ; buy 4, buy 4 ; quote 9990x9|10000x9 -> #1 accepted,\
       #2 accepted, #1 4x10010 taker, #2 4x10020 taker
      @50, buy 4 ; quote 9990x9|10000x9 -> #3 accepted, #3 4x10020 taker
      @50, sell 4 ; quote 9990x9|10000x9 -> #4 accepted, #4 4x9980 taker
      @150, buy 4 ; quote 9990x9|10000x9 -> #5 accepted, #5 4x10010 taker
      """
    ) { $0.slippage = SlippageModel(.squareRoot, amount: 10_000, decay: Nanoseconds(100)) }
  }

  // MARK: faults

  @Test func ordersAreRefusedAsOftenAsTheModelSays() {
    check("quote 99x5|101x5, buy 1 ; @1 -> #1 rejected venue") {
      $0.faults = FaultModel(rejectsPerMillion: 1_000_000)
    }
    var model = VenueModel()
    model.faults = FaultModel(rejectsPerMillion: 300_000)
    let scenario = VenueScenario(model)
    scenario.run("quote 99x5|101x5")
    for index in 1...1_000 { scenario.run("buy 1x90 ; @\(index)") }
    #expect((650...750).contains(scenario.venue.openOrders))
  }

  @Test func aLostCommandIsNeverAnswered() {
    check("quote 99x5|101x5, buy 1, query #1 ; @1 -> nothing") {
      $0.faults = FaultModel(lossesPerMillion: 1_000_000)
    }
  }

  @Test func inAnOutageNothingComesInOrOut() {
    func outage(_ kind: FaultModel.Outage) -> FaultModel {
      FaultModel(outages: [
        FaultModel.Window(
          start: Timestamp(nanoseconds: 10), end: Timestamp(nanoseconds: 20), kind)
      ])
    }
    check(
      """
      quote 99x1|101x5, buy 1x99 ; @9 -> #1 accepted
      @12, buy 1x98, cancel #1, trade 9x99 ; @19 -> nothing
      @20 -> #1 1x99 maker, #2 accepted
      """
    ) { $0.faults = outage(.delays) }
    check(
      """
      quote 99x1|101x5, buy 1x99 ; @9 -> #1 accepted
      @12, buy 1x98, trade 9x99 ; @19 -> nothing
      @20 -> #1 1x99 maker
      query #2 ; @21 -> #2 rejected notFound
      """
    ) { $0.faults = outage(.loses) }
  }
}
