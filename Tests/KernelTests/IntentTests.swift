import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport
import Testing

/// What a slot may ask, and what becomes of nonsense.
@Suite struct IntentTests {
  private func check(
    _ text: String, slots: [KernelScenario.SlotWish] = [.strategy(alphas: [])],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    KernelScenario(slots: slots)
      .run("quote P 99x5|101x5\n" + text, sourceLocation: sourceLocation)
  }

  @Test func orders() {
    check(
      """
      buy P 5x100 ioc -> submit #1 buy P 5x100 ioc
      buy P 5, sell P 3x101 -> submit #2 buy P 5, submit #3 sell P 3x101
      buy P 4x100 post -> submit #4 buy P 4x100 post
      """)
  }

  @Test func malformedAndUnsupported() {
    check(
      """
      buy P 0x100 -> refused malformed 0/-
      buy P -5x100 -> refused malformed -5/-
      buy P 5x100 id=0 -> refused malformed
      buy P 5x100 tif=99 -> refused malformed 5/-
      buy P 5x100 tif=3 -> refused unsupported
      target P 5x100 tif=3 -> refused unsupported
      buy P 5x100 tif=4 -> refused timeInForce
      amend #1 -> refused unknownOrder
      buy Z 5x100 -> refused unknownInstrument
      target Z 5 -> refused unknownInstrument
      """)
  }

  @Test(arguments: ["side", "type", "limit", "algorithm", "link", "display", "stop"])
  func aFieldThatCannotBe(_ field: String) {
    let scenario = KernelScenario()
    scenario.run("quote P 99x5|101x5")
    var intent = scenario.intent("buy", ["P", "5x100"])
    var expected = "refused unsupported"
    switch field {
    case "side": (intent.side, expected) = (3, "refused malformed 5/-")
    case "type": (intent.order_type, expected) = (0, "refused malformed 5/-")
    case "limit": (intent.limit, expected) = (KEEL_NULL, "refused malformed")
    case "algorithm": intent.algorithm = UInt16(KEEL_ALGO_TWAP)
    case "link": (intent.link, expected) = (UInt8(KEEL_LINK_OCO), "refused link")
    case "display": intent.display = 1
    default: (intent.order_type, expected) = (UInt8(KEEL_STOP), "refused malformed")
    }
    scenario.live[1].answer(intent)
    scenario.run("quote P 99x5|101x5 -> \(expected)")
  }

  @Test func anIntentIsDoneOnce() {
    check(
      """
      buy P 5x100 id=7 -> submit #1 buy P 5x100
      buy P 5x100 id=7 -> refused duplicateIntent
      cancel #1 id=7 -> refused duplicateIntent
      buy P 5x100 id=8, buy P 5x100 id=8 -> refused duplicateIntent, submit #2 buy P 5x100
      """)
  }

  @Test func theSameIdIsAnothersOwn() {
    check(
      """
      1.buy P 5x100 id=7 -> submit #1 buy P 5x100
      2.buy P 5x100 id=7 -> 2.submit #2 buy P 5x100
      """, slots: [.strategy(alphas: []), .strategy(alphas: [])])
  }

  @Test func aTargetIsReachedFromWhatIsHeldAndWorks() {
    check(
      """
      target P 10x100 -> submit #1 buy P 10x100
      target P 10x100 -> nothing
      target P 12x100 -> submit #2 buy P 2x100
      fill #1 4x100 ; target P 12 -> nothing
      target P -3 -> submit #3 sell P 15
      target P 0 -> submit #4 buy P 3
      fill #1 6x100 ; fill #2 2x100 ; fill #3 15x100 ; fill #4 3x100
      target P 0 -> nothing
      position P -> 0 cost 0 realised 0 working 0/0
      """)
  }

  @Test func aTargetIsRoundedTowardsWhatIsHeld() {
    check(
      """
      quote C 500x1|500x1
      target C 25x500 -> submit #1 buy C 20x500
      target C 29x500 -> nothing
      target C 30x500 -> refused belowMinimum 10/20
      """)
  }

  @Test func cancels() {
    check(
      """
      1.buy P 5x100 -> submit #1 buy P 5x100
      2.cancel #1 -> 2.refused unknownOrder
      wait 1 ; heard 2 -> live 1: order refused unknownOrder
      cancel #9 -> refused unknownOrder
      wait 1 ; heard -> live 1: order refused unknownOrder
      cancel #1 -> cancel #1
      cancel #1 -> nothing
      order #1 -> pendingCancel 0/5
      cancelled #1 ; cancel #1 -> refused unknownOrder
      """, slots: [.strategy(alphas: []), .strategy(alphas: [])])
  }

