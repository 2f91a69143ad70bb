import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport
import Testing

/// What venues say of changes, when it does not come as it should; and of orders that were never
/// the host's.
@Suite struct ChangeReportTests {
  /// One order of 5 at 100 is working, and to be changed.
  private func scenario(_ quantity: Int64) -> KernelScenario {
    let scenario = KernelScenario()
    var account = keel_rec_account()
    account.h = keel_event(KEEL_REC_ACCOUNT, of: keel_rec_account.self)
    account.offers = UInt32(KEEL_OFFER_AMEND)
    account.order_types = 1 << UInt32(KEEL_LIMIT)
    account.times_in_force = 1 << UInt32(KEEL_GTC)
    scenario.append(account)
    scenario.run("quote P 99x5|101x5 ; buy P 5x100 ; ack #1")
    var change = keel_intent(.amend, nil)
    change.intent_id = scenario.nextIntentID()
    change.order_id = scenario.orderIDs[0]
    change.qty = quantity
    scenario.live[1].answer(change)
    scenario.append(timer)
    scenario.turn()
    scenario.run("order #1 -> pendingAmend 0/5")
    return scenario
  }

  private var timer: keel_ev_timer {
    var timer = keel_ev_timer()
    timer.h = keel_event(KEEL_EV_TIMER, of: keel_ev_timer.self)
    timer.h.source = 1
    return timer
  }

  /// A report that tells all the venue knows.
  private func report(
    _ scenario: KernelScenario, _ state: OrderState, _ filled: Int64, of quantity: Int64,
    reason: Int = KEEL_REASON_NONE
  ) {
    var record = keel_ev_order()
    record.h = keel_event(KEEL_EV_ORDER, of: keel_ev_order.self)
    record.order_id = scenario.orderIDs[0]
    record.state = state.rawValue
    record.limit = 100
    record.trigger = KEEL_NULL
    record.qty = quantity
    record.filled = filled
    record.reason = UInt16(reason)
    scenario.append(record)
    scenario.turn()
  }

  @Test func fillsThatOvertakeTheWordOnMoreDoNotEndTheOrder() {
    let scenario = scenario(8)
    scenario.run("fill #1 5x100 ; order #1 -> pendingAmend 5/5")
    report(scenario, .partiallyFilled, 5, of: 8)
    scenario.run("order #1 -> partiallyFilled 5/8")
    scenario.run("fill #1 3x100 ; order #1 -> filled 8/8")
  }

  @Test func aFillOfMoreThanThereWasShowsTheChange() {
    let scenario = scenario(8)
    scenario.run("fill #1 5x100 ; fill #1 2x100 ; order #1 -> pendingAmend 7/8")
    scenario.run("position P -> 7 cost 700 realised 0 working 1/0")
    scenario.run("fill #1 1x100 ; order #1 -> filled 8/8")
  }

  @Test func refusedMoreIsFilledAsItWas() {
    let scenario = scenario(8)
    scenario.run("fill #1 5x100")
    report(scenario, .filled, 5, of: 5)
    scenario.run("order #1 -> filled 5/5")
  }

  /// More was wanted and refused, and the venue gave one too many all the same.
  @Test func whatIsFilledInAllIsTheVenuesToSay() {
    let scenario = scenario(8)
    scenario.run("fill #1 5x100 ; fill #1 1x100 ; order #1 -> pendingAmend 6/8")
    report(scenario, .filled, 6, of: 5)
    scenario.run("order #1 -> filled 6/6 ; position P -> 6 cost 600 realised 0 working 0/0")
  }

  @Test func theAnswerToAQuestionShowsTheChangeToo() {
    let scenario = scenario(3)
    scenario.run("unknown #1")
    report(scenario, .accepted, 0, of: 3)
    scenario.run("order #1 -> accepted 0/3")
    scenario.run("position P -> 0 cost 0 realised 0 working 3/0")
  }

  @Test func theEndShowsTheChangeToo() {
    let scenario = scenario(3)
    scenario.run("fill #1 3x100 ; cancel #1")
    report(scenario, .filled, 3, of: 3)
    scenario.run("order #1 -> filled 3/3")
  }

  @Test func lessThanIsFilledAlreadyIsTheEnd() {
    let scenario = scenario(3)
    scenario.run("fill #1 3x100 ; order #1 -> pendingAmend 3/5")
    report(scenario, .partiallyFilled, 3, of: 3)
    scenario.run("order #1 -> filled 3/3")
  }

