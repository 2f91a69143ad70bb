import Market
import Simulation
import Testing

/// The venue's own book by price.
@Suite struct BookTests {
  private func check(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    VenueScenario().run(text, sourceLocation: sourceLocation)
  }

  @Test func marketOrdersWalkTheBookAndWhatIsLeftFollowsTheTimeInForce() {
    check(
      """
      book 99x5 98x5|101x2 102x3, buy 7, sell 6 ioc
      book 99x5 98x5|101x2 102x3 -> #1 accepted, #2 accepted, #1 2x101 taker, #1 3x102 taker,\
       #2 5x99 taker, #2 1x98 taker
      ask 104x1 -> #1 1x104 taker
      ask 104x1 -> #1 1x104 taker
      """)
  }

  @Test func whatIsDisplayedIsConsumedOnceAcrossAllOwnOrders() {
    check(
      """
      book 99x5|101x5, buy 3x101, buy 3x101, buy 3x100
      bid 98x1 -> #1 accepted, #2 accepted, #3 accepted, #1 3x101 taker, #2 2x101 taker
      bid 98x2 -> nothing
      ask 101x1 -> #2 1x101 maker
      """)
  }

  @Test func aGappedBookFillsNothingUntilTheNextFullPicture() {
    check(
      """
      book 99x5|101x5, buy 3x99, buy 2 ; @1 -> #1 accepted, #2 accepted
      gap ; ask 98x9, trade 9x90, quote 97x9|98x9 -> nothing
      sell 1 ; @2 -> #3 accepted gapped
      book 97x5|98x2 -> #1 2x99 maker, #3 1x97 taker
      ask 98x3 -> #1 1x99 maker, #2 2x98 taker
      """)
  }

  @Test func aMissingMessageBreaksTheBook() {
    let scenario = VenueScenario()
    scenario.run("book 99x5|101x5, buy 2 ; @1")
    scenario.venueSequence += 1
    scenario.run("ask 100x5 -> nothing ; ask 100x5 -> nothing ; book 99x5|100x5 -> #1 2x100 taker")
  }

  @Test func aCrossedBookIsNoBook() {
    check("book 99x5|101x5, buy 2 ; bid 101x5 -> #1 accepted ; ask 103x1 -> nothing")
  }

  @Test func theQueueIsTheLevelsAndFollowsItsChanges() {
    check(
      """
      book 99x5 98x7|101x5, buy 3x98, buy 2x97 ; @1 -> #1 accepted, #2 accepted
      bid 98x4, bid 98x50 -> nothing
      trade 5x98 sell -> #1 1x98 maker
      bid 97x3 -> nothing
      trade 3x97 sell -> #1 2x98 maker, #2 1x97 maker
      """)
    check(
      """
      book 99x5|101x5, buy 3x99 ; @1 ; bid 99x0, bid 99x6 -> nothing
      trade 1x99 sell -> #1 1x99 maker
      """)
  }

  @Test func theFinestSourceDecides() {
    check(
      """
      buy 1 ; @5, bar 100 105 98 101 5 -> #1 accepted, #1 1x100 taker
      buy 1 ; trade 3x99 -> #2 accepted, #2 1x99 taker
      buy 1 ; @9, bar 100 105 98 101 0 -> #3 accepted
      quote 98x5|102x5 -> #3 1x102 taker
      buy 1 ; trade 3x99 -> #4 accepted
      book 97x5|103x5 -> #4 1x103 taker
      buy 1 ; quote 98x5|102x5 -> #5 accepted
      ask 103x4 -> #5 1x103 taker
      """)
  }

  @Test func tradesAloneArePricesOfTheirQuantity() {
    check(
      """
      buy 5, sell 2x101, buy 2x97 ; trade 4x100 -> #1 accepted, #2 accepted, #3 accepted,\
       #1 4x100 taker
      trade 4x101 -> #1 1x101 taker
      trade 9x97 -> nothing
      trade 3x102 -> #2 2x101 maker
      trade 3x96 -> #3 2x97 maker
      """)
  }
}
