import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport
import Testing

/// What venues really send: late, twice, and in the wrong order.
@Suite struct OrderLifecycleTests {
  /// One order of 5 at 100 is working.
  private func check(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let scenario = KernelScenario()
    scenario.run("quote P 99x5|101x5 ; buy P 5x100 -> submit #1 buy P 5x100")
    scenario.run(text, sourceLocation: sourceLocation)
  }

  @Test func theUsualCourse() {
    check(
      """
      order #1 -> pending 0/5
      ack #1 ; order #1 -> accepted 0/5
      heard -> live 1: order #1 pending 0/5, order #1 accepted 0/5
      fill #1 2x100 ; order #1 -> partiallyFilled 2/5
      heard -> live 1: fill #1 2x100, order #1 partiallyFilled 2/5, position P 2@100
      fill #1 3x99 ; order #1 -> filled 5/5
      heard -> live 1: fill #1 3x99, order #1 filled 5/5, position P 5@99
      position P -> 5 cost 497 realised 0 working 0/0
      """)
  }

  /// Its slot knows of a sent order before any venue does, and hears of it once.
  @Test func aSentOrderIsToldToItsSlot() {
    check(
      """
      heard -> live 1: timer
      wait 1 -> nothing
      heard -> live 1: order #1 pending 0/5
      quote P 99x5|101x5 ; heard -> live 1: quote
      buy P 1x100, quote P 99x5|101x5 ; cancel #2 -> cancel #2
      heard -> live 1: order #2 pending 0/1, timer
      """)
  }

  @Test func itIsToldToNobodyElse() {
    KernelScenario(slots: [.strategy(alphas: []), .strategy(alphas: [])]).run(
      """
      quote P 99x5|101x5
      2.buy P 5x100 -> 2.submit #1 buy P 5x100
      wait 1 -> nothing
      heard 1 -> live 1: quote
      heard 2 -> live 1: order #1 pending 0/5
      """)
  }

  @Test func whatItIsTold() throws {
    let scenario = KernelScenario()
    scenario.run("quote P 99x5|101x5 ; buy P 5x100 id=7")
    let decision = scenario.kernel.sequence - 2
    scenario.run("wait 1")
    let batch = try #require(scenario.live[1].heard.last)
    batch.records.withRecords { records in
      var records = records
      let update = records.next().flatMap { OrderUpdate($0) }
      #expect(update?.state == .pending && update?.intentID == 7)
      #expect(update?.orderID == scenario.orderIDs[0])
      #expect(update?.raw.pointee.h.seq == decision, "it follows from the decision")
      #expect(update?.raw.pointee.generation == 1 && update?.limit == Price(mantissa: 100))
    }
  }

  @Test func fillBeforeAcknowledgement() {
    check(
      """
      fill #1 2x100 ; ack #1 ; order #1 -> partiallyFilled 2/5
      fill #1 3x100 ; ack #1 ; order #1 -> filled 5/5
      ignored -> unknown 1 duplicate 0
      """)
  }

  @Test func theFillDecidesNotTheWordFilled() {
    check(
      """
      ack #1 ; filled #1 ; order #1 -> accepted 0/5
      partly #1 ; order #1 -> accepted 0/5
      fill #1 5x100 ; order #1 -> filled 5/5
      partly #1 ; cancelled #1 ; order #1 -> filled 5/5
      """)
  }

  @Test func neverPendingAgain() {
    check("ack #1 ; pending #1 ; order #1 -> accepted 0/5")
  }

  @Test func theSameReportTwiceIsHeardOnce() {
    check("ack #1 ; quote P 99x5|101x5 ; ack #1 ; heard -> live 1: quote")
  }