  /// The refusal was of an earlier change, and came twice.
  @Test func aRefusalDoesNotMakeTheChangeForgotten() {
    let scenario = scenario(8)
    report(scenario, .accepted, 0, of: 5, reason: KEEL_REASON_VENUE)
    scenario.run("order #1 -> accepted 0/5")
    report(scenario, .accepted, 0, of: 8)
    scenario.run("order #1 -> accepted 0/8")
  }

  @Test func totalsCountUpToTheChangedQuantity() {
    let scenario = scenario(8)
    var record = keel_ev_order()
    record.h = keel_event(KEEL_EV_ORDER, of: keel_ev_order.self)
    record.order_id = scenario.orderIDs[0]
    record.state = OrderState.partiallyFilled.rawValue
    (record.limit, record.trigger, record.qty, record.filled) = (100, KEEL_NULL, 8, 7)
    record.average = 100
    record.is_cumulative = 1
    scenario.append(record)
    scenario.turn()
    scenario.run("order #1 -> partiallyFilled 7/8")
    scenario.run("position P -> 7 cost 700 realised 0 working 1/0")
  }

  /// A report on an order that somebody placed at the venue.
  private func sayByHand(_ scenario: KernelScenario, _ state: OrderState, _ filled: Int64) {
    var record = keel_ev_order()
    record.h = keel_event(
      KEEL_EV_ORDER, of: keel_ev_order.self, instrument: ScenarioInstrument.id("P"))
    (record.limit, record.trigger, record.qty, record.filled) = (100, KEEL_NULL, 5, filled)
    record.state = state.rawValue
    record.side = UInt8(KEEL_BUY)
    record.order_type = UInt8(KEEL_LIMIT)
    record.tif = UInt8(KEEL_GTC)
    FixedText.write("by-hand", to: &record.client_id)
    scenario.append(record)
    scenario.turn()
  }
  private func fillByHand(_ scenario: KernelScenario, _ quantity: Int64) {
    var fill = keel_ev_fill()
    fill.h = keel_event(
      KEEL_EV_FILL, of: keel_ev_fill.self, instrument: ScenarioInstrument.id("P"))
    (fill.px, fill.qty, fill.side) = (100, quantity, UInt8(KEEL_BUY))
    FixedText.write(scenario.nextExecution(), to: &fill.exec_id)
    FixedText.write("by-hand", to: &fill.client_id)
    scenario.append(fill)
    scenario.turn()
  }

  /// Its fill came before the host knew of it, and is booked: nothing is waited for.
  @Test func anOrderPlacedByHandEndsWhenTheVenueSaysSo() {
    let scenario = KernelScenario()
    fillByHand(scenario, 2)
    sayByHand(scenario, .accepted, 0)
    #expect(scenario.kernel.state.orders.openCount == 1)
    sayByHand(scenario, .cancelled, 2)
    #expect(scenario.kernel.state.orders.openCount == 0)
    scenario.run("position P 0 -> 2 cost 200 realised 0 working 0/0")
  }

  /// Its fills may be told before it is and after: its reports alone count.
  @Test func anOrderPlacedByHandIsFilledAsFarAsTheVenueSays() {
    let scenario = KernelScenario()
    sayByHand(scenario, .partiallyFilled, 3)
    fillByHand(scenario, 3)
    scenario.run("position P 0 -> 3 cost 300 realised 0 working 2/0")
    sayByHand(scenario, .partiallyFilled, 4)
    scenario.run("position P 0 -> 3 cost 300 realised 0 working 1/0")
    sayByHand(scenario, .partiallyFilled, 5)
    #expect(scenario.kernel.state.orders.openCount == 0)
  }

  @Test func aLateWordOnAFinishedOrderBringsNoneBack() {
    let scenario = KernelScenario()
    sayByHand(scenario, .accepted, 0)
    sayByHand(scenario, .cancelled, 0)
    sayByHand(scenario, .accepted, 0)
    #expect(scenario.kernel.state.orders.openCount == 0)
    scenario.run("ignored -> unknown 1 duplicate 0")
  }

  /// Without patience there is a question a turn, not one after the other for ever.
  @Test(arguments: [0, -1, .min + 1] as [Int64])
  func noPatienceIsTheLeastThereIs(_ patience: Int64) {
    let scenario = KernelScenario(risk: [LimitChange(.answerTime, .all, patience)])
    scenario.run("quote P 99x5|101x5 ; buy P 5x100 ; order #1 -> pending 0/5")
    scenario.run("wait 1 ; order #1 -> unknown 0/5")
    #expect(scenario.kernel.nextDue == scenario.now + Nanoseconds(1))
  }
}
