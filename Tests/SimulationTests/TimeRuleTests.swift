import Market
import PluginABI
import PluginBridge
import Simulation
import Testing

/// What may be known when, and in which order things of one time happen.
@Suite struct TimeRuleTests {
  @Test func theVenueProcessesAnEventBeforeTheStrategySeesIt() {
    // What follows from a record at the venue is reported by the very call that shows it.
    VenueScenario().run(
      """
      quote 99x5|101x5 ; buy 1x99 ; @1 -> #1 accepted
      quote 97x5|98x5 -> #1 1x99 maker
      """)
  }

  @Test func withLatencyNoFillOnDataFromBeforeTheArrival() {
    VenueScenario(latency: 10).run(
      """
      @0, quote 99x5|101x5, buy 3, buy 3x101 stop=100, sell 1x99
      @9, quote 99x5|101x5, trade 9x99, trade 9x101 -> nothing
      @10 -> #1 accepted, #2 accepted, #3 accepted
      @10, quote 99x5|101x9 -> #1 3x101 taker, #3 1x99 taker, #2 3x101 taker
      """)
  }

  @Test func withoutLatencyNotOnTheEventThatTriggeredTheOrder() {
    VenueScenario().run(
      """
      @5, quote 99x5|101x5, buy 3 -> nothing
      @5 -> #1 accepted
      @6, quote 99x5|102x5 -> #1 3x102 taker
      """)
  }

  @Test func standingPricesIsTheNamedModeThatDoes() {
    var model = VenueModel()
    model.taking = .standingPrices
    VenueScenario(model).run(
      """
      @5, quote 99x5|101x5, buy 7 ; @5 -> #1 accepted, #1 5x101 taker
      @6, quote 99x5|102x5 -> #1 2x102 taker
      """)
    VenueScenario(model).run("@10, bar 100 105 98 101 ; buy 3 ; @11 -> #1 accepted, #1 3x101 taker")
  }

  @Test func stalePricesFillNoMarketOrderAndTheWaitHasAReason() {
    var model = VenueModel()
    model.priceAgeMax = Nanoseconds(100)
    let scenario = VenueScenario(model)
    scenario.run(
      "quote 99x5|101x5 ; @101, buy 3, buy 1x101 ; @101 -> #1 accepted stale, #2 accepted")
    // Fresh in its arrival, old by the venue's own clock.
    var late = scenario.quote("99x5|101x5")
    late.h.ts_venue = 150
    scenario.run("@251")
    scenario.reports.removeAll()
    scenario.see(late)
    #expect(scenario.reports.recordCount == 1)
    scenario.run(
      """
      buy 2 ioc ; @252 -> #3 accepted stale
      @253, quote 99x5|101x5 -> #1 3x101 taker, #3 2x101 taker
      """)
    model.taking = .standingPrices
    VenueScenario(model).run(
      """
      quote 99x5|101x5 ; @101, buy 3 ioc ; @101 -> #1 accepted stale, #1 cancelled stale
      @102, quote 99x5|101x5, @202, buy 3 -> nothing
      @202 -> #2 accepted, #2 3x101 taker
      """)
  }

  @Test func whatIsSentTogetherArrivesInItsOrderAndBeforeTheDataOfThatTime() {
    VenueScenario(latency: 5).run(
      """
      quote 99x5|101x5, buy 3x99, cancel #1, buy 2 ; @5, quote 98x5|99x5 -> #1 accepted,\
       #1 cancelled, #2 accepted, #2 2x99 taker
      """)
  }

  @Test func ofOneTimeCommandsComeBeforeOrdersThatEnd() {
    VenueScenario(latency: 5).run(
      """
      quote 99x5|101x5, buy 3x99 gtd=9, @4, cancel #1 ; @9 -> #1 accepted, #1 cancelled
      """)
  }

  @Test func reportsAndDataHaveALegOfTheirOwn() {
    var model = VenueModel()
    model.orderLatency = .constant(Nanoseconds(3))
    model.reportLatency = .constant(Nanoseconds(10))
    model.feedLatency = .constant(Nanoseconds(4))
    let scenario = VenueScenario(model)
    scenario.run("quote 99x5|101x5 ; buy 2 ; @3, quote 99x5|101x5 -> nothing")
    #expect(scenario.venue.nextArrival == Timestamp(nanoseconds: 13))
    scenario.run("@12 -> nothing ; @13 -> #1 accepted, #1 2x101 taker")
    #expect(scenario.venue.delaysData == true)
    withUnsafeBytes(of: scenario.quote("98x1|99x1")) { bytes in
      scenario.venue.delay(
        Record(bytes.baseAddress!.assumingMemoryBound(to: keel_event.self)), from: 3,
        at: Timestamp(nanoseconds: 20))
    }
    #expect(scenario.venue.nextArrival == Timestamp(nanoseconds: 24))
    var seen: [Int64] = []
    scenario.venue.takeDelayed(by: Timestamp(nanoseconds: 23)) { _ in true }
    scenario.venue.takeDelayed(by: Timestamp(nanoseconds: 24)) { _ in false }
    scenario.venue.takeDelayed(by: Timestamp(nanoseconds: 24)) { record in
      seen += [record.time.nanoseconds, Int64(record.source)]
      return true
    }
    #expect(seen == [24, 3])
    #expect(scenario.venue.nextArrival == nil)
  }

  @Test func reportsNeverOvertakeEachOther() {
    var model = VenueModel()
    model.reportLatency = .table([
      LatencyModel.Step(time: Timestamp(nanoseconds: 0), delay: Nanoseconds(50)),
      LatencyModel.Step(time: Timestamp(nanoseconds: 10), delay: Nanoseconds(5)),
    ])
    VenueScenario(model).run(
      """
      quote 99x5|101x5, @9, buy 2x90 ; @11, buy 2x91 ; @58 -> nothing
      @59 -> #1 accepted, #2 accepted
      """)
  }
}