  @Test func cancelledAfterSomeFills() {
    check(
      """
      ack #1 ; fill #1 2x100 ; cancel #1 -> cancel #1
      position P -> 2 cost 200 realised 0 working 3/0
      ack #1 ; partly #1 ; order #1 -> pendingCancel 2/5
      fill #1 1x100 ; order #1 -> pendingCancel 3/5
      cancelled #1 ; order #1 -> cancelled 3/5
      position P -> 3 cost 300 realised 0 working 0/0
      heard -> live 1: order #1 cancelled 3/5
      """)
  }

  @Test func cancelConfirmedAfterTheLastFill() {
    check(
      """
      cancel #1 ; fill #1 5x100 ; order #1 -> filled 5/5
      cancelled #1 ; order #1 -> filled 5/5
      ignored -> unknown 1 duplicate 0
      position P -> 5 cost 500 realised 0 working 0/0
      """)
  }

  @Test func aFillAfterTheCancelIsStillTrue() {
    check(
      """
      cancel #1 ; cancelled #1 ; fill #1 2x100
      order #1 -> cancelled 2/5
      position P -> 2 cost 200 realised 0 working 0/0
      heard -> live 1: fill #1 2x100, order #1 cancelled 2/5, position P 2@100
      """)
  }

  @Test func rejectedByTheVenue() {
    check(
      """
      rejected #1 ; order #1 -> rejected 0/5
      position P -> 0 cost 0 realised 0 working 0/0
      ack #1 ; order #1 -> rejected 0/5
      cancel #1 -> refused unknownOrder
      """)
  }

  @Test func anUnknownOutcomeStaysOpen() {
    check(
      """
      unknown #1 ; order #1 -> unknown 0/5
      position P -> 0 cost 0 realised 0 working 5/0
      ack #1 ; order #1 -> accepted 0/5
      expired #1 ; order #1 -> expired 0/5
      """)
  }

  @Test func anExecutionCountsOnce() {
    check(
      """
      fill #1 2x100 exec=a ; fill #1 2x100 exec=a
      fill #1 2x100 exec=b, fill #1 2x100 exec=b
      ignored -> unknown 0 duplicate 2
      order #1 -> partiallyFilled 4/5
      position P -> 4 cost 400 realised 0 working 1/0
      heard -> live 1: fill #1 2x100, order #1 partiallyFilled 4/5, position P 4@100
      """)
  }

  /// Exactly as many executions are remembered as the limit says.
  @Test func theMemoryForExecutionsIsExact() {
    var limits = Limits.scenario
    limits.recentIDs = 64
    let scenario = KernelScenario(limits: limits)
    scenario.run("quote P 100x1|100x1 ; buy P 10000x100")
    for round in 0..<500 {
      scenario.run("fill #1 1x100 exec=e\(round)")
      for back in [0, 1, 31, 63] where back <= round {
        scenario.run("fill #1 1x100 exec=e\(round - back)")
      }
    }
    #expect(scenario.kernel.state.positions[1, ScenarioInstrument.id("P")].quantity == 500)
    scenario.run("fill #1 1x100 exec=e436 ; fill #1 1x100 exec=e435")
    scenario.run("fill #1 1x100 exec=e435 ; position P -> 501 cost 50100 realised 0 working 9499/0")
  }

  @Test func moreThanWasAskedFor() {
    check(
      """
      fill #1 3x100 ; fill #1 4x100
      order #1 -> filled 5/5
      position P -> 7 cost 700 realised 0 working 0/0
      fill #1 1x100 ; position P -> 8 cost 800 realised 0 working 0/0
      """)
  }

  @Test func reportsAboutNothing() {
    check(
      """
      ack #9 ; fill #9 5x100 ; cancelled #9
      ignored -> unknown 3 duplicate 0
      position P -> 0 cost 0 realised 0 working 5/0
      """)
  }

  @Test func eachOrderHasItsOwnName() {
    let scenario = KernelScenario()
    scenario.run("quote P 99x5|101x5")
    for round in 0..<200 {
      scenario.run("buy P 1x100 ; ack #\(round + 1) ; cancelled #\(round + 1)")
    }
    #expect(Set(scenario.orderIDs).count == 200)
  }
}
