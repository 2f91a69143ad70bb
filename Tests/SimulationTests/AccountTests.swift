import Market
import PluginABI
import Simulation
import Testing

/// What the venue does with the account of its own accord, and every kind of instrument.
@Suite struct AccountTests {
  private func scenario(
    _ change: (inout VenueModel) -> Void = { _ in },
    instrument: (inout keel_ev_instrument) -> Void = { _ in }
  ) -> VenueScenario {
    var model = VenueModel()
    change(&model)
    return VenueScenario(model) {
      ($0.initial_margin, $0.maintenance_margin) = (100_000, 50_000)
      instrument(&$0)
    }
  }

  // MARK: funding

  @Test func fundingAppliesOncePerBoundaryAtTheMark() {
    let scenario = scenario { $0.funding = FundingModel(every: .seconds(60), partsPerMillion: 100) }
    let minute: Int64 = 60_000_000_000
    scenario.run("@5, quote 99x9|101x9, buy 4 ; quote 99x9|101x9")
    #expect(scenario.venue.nextArrival == Timestamp(nanoseconds: minute))
    scenario.run(
      """
      @\(minute - 1) -> nothing ; @\(minute) -> funding 100 at 100 ; @\(minute + 1) -> nothing
      mark 104, @\(3 * minute) -> funding 100 at 104, funding 100 at 104
      """)
  }

  @Test func whatCannotBeFundedIsNot() {
    let minute: Int64 = 60_000_000_000
    for kind in [KEEL_KIND_SPOT, KEEL_KIND_FUTURE, KEEL_KIND_OPTION, KEEL_KIND_EQUITY] {
      let scenario = scenario({ $0.funding = FundingModel(every: .seconds(60), partsPerMillion: 1) }
      ) {
        $0.kind = UInt8(kind)
      }
      scenario.run("quote 99x9|101x9 ; @\(minute) -> nothing")
    }
  }

  // MARK: margin

  /// 8 bought at 100 with 100 of cash; a twentieth of the worth must be left. At 93 there are 44
  /// of 37.2 needed, at 90 20 of 36.
  private static let bought = "cash 100, quote 99x50|100x50, buy 8 ; quote 99x50|100x50 ; "

  @Test func liquidationTriggersOnMaintenanceMargin() {
    let scenario = scenario { $0.margin = MarginModel(isWatched: true, feePartsPerMillion: 10_000) }
    scenario.run(
      Self.bought + """
        sell 1x120, buy 1 stop=130 ; quote 93x5|94x5 -> #2 accepted, #3 accepted
        quote 90x5|91x5 -> #2 cancelled margin, #3 cancelled margin, liquidation sell 8x90
        quote 50x5|51x5 -> nothing
        """)
    // One hundredth of 720.
    #expect(scenario.fees.last == 720_000_000)
    #expect(scenario.executions == ["s1", "liquidation-2"])
  }

  /// 100 + 8 (p - 100) = 0 at 87.5, which is no whole tick: 88.
  @Test func aBankruptPositionClosesWhereNothingIsLeft() {
    scenario { $0.margin = MarginModel(isWatched: true, close: .bankruptcy) }
      .run(Self.bought + "quote 90x5|91x5 -> liquidation sell 8x88")
  }

  @Test func aMarkDecidesWhereOneIsTold() {
    scenario { $0.margin = MarginModel(isWatched: true) }
      .run(
        Self.bought + "mark 95, quote 80x5|81x5 -> nothing ; mark 91 -> liquidation sell 8x80")
  }

  @Test func fundingIsPaidFromTheMargin() {
    scenario { $0.margin = MarginModel(isWatched: true) }
      .run(
        Self.bought
          + "funding 50000 100, quote 99x5|100x5 -> nothing ;"
          + " @9, funding 50000 100, quote 99x5|100x5 -> liquidation sell 8x99")
  }

