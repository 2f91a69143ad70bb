import Market
import Simulation
import Testing

/// The path inside a bar.
@Suite struct BarTests {
  private func check(
    _ text: String, _ change: (inout VenueModel) -> Void = { _ in },
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var model = VenueModel()
    change(&model)
    VenueScenario(model).run(text, sourceLocation: sourceLocation)
  }
  private static let long = "buy 3 ; @10, bar 100 100 100 100 -> #1 accepted, #1 3x100 taker ; "
  private static let exits = "sell 3 stop=95 reduce, sell 3x105 reduce ; "

  @Test func marketOrdersFillAtTheNextOpenAndPayTheirCommission() {
    var model = VenueModel()
    model.fees = FeeModel(taker: 1_000)
    let scenario = VenueScenario(model)
    scenario.run(
      """
      @10, bar 100 105 96 101, buy 2 -> nothing
      @20, bar 102 107 99 103 -> #1 accepted, #1 2x102 taker
      sell 2 ; @30, bar 104 107 99 103 -> #2 accepted, #2 2x104 taker
      """)
    // Ten parts in ten thousand of 204 and of 208.
    #expect(scenario.fees == [20_400_000, 20_800_000])
  }

  @Test func theNearerExtremeComesFirst() {
    // The high is nearer to the open: the target is met before the stop.
    check(
      Self.long + Self.exits
        + "@20, bar 100 106 90 92 -> #2 accepted, #3 accepted,"
        + " #3 3x105 maker, #2 cancelled reduceOnly"
    )
    // The low is nearer: the stop is met first, and nothing is left for the target.
    check(
      Self.long + Self.exits
        + "@20, bar 100 110 94 108 -> #2 accepted, #3 accepted,"
        + " #2 3x95 taker, #3 cancelled reduceOnly"
    )
    // As near: the high.
    check(
      Self.long + Self.exits
        + "@20, bar 100 106 94 95 -> #2 accepted, #3 accepted,"
        + " #3 3x105 maker, #2 cancelled reduceOnly"
    )
  }

  @Test func thePessimistMeetsTheStopFirst() {
    check(
      Self.long + Self.exits
        + "@20, bar 100 106 90 92 -> #2 accepted, #3 accepted,"
        + " #2 3x95 taker, #3 cancelled reduceOnly"
    ) { $0.barPath = .pessimistic }
  }

  @Test func aStopGapsToTheOpen() {
    check(Self.long + "sell 3 stop=95 ; @20, bar 90 96 88 91 -> #2 accepted, #2 3x90 taker")
  }

  @Test func aTrailingStopFollowsThePath() {
    check(
      Self.long
        + """
        sell 3 trail=5 ; @20, bar 100 108 99 100 -> #2 accepted, #2 3x103 taker
        """)
    check(Self.long + "sell 3 trail=5 ; @20, bar 100 104 100 103 -> #2 accepted")
  }

  @Test func aTouchedLimitIsNotFilledAPassedOneIs() {
    check(
      """
      buy 1x95, sell 1x105 ; @10, bar 100 105 95 100 -> #1 accepted, #2 accepted
      @20, bar 100 106 94 100 -> #2 1x105 maker, #1 1x95 maker
      """)
    check("buy 1x95 ; @10, bar 100 105 95 100 -> #1 accepted, #1 1x95 maker") {
      $0.queue = QueueModel(.front)
    }
  }

  @Test func aStopLimitMayFillLaterOnThePath() {
    // Triggered on the way up at 104, it may buy at 102 and does on the way down.
    check("buy 2x102 stop=104 ; @10, bar 100 105 90 91 -> #1 accepted, #1 2x102 maker")
  }

  @Test func ofABarsVolumeOwnOrdersTakeAShare() {
    check(
      """
      buy 9, sell 4x105 ; @10, bar 100 106 99 101 volume=50 -> #1 accepted, #2 accepted,\
       #1 5x100 taker
      @20, bar 100 106 99 101 volume=80 -> #1 4x100 taker, #2 4x105 maker
      """
    ) { $0.barShare = 100_000 }
  }

  @Test func aBarThatCannotBeIsNotSeen() {
    check("buy 1 ; @10, bar 100 99 98 99 -> #1 accepted ; @20, bar 100 101 99 99 -> #1 1x100 taker")
  }
}
