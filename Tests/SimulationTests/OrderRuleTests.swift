import Market
import PluginABI
import Simulation
import Testing

/// Order types, times in force, and what an order asks for besides.
@Suite struct OrderRuleTests {
  private func check(
    _ text: String, _ change: (inout VenueModel) -> Void = { _ in },
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var model = VenueModel()
    change(&model)
    VenueScenario(model).run(text, sourceLocation: sourceLocation)
  }

  @Test func aLimitNeverFillsWorseThanItsPrice() {
    check(
      "quote 99x5|101x5 ; buy 3x101, sell 2x99 ; quote 95x5|100x5 -> #1 accepted, #2 accepted,"
        + " #1 3x100 taker")
    check(
      "quote 99x5|101x5 ; buy 3x101 ; quote 99x5|101x5 -> #1 accepted, #1 3x101 taker"
    ) {
      $0.slippage = SlippageModel(.ticks, amount: 4)
    }
  }

  @Test func aThroughTradeFillsAtTheLimit() {
    check("quote 99x5|101x5 ; buy 3x99 ; @1 ; trade 9x95 -> #1 3x99 maker")
  }

  @Test func aGappedStopFillsAtTheFirstPriceThereIsNotAtItsTrigger() {
    check(
      """
      quote 99x5|101x5, buy 3 stop=105, sell 2 stop=95 ; @1 -> #1 accepted, #2 accepted
      quote 99x5|104x5 -> nothing
      quote 108x5|110x2 -> #1 2x110 taker
      quote 108x5|111x9 -> #1 1x111 taker
      quote 90x9|92x5 -> #2 2x90 taker
      """)
  }

  @Test func aStopMetByATradeTakesFromTheNextPrices() {
    check(
      """
      quote 99x5|101x5, buy 3 stop=105 ; @1 ; trade 1x105 -> nothing
      quote 99x5|107x5 -> #1 3x107 taker
      """)
  }

  /// What buys at the ask, what sells at the bid, and neither at the middle.
  @Test func aStopLooksAtTheSideItTakes() {
    check(
      """
      quote 99x5|101x5, buy 1 stop=105, sell 1 stop=95 ; @1 -> #1 accepted, #2 accepted
      quote 96x5|104x5 -> nothing ; quote 104x5|105x5 -> #1 1x105 taker
      quote 96x5|97x5 -> nothing ; quote 95x5|106x5 -> #2 1x95 taker
      """)
  }

  @Test func aStopLimitRestsAtItsLimit() {
    check(
      """
      quote 99x5|101x5, buy 3x104 stop=103 ; @1 -> #1 accepted
      quote 99x5|105x5 -> nothing
      quote 99x5|103x5 -> #1 3x104 maker
      """)
  }

  @Test func profitsAreTakenAtPricesAsGood() {
    check(
      """
      quote 99x5|101x5, sell 3 profit=105, buy 2x96 touch=95 ; @1 -> #1 accepted, #2 accepted
      quote 104x5|106x5 -> nothing
      quote 105x2|107x5 -> #1 2x105 taker
      quote 93x9|95x9 -> #1 1x93 taker, #2 2x95 taker
      """)
  }

  @Test func aTrailingStopFollowsAndNeverGoesBack() {
    check(
      """
      quote 99x5|101x5, sell 3 trail=4, buy 1 trail=4 ; @1 -> #1 accepted, #2 accepted
      quote 100x5|102x5 -> nothing
      quote 110x5|112x5 -> #2 1x112 taker
      quote 107x5|109x5 -> nothing
      quote 106x5|108x5 -> #1 3x106 taker
      """)
  }

  @Test func immediateOrCancelCancelsWhatIsLeft() {
    check(
      "quote 99x5|101x5, buy 8 ioc ; quote 99x5|101x5 -> #1 accepted, #1 5x101 taker,"
        + " #1 cancelled noLiquidity")
  }

  @Test func fillOrKillIsAllOrNone() {
    check(
      """
      book 99x5|101x2 102x3 105x9, buy 5x102 fok, buy 6x102 fok
      book 99x5|101x2 102x3 105x9 -> #1 accepted, #2 accepted, #1 2x101 taker, #1 3x102 taker,\
       #2 cancelled noLiquidity
      buy 3x101 fok, buy 14 fok
      book 99x5|101x2 102x3 105x9 -> #3 accepted, #4 accepted, #3 cancelled noLiquidity,\
       #4 2x101 taker, #4 3x102 taker, #4 9x105 taker
      """)
  }

  @Test func anOrderExpiresOnTimeAndDoesNotFillOnDataOfThatTime() {
    check(
      """
      quote 99x5|101x5, buy 3x99 gtd=20, buy 2 stop=120 gtd=30 ; @1 -> #1 accepted, #2 accepted
      @19 -> nothing
      @20, quote 90x1|91x9 -> #1 expired
      buy 1x80 gtd=20 ; @29 -> #3 rejected time
      @31 -> #2 expired
      """)
    let scenario = VenueScenario()
    scenario.run("quote 99x5|101x5, buy 3x99 gtd=20, @1")
    #expect(scenario.venue.nextArrival == Timestamp(nanoseconds: 20))
  }