  @Test func aShortIsLiquidatedByRisingPrices() {
    scenario { $0.margin = MarginModel(isWatched: true) }.run(
      "cash 100, quote 100x50|101x50, sell 8 ; quote 100x50|101x50 ; quote 106x5|107x5 -> nothing ;"
        + " quote 109x5|110x5 -> liquidation buy 8x110")
  }

  @Test func whatIsNotBackedIsRefused() {
    scenario { $0.margin = MarginModel(isWatched: true) }.run(
      """
      cash 100, quote 100x50|101x50, buy 11, buy 10x100 ; @1 -> #1 rejected margin, #2 accepted
      """)
    scenario().run("quote 100x50|101x50, buy 11 ; @1 -> #1 accepted")
  }

  @Test func anInverseContractIsLiquidatedInItsBase() {
    // 1000 contracts of 1 at 100 are 10 of base; at 80 they have lost 2.5 of it.
    let scenario = scenario({ $0.margin = MarginModel(isWatched: true) }) {
      $0.kind = UInt8(KEEL_KIND_INVERSE)
      $0.settle = 2
    }
    scenario.run(
      """
      cash 3, quote 100x9999|101x9999, buy 1000x101 ioc ; @1 -> #1 accepted
      quote 100x9999|100x9999 -> #1 1000x100 taker
      quote 81x9999|81x9999 -> nothing
      quote 80x9999|80x9999 -> liquidation sell 1000x80
      """)
  }

  // MARK: expiry

  @Test func aFutureSettlesAtItsMarkOrItsLastPrice() {
    for (data, price) in [("mark 105", 105), ("trade 1x97", 97)] {
      let scenario = scenario(instrument: {
        $0.kind = UInt8(KEEL_KIND_FUTURE)
        $0.expiry = 100
      })
      scenario.run(
        """
        quote 99x9|101x9, buy 3 ; quote 99x9|101x9 ; \(data), buy 1x90 ; @99 -> #2 accepted
        """)
      #expect(scenario.venue.nextArrival == Timestamp(nanoseconds: 100))
      scenario.run(
        """
        @100 -> #2 expired over, settlement sell 3x\(price)
        buy 1 ; @101 -> #3 rejected over
        quote 99x9|101x9 ; @200 -> nothing
        """)
      #expect(scenario.executions.last == "settlement-2")
    }
  }

  @Test func anOptionSettlesAtWhatExercisingItBrings() {
    for (callPut, index, price) in [(1, 112, 12), (1, 95, 0), (2, 95, 5)] as [(UInt8, Int, Int)] {
      let scenario = scenario(instrument: {
        $0.kind = UInt8(KEEL_KIND_OPTION)
        ($0.expiry, $0.strike, $0.call_put) = (100, 100, callPut)
      })
      scenario.run(
        """
        quote 3x9|4x9, buy 2 ; quote 3x9|4x9 -> #1 accepted, #1 2x4 taker
        mark 5 \(index) ; @100 -> settlement sell 2x\(price)
        """)
    }
  }

  @Test func spotAndEquityTradeAsTheRestDoes() {
    for kind in [KEEL_KIND_SPOT, KEEL_KIND_EQUITY] {
      scenario(instrument: { $0.kind = UInt8(kind) }).run(
        "quote 99x9|101x9, buy 3 ; quote 99x9|101x9 -> #1 accepted, #1 3x101 taker")
    }
  }

  @Test func noExecutionIDIsGivenTwice() {
    var model = VenueModel()
    model.start = 12
    let scenario = VenueScenario(model)
    scenario.run("quote 99x9|101x9")
    for index in 1...120 { scenario.run("@\(index), buy 1 ; quote 99x9|101x9") }
    #expect(scenario.executions.first == "s12-1")
    #expect(scenario.executions[8...10] == ["s12-9", "s12-10", "s12-11"])
    #expect(scenario.executions.last == "s12-120")
    #expect(Set(scenario.executions).count == 120)
  }
}
