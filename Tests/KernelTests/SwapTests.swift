import Kernel
import PluginABI
import Testing

/// Two instances, one slot: who decides, who is compared, and what happens when one fails.
@Suite struct SwapTests {
  private func check(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let scenario = KernelScenario()
    scenario.run("quote P 99x5|101x5")
    scenario.run(text, sourceLocation: sourceLocation)
  }

  @Test func onlyTheDecidingInstanceIsHeardByTheMarket() {
    check(
      """
      shadow:2 ; slot -> generation 1 author 1
      buy P 1x100, c.buy P 2x100 -> submit #1 buy P 1x100
      heard -> live 1: timer, timer
      heard c -> shadow 2: timer, timer
      switch -> nothing
      slot -> generation 2 author 2
      buy P 3x100, c.buy P 4x100 -> submit #2 buy P 3x100
      heard -> live 2: timer, timer
      heard c -> shadow 1: timer, timer
      """)
  }

  @Test func whoseAnswerItIs() {
    check(
      """
      buy P 5x100 -> submit #1 buy P 5x100
      shadow:2
      heard -> live 1: order #1 pending 0/5
      heard c -> shadow 2: order #1 pending 0/5 inherited
      ack #1
      heard -> live 1: order #1 accepted 0/5
      heard c -> shadow 2: order #1 accepted 0/5 inherited
      switch ; fill #1 1x100
      heard -> live 2: fill #1 1x100 inherited, order #1 partiallyFilled 1/5 inherited,\
       position P 1@100
      heard c -> shadow 1: fill #1 1x100, order #1 partiallyFilled 1/5, position P 1@100
      buy P 2x100 -> submit #2 buy P 2x100
      ack #2
      heard -> live 2: order #2 pending 0/2, order #2 accepted 0/2
      heard c -> shadow 1: order #2 pending 0/2 inherited, order #2 accepted 0/2 inherited
      rollback ; slot -> generation 3 author 1
      fill #1 1x100, fill #2 2x100
      heard -> live 3: fill #1 1x100, order #1 partiallyFilled 2/5, position P 2@100,\
       fill #2 2x100 inherited, order #2 filled 2/2 inherited, position P 4@100
      """)
  }

  @Test func whatWasDeliveredBeforeTheSwitchIsForTheNewOne() {
    check(
      """
      buy P 5x100 -> submit #1 buy P 5x100
      shadow:2
      ack #1, switch
      heard -> live 2: order #1 accepted 0/5 inherited
      heard c -> shadow 1: order #1 accepted 0/5
      """)
  }

  /// Sent by one, heard of by the next: it finds no order missing.
  @Test func anOrderSentBeforeTheSwitchIsToldToTheNewOne() {
    check(
      """
      shadow:2
      buy P 5x100 -> submit #1 buy P 5x100
      switch -> nothing
      heard -> live 2: order #1 pending 0/5 inherited
      heard c -> shadow 1: order #1 pending 0/5
      """)
  }

  @Test func aRefusalBelongsToTheOneThatAsked() {
    check(
      """
      shadow:2
      buy Z 5x100 -> refused unknownInstrument
      quote P 99x5|101x5
      heard -> live 1: order refused unknownInstrument, quote
      heard c -> shadow 2: order refused unknownInstrument inherited, quote
      buy Z 5x100 -> refused unknownInstrument
      switch, quote P 99x5|101x5
      heard -> live 2: order refused unknownInstrument inherited, quote
      heard c -> shadow 1: order refused unknownInstrument, quote
      buy P 5x100 -> submit #1 buy P 5x100
      cancelled #1 ; rollback
      cancel #1 -> refused unknownOrder
      quote P 99x5|101x5
      heard -> live 3: order refused unknownOrder, quote
      heard c -> shadow 2: order refused unknownOrder inherited, quote
      """)
  }

  @Test func theSameIdInAnotherGenerationIsAnotherIntent() {
    check(
      """
      buy P 1x100 id=7 -> submit #1 buy P 1x100
      shadow:2 ; switch
      buy P 1x100 id=7 -> submit #2 buy P 1x100
      """)
  }

  @Test func aFaultRollsBackWithinTheTurn() {
    check(
      """
      shadow:2 ; switch
      fault, c.buy P 3x100 -> fault 2, rolledBack 3, submit #1 buy P 3x100
      slot -> generation 3 author 1
      companion -> previous 2 equal 0 different 0 intents 0 refusals 0 failed
      ack #1 ; heard -> live 3: order #1 pending 0/3, order #1 accepted 0/3
      fault -> fault 1, parked 3, cancel #1
      slot -> generation 3 author 1 parked
      """)
  }

  @Test func aFaultWithoutAnotherParks() {
    check(
      """
      buy P 3x100 -> submit #1 buy P 3x100
      fault -> fault 1, parked 1, cancel #1
      slot -> generation 1 author 1 parked
      fill #1 1x100 -> nothing
      position P -> 1 cost 100 realised 0 working 2/0
      """)
  }

  @Test func aCandidateIsNoRefuge() {
    check("shadow:2 ; fault, c.buy P 3x100 -> fault 1, parked 1")
  }

  @Test func theCandidatesFaultTouchesNobody() {
    check(
      """
      shadow:2
      c.fault, buy P 1x100 -> fault 2, submit #1 buy P 1x100
      companion -> candidate 2 equal 0 different 0 intents 0 refusals 0 failed
      buy P 1x100 -> submit #2 buy P 1x100
      heard c -> shadow 2: timer, timer
      retire ; companion -> none
      """)
  }

  @Test func bothFailAtOnce() {
    check("shadow:2 ; switch ; fault, c.fault -> fault 1, fault 2, parked 2")
  }

  @Test func aSwitchUnparks() {
    check(
      """
      fault -> fault 1, parked 1
      shadow:2 ; switch ; slot -> generation 2 author 2
      buy P 1x100 -> submit #1 buy P 1x100
      """)
  }

  @Test func switchWithoutAnotherChangesNothing() {
    check("switch ; rollback ; slot -> generation 1 author 1")
  }

  @Test func theShadowIsComparedAndPriced() {
    check(
      """
      shadow:2
      buy P 1x100, c.buy P 1x100
      companion -> candidate 2 equal 1 different 0 intents 1 refusals 0
      buy P 1x100, c.buy P 2x100
      buy P 1x100
      c.buy Z 1x100
      companion -> candidate 2 equal 1 different 3 intents 3 refusals 1
      quote P 99x5|101x5
      companion -> candidate 2 equal 2 different 3 intents 3 refusals 1
      """)
  }

  /// The live instance's orders of this very turn are not the shadow's doing.
  @Test func theShadowIsPricedOnWhatItSaw() {
    check(
      """
      deposit 2 1000, quote S 100x1|100x1
      shadow:2
      buy S 10x100, c.buy S 10x100 -> submit #1 buy S 10x100
      companion -> candidate 2 equal 1 different 0 intents 1 refusals 0
      """)
  }

  @Test func batchesAreCountedWithoutGaps() {
    let scenario = KernelScenario()
    scenario.run(
      """
      quote P 99x5|101x5 ; shadow:2 ; quote P 99x5|101x5 ; switch ; quote P 99x5|101x5
      fault, c.buy P 1x100 ; quote P 99x5|101x5
      """)
    #expect(scenario.live[1].heard.map(\.batches) == [1, 2, 3, 4, 5])
    #expect(scenario.live[1].heard.map(\.mode).prefix(2) == [KEEL_LIVE, KEEL_LIVE])
    #expect(scenario.live[1].heard[2].mode == KEEL_SHADOW)
  }
}
