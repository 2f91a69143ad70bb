import Testing

/// The rules in the comment of `SimulatedVenue`, each as a scenario.
@Suite struct MatchingTests {
  private func check(
    _ text: String, latency: Int64 = 0, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    VenueScenario(latency: latency).run(text, sourceLocation: sourceLocation)
  }

  @Test func neverOnWhatTriggeredIt() {
    check(
      """
      quote 99x5|101x5
      buy 3x101 -> nothing
      sell 2 -> nothing
      @1, quote 99x5|102x5 -> #1 accepted, #2 accepted, #2 2x99 taker
      """)
  }

  @Test func notOnDataBeforeItsArrival() {
    check(
      """
      @0, quote 99x5|101x5, buy 3x101 -> nothing
      @9, quote 99x5|101x5 -> nothing
      @9, trade 9x90 -> nothing
      @10, quote 99x5|101x5 -> #1 accepted, #1 3x101 taker
      """, latency: 10)
  }

  @Test func whoMeetsNobodyOnArrivalMakesFromThen() {
    check(
      """
      quote 99x5|101x5 ; buy 3x99, sell 3x101 ; @1 -> #1 accepted, #2 accepted
      trade 6x99 sell -> #1 1x99 maker
      trade 7x101 buy -> #2 2x101 maker
      """)
    // At its own limit from the first quote on, however far that goes, and never refused by it.
    check(
      """
      quote 99x5|101x5 ; buy 3x100, buy 2x100 post, sell 1x102
      quote 95x5|97x9 -> #1 accepted, #2 accepted, #3 accepted, #1 3x100 maker, #2 2x100 maker
      quote 103x1|104x1 -> #3 1x102 maker
      """)
    check("quote 99x5|- ; buy 3x120 ; quote 99x5|110x5 -> #1 accepted, #1 3x120 maker")
  }

  @Test func whoMeetsSomebodyOnArrivalTakesFromTheNextQuote() {
    check(
      """
      quote 99x5|101x5 ; buy 3x101, sell 2x98, buy 1x99 ioc, sell 1
      trade 9x90, trade 9x110 -> #1 accepted, #2 accepted, #3 accepted, #4 accepted
      quote 98x5|101x5 -> #1 3x101 taker, #2 2x98 taker, #3 cancelled noLiquidity, #4 1x98 taker
      """)
    check("quote 99x5|101x5 ; buy 3x101 ; quote 99x5|100x5 -> #1 accepted, #1 3x100 taker")
  }

  @Test func whoKnowsNoBookWaitsForOne() {
    check(
      """
      buy 3x99 ; @1 -> #1 accepted
      quote 99x5|101x5 -> nothing
      trade 6x99 sell -> #1 1x99 maker
      """)
  }

  /// Not what was displayed when it was sent, and not what own orders have taken of it.
  @Test func theQueueIsWhatIsDisplayedOnArrival() {
    check(
      """
      quote 99x5|101x5 ; buy 3x99
      @5, quote 99x2|101x5 -> nothing
      @10, trade 3x99 sell -> #1 accepted, #1 1x99 maker
      """, latency: 10)
    check(
      """
      quote 99x5|101x5 ; sell 3 ; quote 99x5|101x5 -> #1 accepted, #1 3x99 taker
      buy 3x99 ; @1 -> #2 accepted
      trade 3x99 sell -> #2 1x99 maker
      """)
    check(
      """
      quote 99x5|101x5 ; buy 3x97, buy 3x100 ; trade 4x98 sell -> #1 accepted, #2 accepted,\
       #2 3x100 maker
      quote 97x4|101x5 ; trade 5x97 -> #1 1x97 maker
      """)
  }

  @Test func cancelsTravelToo() {
    check(
      """
      quote 99x5|101x5
      @5, buy 3x99 ; @5, cancel #1
      @14, trade 9x90 -> nothing
      @15, quote 90x5|98x5 -> #1 accepted, #1 cancelled
      """, latency: 10)
    check(
      """
      quote 99x5|101x5 ; buy 3x99 ; @10, quote 99x5|101x5 -> #1 accepted
      cancel #1 ; @19, quote 90x1|98x9 -> #1 3x99 maker
      @20, quote 90x1|98x9 -> nothing
      """, latency: 10)
  }

  @Test func takesUpToWhatIsDisplayedAtTheOtherSidesPrice() {
    check(
      """
      quote 99x5|101x5 ; buy 8x105
      quote 99x5|101x5 -> #1 accepted, #1 5x101 taker
      quote 99x5|106x5 -> nothing
      quote 99x5|104x2 -> #1 2x105 maker
      quote 99x5|105x9 -> #1 1x105 maker
      """)
    check("quote 99x5|101x5 ; sell 8 ; quote 99x5|101x5 -> #1 accepted, #1 5x99 taker")
  }

  @Test func whatIsDisplayedIsConsumedOnce() {
    check(
      """
      quote 99x5|101x5 ; buy 4, buy 4x101, sell 1
      quote 99x5|101x6 -> #1 accepted, #2 accepted, #3 accepted, #1 4x101 taker, #2 2x101 taker,\
       #3 1x99 taker
      trade 9x101 sell -> #2 2x101 maker
      """)
  }

  @Test func marketOrdersWalkFromQuoteToQuote() {
    check(
      """
      quote 99x5|101x5 ; buy 9
      quote 99x5|101x5 -> #1 accepted, #1 5x101 taker
      quote 99x5|103x3 -> #1 3x103 taker
      quote 99x5|- -> nothing
      quote 99x5|104x3 -> #1 1x104 taker
      """)
  }

