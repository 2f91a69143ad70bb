import Market
import Simulation
import Testing

/// An order that would meet another one of the account.
@Suite struct SelfTradeTests {
  private func check(
    _ mode: VenueModel.SelfTrade, _ text: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var model = VenueModel()
    model.selfTrade = mode
    VenueScenario(model).run(text, sourceLocation: sourceLocation)
  }

  /// An own ask of 4 stands inside the market; a buy limit of 6 comes to it.
  private static let meeting = "quote 99x9|103x9, sell 4x101 ; @1 ; buy 6x101 ; @2 ->"

  @Test func theNewestGoes() {
    check(
      .cancelNewest,
      Self.meeting + " #2 accepted, #2 cancelled selfTrade ; quote 102x9|103x9 -> #1 4x101 maker")
  }
  @Test func theOldestGoes() {
    check(
      .cancelOldest,
      Self.meeting + " #2 accepted, #1 cancelled selfTrade ; quote 99x9|101x9 -> #2 6x101 maker")
  }
  @Test func bothGo() {
    check(
      .cancelBoth, Self.meeting + " #2 accepted, #1 cancelled selfTrade, #2 cancelled selfTrade")
  }
  @Test func bothShrinkByTheSmaller() {
    check(
      .decrement,
      Self.meeting
        + " #2 accepted, #1 cancelled selfTrade, #2 accepted selfTrade ;"
        + " quote 99x9|101x9 -> #2 2x101 maker, #2 filled")
  }
  @Test func orTheyPassEachOtherBy() {
    check(.ignore, Self.meeting + " #2 accepted ; quote 99x9|101x9 -> #2 6x101 maker")
  }

  @Test func whoTakesMeetsOwnOrdersOnlyWhereTheyAreTheBetterOffer() {
    // 3 are offered below the own ask: those are taken, then the own order is met.
    check(
      .cancelNewest,
      """
      book 99x9|103x9, sell 4x102 ; @1 ; buy 6 ; book 99x9|101x3 103x9 -> #2 accepted,\
       #2 3x101 taker, #2 cancelled selfTrade
      """)
    check(
      .cancelOldest,
      """
      book 99x9|103x9, sell 4x102 ; @1 ; buy 6 ; book 99x9|101x3 103x9 -> #2 accepted,\
       #2 3x101 taker, #1 cancelled selfTrade, #2 3x103 taker
      """)
  }
}
