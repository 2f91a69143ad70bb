import Kernel
import Market
import TestSupport
import Testing

/// Orders that the host holds because their venue does not.
@Suite struct HeldOrderTests {
  private func check(
    _ text: String, slots: [KernelScenario.SlotWish] = [.strategy(alphas: [])],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    KernelScenario(slots: slots)
      .run("deposit 2 100000 ; quote P 99x5|101x5\n" + text, sourceLocation: sourceLocation)
  }

  @Test func aStopBecomesAMarketOrder() {
    check(
      """
      sell P 5 stop=95 -> nothing
      order #1 -> held 0/5
      quote P 96x5|98x5 -> nothing
      trade P 1x96 -> nothing
      quote P 95x5|97x5 -> submit #1 sell P 5
      order #1 -> pending 0/5
      ack #1 ; fill #1 5x95 ; order #1 -> filled 5/5
      buy P 5 stop=105 -> nothing
      quote P 95x5|104x5 -> nothing
      trade P 1x105 -> submit #2 buy P 5
      """)
  }

  /// What buys looks at what a buyer must pay, what sells at what a seller gets.
  @Test func triggersBySide() {
    check(
      """
      buy P 1x106 stop=105 -> nothing
      sell P 1 take=110 -> nothing
      buy P 1 touch=90 -> nothing
      sell P 1x109 take=120 -> nothing
      quote P 104x5|105x5 -> submit #1 buy P 1x106
      quote P 109x5|111x5 -> nothing
      quote P 110x5|111x5 -> submit #2 sell P 1
      quote P 88x5|91x5 -> nothing
      quote P 88x5|90x5 -> submit #3 buy P 1
      trade P 1x120 -> submit #4 sell P 1x109
      """)
  }

  @Test func aPriceThatIsThereAlreadyTriggersAtTheNextLook() {
    check("sell P 1 stop=100 -> nothing ; quote P 99x5|101x5 -> submit #1 sell P 1")
  }

  @Test func aBarTriggersByItsRange() {
    check("sell P 1 stop=95 -> nothing ; bar P 97 low=94 -> submit #1 sell P 1")
  }

  @Test func aTrailingStopFollowsAndNeverGoesBack() {
    check(
      """
      sell P 5 trail=10 -> nothing
      quote P 120x5|122x5 -> nothing
      quote P 111x5|113x5 -> nothing
      quote P 115x5|117x5 -> nothing
      quote P 110x5|112x5 -> submit #1 sell P 5
      buy P 5 trail=10 -> nothing
      quote P 90x5|92x5 -> nothing
      quote P 99x5|101x5 -> nothing
      quote P 100x5|102x5 -> submit #2 buy P 5
      """)
  }

  @Test func heldOrdersAreChangedAndTakenBackAtOnce() {
    check(
      """
      sell P 5 stop=95 -> nothing
      amend #1 stop=90 qty=3 -> nothing
      quote P 95x5|97x5 -> nothing
      cancel #1 -> nothing
      order #1 -> cancelled 0/3
      quote P 80x5|82x5 -> nothing
      """)
  }

  @Test func aVenueThatTakesStopsIsGivenThem() {
    check(
      """
      account 0 stops ; sell P 5 stop=95 -> submit #1 sell P 5 stop=95
      quote P 90x5|92x5 -> nothing
      sell P 5x90 stop=80 -> nothing
      """)
  }

  @Test func aTriggeredOrderIsAskedAboutLikeAnyOther() {
    let scenario = KernelScenario()
    scenario.run("quote P 99x5|101x5 ; sell P 5 stop=95 -> nothing")
    scenario.append(limits: [LimitChange(.orderLots, .all, 4)])
    scenario.run("quote P 95x5|97x5 -> refused orderQuantity 5/4 #1 ; order #1 -> refused 0/5")
  }