  @Test func immediateOrCancel() {
    check(
      """
      quote 99x5|101x5 ; buy 8x101 ioc, buy 2x101 ioc, sell 2x98 ioc, buy 2x100 ioc
      quote 99x5|101x5 -> #1 accepted, #2 accepted, #3 accepted, #4 accepted, #1 5x101 taker,\
       #1 cancelled noLiquidity, #2 cancelled noLiquidity, #3 2x99 taker, #4 cancelled noLiquidity
      trade 9x90 -> nothing
      """)
  }

  @Test func postOnly() {
    check(
      """
      quote 99x5|101x5 ; buy 3x101 post, buy 3x100 post, sell 3x99 post
      quote 99x5|101x5 -> #1 accepted, #2 accepted, #3 accepted, #1 rejected wouldCross,\
       #3 rejected wouldCross
      quote 98x5|100x2 -> #2 2x100 maker
      """)
  }

  @Test func aRestingOrderFillsAtItsLimit() {
    check(
      """
      quote 99x5|101x5 ; buy 3x100, sell 4x102 ; quote 99x5|101x5 -> #1 accepted, #2 accepted
      quote 95x5|97x5 -> #1 3x100 maker
      quote 110x1|111x1 -> #2 1x102 maker
      trade 2x105 -> #2 2x102 maker
      trade 2x105 buy -> #2 1x102 maker
      """)
  }

  @Test func theQueueGoesFirst() {
    check(
      """
      quote 99x5|101x5 ; buy 3x99 ; quote 99x5|101x5 -> #1 accepted
      trade 4x99 sell -> nothing
      quote 99x1|101x5, quote 99x50|101x5 -> nothing
      trade 2x99 sell -> #1 1x99 maker
      trade 9x99 buy -> nothing
      trade 1x99 -> #1 1x99 maker
      trade 9x98 -> #1 1x99 maker
      """)
  }

  @Test func cancelsAheadShortenTheQueueOnBothSides() {
    check(
      """
      quote 99x5|101x5 ; buy 3x99, sell 3x101 ; quote 99x5|101x5
      quote 99x2|101x1
      trade 3x99 -> #1 1x99 maker
      trade 3x101 -> #2 2x101 maker
      """)
  }

  @Test func nothingIsLeftBeforeAnOrderBetterThanTheBook() {
    check(
      """
      quote 99x5|101x5 ; buy 3x99 ; quote 99x5|101x5
      quote 98x7|101x5
      trade 2x99 sell -> #1 2x99 maker
      quote 99x9|101x5
      trade 2x99 sell -> #1 1x99 maker
      """)
  }

  @Test func anOrderBehindTheBookWaitsInTheQueueThatIsShownLater() {
    check(
      """
      quote 99x5|101x5 ; buy 3x97 ; quote 99x5|101x5
      trade 9x97 -> nothing
      quote 97x4|101x5
      trade 5x97 -> #1 1x97 maker
      """)
  }

  @Test func twoOwnOrdersShareOneTrade() {
    check(
      """
      quote 99x2|101x5 ; buy 3x99 ; quote 99x2|101x5 ; buy 3x99 ; quote 99x2|101x5
      trade 4x99 -> #1 2x99 maker
      trade 3x98 -> #1 1x99 maker, #2 2x99 maker
      """)
  }

  @Test func aTradeThroughTheLimitFillsAtTheLimit() {
    check(
      """
      quote 99x5|101x5 ; sell 3x101 ; quote 99x5|101x5
      trade 2x104 buy -> #1 2x101 maker
      trade 2x101 buy -> #1 1x101 maker
      """)
  }

  @Test func bars() {
    check(
      """
      buy 3, sell 2x105, buy 5x95, buy 4x102, sell 1x90
      @10, bar 100 105 96 101 -> #1 accepted, #2 accepted, #3 accepted, #4 accepted, #5 accepted,\
       #1 3x100 taker, #4 4x100 taker, #5 1x100 taker
      @20, bar 101 106 95 101 -> #2 2x105 maker
      @30, bar 90 91 89 90 -> #3 5x95 maker
      """)
  }

  @Test func barsImmediateAndPostOnly() {
    check(
      """
      buy 3x99 ioc, buy 3x100 ioc, buy 2x100 post, buy 2x99 post
      @10, bar 100 105 98 101 -> #1 accepted, #2 accepted, #3 accepted, #4 accepted,\
       #1 cancelled noLiquidity, #2 3x100 taker, #3 rejected wouldCross, #4 2x99 maker
      """)
  }

  /// The bar that is open when an order arrives holds prices from before.
  @Test func aBarThatOpenedBeforeTheArrivalIsNotForIt() {
    check(
      """
      @10, buy 3
      @20, bar 100 105 98 101 -> #1 accepted
      @22, bar 100 105 98 101 -> #1 3x100 taker
      """, latency: 2)
  }

  @Test func quotesSilenceBars() {
    check("quote 99x5|101x5 ; buy 3 ; @10, bar 100 105 98 101 -> #1 accepted")
  }

  @Test func cancellingWhatIsGoneIsSilent() {
    check("quote 99x5|101x5 ; buy 3 ; quote 99x5|101x5 ; cancel #1, cancel #7 ; @1 -> nothing")
  }
}