  /// The refused intent is named, the order it meant is not: that stands as it stood.
  @Test func aRefusedCancelIsNoNewsOfItsOrder() throws {
    let scenario = KernelScenario()
    scenario.run("quote P 99x5|101x5 ; buy P 5x100 ; ack #1 ; cancelled #1")
    scenario.run("cancel #1 id=70 -> refused unknownOrder")
    let effects = try #require(scenario.produced.last)
    effects.withRecords { records in
      let decision = records.compactMap { record in
        record.type == KEEL_REC_DECISION ? record.cast(to: keel_rec_decision.self)?.pointee : nil
      }.first
      #expect(decision?.order_id == 0 && decision?.intent_id == 70)
    }
    scenario.run("wait 1")
    let batch = try #require(scenario.live[1].heard.last)
    batch.records.withRecords { records in
      var records = records
      let update = records.next().flatMap { OrderUpdate($0) }
      #expect(update?.state == .refused && update?.orderID == 0 && update?.intentID == 70)
    }
  }

  /// A journal cut off anywhere holds no command without the decision that allowed it.
  @Test func theDecisionStandsBeforeTheCommand() throws {
    let scenario = KernelScenario()
    scenario.run("quote P 99x5|101x5 ; buy P 5x100, buy P 0x100, sell P 1x100")
    let effects = try #require(scenario.produced.last)
    let types = effects.withRecords { $0.map(\.type) }
    let decided = [KEEL_IN_PLACE, KEEL_REC_DECISION]
    #expect(
      types == decided + decided + decided + [KEEL_CMD_SUBMIT, KEEL_CMD_SUBMIT, KEEL_REC_TURN_END])
  }

  @Test func cancelAllIsTheSlotsOwn() {
    check(
      """
      quote C 500x1|500x1
      1.buy P 1x100, 1.buy C 20x500, 2.buy P 2x100
      cancelall C -> cancel #2
      cancelall -> cancel #1
      1.buy P 4x100 -> submit #4 buy P 4x100
      operator cancelall -> cancel #4
      2.cancelall P -> 2.cancel #3
      """, slots: [.strategy(alphas: []), .strategy(alphas: [])])
  }

  @Test func aParkedSlotHasNothingInTheMarket() {
    check(
      """
      1.buy P 1x100, 2.buy P 2x100
      park -> cancel #1
      slot -> generation 1 author 1 parked
      buy P 1x100 -> nothing
      fill #1 1x100 ; order #1 -> filled 1/1
      2.buy P 3x100 -> 2.submit #3 buy P 3x100
      """, slots: [.strategy(alphas: []), .strategy(alphas: [])])
  }

  @Test func aRefusalIsHeardNextTime() {
    check(
      """
      buy Z 5x100 -> refused unknownInstrument
      heard -> live 1: timer
      quote P 99x5|101x5 -> nothing
      heard -> live 1: order refused unknownInstrument, quote
      quote P 99x5|101x5 -> nothing
      heard -> live 1: quote
      """)
  }

  @Test func answersWhileWarmingUpDoNotCount() {
    let scenario = KernelScenario(warmup: 2)
    scenario.run(
      """
      quote P 99x5|101x5
      buy P 1x100 -> nothing
      buy P 1x100 -> submit #1 buy P 1x100
      """)
    #expect(scenario.live[1].heard.map(\.mode) == [KEEL_WARMUP, KEEL_WARMUP, KEEL_LIVE])
  }

  @Test func slotsAreDeliveredWhatTheyMissedToo() {
    var limits = Limits.scenario
    limits.inboxBytes = 512
    let scenario = KernelScenario(limits: limits)
    scenario.run(
      """
      \(Array(repeating: "quote P 1x1|2x1", count: 7).joined(separator: ", "))
      heard -> live 1: quote, quote, quote, quote, quote, gap 2
      quote P 1x1|2x1 ; heard -> live 1: quote
      """)
    #expect(scenario.kernel.slots[1].dropped == 2)
  }

  @Test func effectsThatDoNotFitAreRefusedAndCounted() {
    var limits = Limits.scenario
    limits.inboxBytes = 512
    // Four intents with their decisions and commands, the turn's end; then an intent alone.
    limits.effectBytes = 2_048
    let scenario = KernelScenario(limits: limits)
    let met = Array(repeating: "target P 10", count: 12).joined(separator: ", ")
    scenario.run("quote P 99x5|101x5")
    scenario.run(
      """
      buy P 1x100, buy P 2x100, buy P 3x100, buy P 4x100, buy P 5x100 -> \
      submit #1 buy P 1x100, submit #2 buy P 2x100, submit #3 buy P 3x100, submit #4 buy P 4x100
      position P -> 0 cost 0 realised 0 working 10/0
      quote P 99x5|101x5 -> nothing
      heard -> live 1: order #1 pending 0/1, order #2 pending 0/2, gap 4
      \(met), buy P 6x100 -> nothing
      position P -> 0 cost 0 realised 0 working 10/0
      quote P 99x5|101x5 -> nothing
      heard -> live 1: order refused capacity, quote
      """)
    #expect(scenario.effectsDropped > 0)
  }
}