  @Test func nothingIsLetGoWhileTradingIsHalted() {
    check(
      """
      sell P 5 stop=95 -> nothing ; halt P, quote P 90x5|92x5 -> nothing
      resume P ; quote P 94x5|96x5 -> submit #1 sell P 5
      sell P 5 stop=90 -> nothing ; trading halted, quote P 80x5|82x5 -> nothing
      trading active ; quote P 80x5|82x5 -> submit #2 sell P 5
      """)
  }

  @Test func stopsOutliveTheirCode() {
    check(
      """
      buy P 5x101 ; fill #1 5x101 ; sell P 5 stop=95 reduce -> nothing
      buy P 1x90 -> submit #3 buy P 1x90
      park -> cancel #3
      order #2 -> held 0/5
      quote P 95x5|97x5 -> submit #2 sell P 5
      """)
  }

  // MARK: times

  @Test func goodTillDateEndsOnTime() {
    check(
      """
      buy P 5x90 gtd=1100 -> submit #1 buy P 5x90
      ack #1 ; wait 99 -> nothing
      wait 1 -> cancel #1
      order #1 -> pendingCancel 0/5 ; cancelled #1 ; order #1 -> expired 0/5
      buy P 5x90 stop=110 gtd=1200 -> nothing
      wait 100 -> nothing ; order #2 -> expired 0/5
      """)
    let scenario = KernelScenario()
    scenario.run("quote P 99x5|101x5 ; buy P 5x90 gtd=1500")
    #expect(scenario.kernel.nextDue?.nanoseconds == 1_500)
  }

  @Test func theVenueEndsWhatItCan() {
    check(
      """
      account 0 gtd fok ; buy P 5x90 gtd=1100 -> submit #1 buy P 5x90
      wait 200 -> nothing
      expired #1 ; order #1 -> expired 0/5
      buy P 5x90 fok -> submit #2 buy P 5x90
      """)
  }

  @Test func dayOrdersEndWithTheTradingDay() {
    let scenario = KernelScenario()
    scenario.run("quote P 99x5|101x5 ; buy P 5x90 day")
    #expect(scenario.kernel.nextDue?.nanoseconds == Int64(86_400) * 1_000_000_000)
    scenario.append(limits: [LimitChange(.dayStart, .all, 3_600 * 1_000_000_000)])
    scenario.run("cancel #1 ; cancelled #1 ; buy P 5x90 day")
    #expect(scenario.kernel.nextDue?.nanoseconds == Int64(3_600) * 1_000_000_000)
  }

  // MARK: groups

  @Test func oneCancelsTheOther() {
    check(
      """
      sell P 5 stop=95 oco=1, sell P 5x110 oco=1 -> submit #2 sell P 5x110
      ack #2 ; quote P 95x5|97x5 -> cancel #2, submit #1 sell P 5
      """)
    check(
      """
      sell P 5 stop=95 oco=1, sell P 5x110 oco=1 -> submit #2 sell P 5x110
      fill #2 1x110 -> nothing ; order #1 -> cancelled 0/5
      """)
  }

  @Test func aBracketProtectsWhatIsFilled() {
    check(
      """
      buy P 5x101 bracket=1, sell P 5 stop=95 reduce bracket=1, sell P 5x110 reduce bracket=1 -> \
      submit #1 buy P 5x101
      order #2 -> held 0/5 ; order #3 -> held 0/5
      quote P 90x5|92x5 -> nothing
      quote P 99x5|101x5 ; fill #1 2x101 -> nothing
      fill #1 3x101 -> submit #3 sell P 5x110
      ack #3 ; quote P 95x5|97x5 -> cancel #3
      order #2 -> held 0/5
      cancelled #3 -> submit #2 sell P 5
      fill #2 5x95 ; position P -> 0 cost 0 realised -30 working 0/0
      """)
  }