  @Test func aDaysOrderEndsWithTheTradingDay() {
    let hour: Int64 = 3_600_000_000_000
    check(
      """
      @\(hour), quote 99x5|101x5, buy 3x99 day ; @\(hour + 1) -> #1 accepted
      @\(2 * hour - 1) -> nothing ; @\(2 * hour) -> #1 expired
      @\(3 * hour), buy 3x99 day ; @\(26 * hour - 1) -> #2 accepted ; @\(26 * hour) -> #2 expired
      """
    ) { $0.dayStart = Nanoseconds(2 * hour) }
  }

  @Test func aPostOnlyOrderThatCouldTakeIsRejected() {
    check(
      """
      quote 99x5|101x5, buy 3x101 post, sell 1x100 post
      quote 99x5|101x5 -> #1 accepted, #2 accepted, #1 rejected wouldCross
      amend #2 1x99 ; @1 -> #2 accepted wouldCross
      quote 100x5|101x5 -> #2 1x100 maker
      """)
  }

  @Test func aReduceOnlyOrderNeverOpensOrTurns() {
    check(
      """
      quote 99x5|101x5, buy 3 reduce ; @1 -> #1 rejected reduceOnly
      buy 3 ; quote 99x5|101x5 -> #2 accepted, #2 3x101 taker
      sell 5 reduce, sell 5 stop=90 reduce, sell 5x110 reduce
      quote 99x9|101x5 -> #3 accepted, #4 accepted, #5 accepted, #3 3x99 taker,\
       #3 cancelled reduceOnly
      quote 90x9|91x5 -> #4 cancelled reduceOnly
      quote 111x9|112x9 -> #5 cancelled reduceOnly
      buy 1 reduce ; @2 -> #6 rejected reduceOnly
      """)
  }

  @Test func whatOnlyReducesNeverAddsToWhatIsHeld() {
    check(
      """
      quote 99x5|101x5, buy 3 ; quote 99x5|101x5 -> #1 accepted, #1 3x101 taker
      buy 1 reduce ; @1 -> #2 rejected reduceOnly
      buy 1 stop=105 reduce ; @2 -> #3 accepted ; quote 104x5|105x5 -> #3 cancelled reduceOnly
      """)
  }

  @Test func whoHoldsBothSidesReducesEachAlone() {
    check(
      """
      quote 99x5|101x5, buy 3 long, sell 2 short ; quote 99x5|101x5 -> #1 accepted, #2 accepted,\
       #1 3x101 taker, #2 2x99 taker
      sell 9 reduce long, buy 9 reduce short ; quote 99x9|101x9 -> #3 accepted, #4 accepted,\
       #3 3x99 taker, #3 cancelled reduceOnly, #4 2x101 taker, #4 cancelled reduceOnly
      """)
  }

  @Test func anIcebergShowsAPartAndJoinsTheEndWithTheNext() {
    check(
      """
      quote 99x2|101x5, buy 6x99 show=2, buy 1x99 ; @1 -> #1 accepted, #2 accepted
      trade 9x99 sell -> #1 2x99 maker, #2 1x99 maker
      trade 3x99 sell -> #1 1x99 maker
      trade 9x98 sell -> #1 3x99 maker
      """)
  }

  @Test func aNewPriceOrALargerQuantityGivesThePlaceUpASmallerOneKeepsIt() {
    check(
      """
      quote 99x5|101x5, buy 4x99, buy 4x99, buy 4x99 ; @1
      amend #1 5x99, amend #2 3x99, @2 -> #1 accepted, #2 accepted
      trade 7x99 sell -> #2 2x99 maker
      trade 9x99 sell -> #2 1x99 maker, #3 4x99 maker, #1 4x99 maker
      quote 99x7|101x5, buy 3x99 ; @3 ; trade 6x99 sell -> #1 1x99 maker
      amend #4 3x98, amend #4 3x99, @4 -> #4 accepted, #4 accepted
      trade 7x99 sell -> nothing
      trade 1x99 sell -> #4 1x99 maker
      """)
  }

  @Test func anAmendedOrderMayCrossAndAHeldOneMoves() {
    check(
      """
      quote 99x5|101x5, buy 4x95, sell 1 stop=90 ; @1 -> #1 accepted, #2 accepted
      amend #1 4x101, amend #2 1 stop=98 ; @2 -> #1 accepted, #2 accepted
      quote 98x5|101x5 -> #1 4x101 taker, #2 1x98 taker
      """)
  }

  @Test func whatIsAmendedBelowItsFillsIsOver() {
    check(
      """
      quote 99x5|101x5, buy 9 ; quote 99x5|101x5 -> #1 accepted, #1 5x101 taker
      amend #1 5 ; @1 -> #1 cancelled
      """)
  }

  @Test func noInstrumentThatDoesNotTradeFills() {
    check(
      """
      quote 99x5|101x5, buy 3x99 ; @1 ; halt, trade 9x90, quote 90x1|91x9 -> nothing
      buy 1 ; @2 -> #2 rejected halted
      open, quote 90x1|91x9 -> #1 3x99 maker
      """)
  }
}