  @Test func theStopOfAHalfFilledEntryEndsTheRest() {
    check(
      """
      buy P 5x101 bracket=1, sell P 5 stop=95 reduce bracket=1 -> submit #1 buy P 5x101
      fill #1 2x101 -> nothing
      quote P 95x5|97x5 -> cancel #1
      fill #1 1x101 -> nothing
      cancelled #1 filled=3 -> submit #2 sell P 3
      """)
  }

  @Test func profitTakenEndsTheStop() {
    check(
      """
      buy P 5x101 bracket=1, sell P 5 stop=95 reduce bracket=1, sell P 5x110 reduce bracket=1 -> \
      submit #1 buy P 5x101
      fill #1 5x101 -> submit #3 sell P 5x110
      fill #3 2x110 -> nothing ; order #2 -> held 0/3
      fill #3 3x110 -> nothing ; order #2 -> cancelled 0/3
      quote P 90x5|92x5 -> nothing
      """)
  }

  @Test func anEntryThatNeverFilledLeavesNothing() {
    check(
      """
      buy P 5x101 bracket=1, sell P 5 stop=95 reduce bracket=1 -> submit #1 buy P 5x101
      cancel #1 -> cancel #1
      cancelled #1 -> nothing ; order #2 -> cancelled 0/5
      """)
  }

  @Test func aBracketStandsAtTheVenueWhereItCan() {
    check(
      """
      account 0 stops reduce
      buy P 5x101 bracket=1, sell P 5 stop=95 reduce bracket=1 -> submit #1 buy P 5x101
      fill #1 4x101 -> nothing
      cancel #1 -> cancel #1 ; cancelled #1 -> submit #2 sell P 4 stop=95 reduce
      """)
  }

  @Test func exitsOnlyReduceAndAreOnTheOtherSide() {
    check(
      """
      buy P 5x101 bracket=1, sell P 5 stop=95 bracket=1 -> refused link, submit #1 buy P 5x101
      """)
    check(
      """
      buy P 5x101 bracket=1, buy P 5 stop=95 reduce bracket=1 -> \
      refused link, submit #1 buy P 5x101
      """)
  }

  // MARK: only reducing

  @Test func whatOnlyReducesNeverTurnsThePosition() {
    check(
      """
      buy P 5x101 ; fill #1 5x101 ; sell P 5 stop=95 reduce, sell P 5x110 reduce
      ack #3 ; sell P 3x100 -> submit #4 sell P 3x100
      fill #4 3x100 -> cancel #3
      cancelled #3 ; quote P 95x5|97x5 -> submit #2 sell P 2
      """)
  }

  @Test func nothingIsLeftToReduce() {
    check(
      """
      buy P 5x101 ; fill #1 5x101 ; sell P 5 stop=95 reduce ; sell P 5 ; fill #3 5x100 -> nothing
      order #2 -> cancelled 0/5
      quote P 90x5|92x5 -> nothing
      """)
  }

  // MARK: crossing

  @Test func slotsMeetInTheHostWhereTheyMay() {
    let scenario = KernelScenario(slots: [.strategy(alphas: []), .strategy(alphas: [])])
    scenario.run(
      "quote P 99x5|101x5 ; 1.buy P 5, 2.sell P 3 -> submit #1 buy P 5, 2.submit #2 sell P 3")
    scenario.append(limits: [LimitChange(.crossing, .all, 1)])
    scenario.run(
      """
      1.buy P 5, 2.sell P 3x100 -> crossed #3 3x100, 2.crossed #4 3x100, submit #3 buy P 2
      order #3 -> pending 3/5 ; order #4 -> filled 3/3
      fill #3 2x101 ; order #3 -> filled 5/5
      position P -> 5 cost 502 realised 0 working 5/0
      1.buy P 5, 2.sell P 3x101 -> submit #5 buy P 5, 2.submit #6 sell P 3x101
      """)
    #expect(scenario.kernel.state.positions.account(ScenarioInstrument.id("P")).quantity == 2)
  }
}
