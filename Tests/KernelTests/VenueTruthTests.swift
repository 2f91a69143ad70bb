import Kernel
import Market
import PluginBridge
import TestSupport
import Testing

/// What venues say and do besides the plain course of an order: no answer, totals instead of fills,
/// orders by hand, funding, contracts of every kind.
@Suite struct VenueTruthTests {
  private func scenario(_ text: String, sourceLocation: SourceLocation = #_sourceLocation)
    -> KernelScenario
  {
    let scenario = KernelScenario()
    scenario.run(
      "deposit 2 100000 ; quote P 99x5|101x5\n" + text, sourceLocation: sourceLocation)
    return scenario
  }
  private static let perpetual = ScenarioInstrument.id("P")

  // MARK: answers

  @Test func whatGetsNoAnswerIsAskedAboutAndNeverTakenForRefused() {
    let scenario = KernelScenario()
    scenario.append(limits: [LimitChange(.answerTime, .all, 100)])
    scenario.run(
      """
      quote P 99x5|101x5 ; buy P 5x100 -> submit #1 buy P 5x100
      wait 99 -> nothing ; wait 1 -> query #1 ; order #1 -> unknown 0/5
      wait 50 -> nothing ; wait 50 -> query #1
      ack #1 -> nothing ; order #1 -> accepted 0/5 ; wait 500 -> nothing
      cancel #1 -> cancel #1 ; wait 100 -> query #1 ; order #1 -> unknown 0/5
      cancelled #1 ; order #1 -> cancelled 0/5
      """)
  }

  @Test func anUnknownOutcomeIsAskedAboutAtOnce() {
    _ = scenario(
      """
      buy P 5x100 ; unknown #1 -> query #1 ; order #1 -> unknown 0/5
      position P -> 0 cost 0 realised 0 working 5/0
      rejected #1 missing ; order #1 -> rejected 0/5
      position P -> 0 cost 0 realised 0 working 0/0
      """)
  }

  /// The venue says that it is over, and two fills are still on their way.
  @Test func anEndWaitsForTheFillsItTellsOf() {
    _ = scenario(
      """
      buy P 5x100 ; ack #1 ; cancelled #1 filled=3 ; order #1 -> accepted 0/5
      fill #1 2x100 ; order #1 -> partiallyFilled 2/5
      fill #1 1x100 ; order #1 -> cancelled 3/5
      position P -> 3 cost 300 realised 0 working 0/0
      """)
  }

  @Test func totalsAreTurnedIntoFills() {
    _ = scenario(
      """
      buy P 5x100 ; ack #1 cumulative filled=2 average=100 ; order #1 -> partiallyFilled 2/5
      position P -> 2 cost 200 realised 0 working 3/0
      ack #1 cumulative filled=2 average=100 ; position P -> 2 cost 200 realised 0 working 3/0
      ack #1 cumulative filled=5 average=102 ; order #1 -> filled 5/5
      position P -> 5 cost 510 realised 0 working 0/0
      """)
  }

  @Test func changesAreAskedForOneAtATime() {
    _ = scenario(
      """
      buy P 5x100 ; ack #1 ; amend #1 limit=101 -> refused unsupported
      account 0 amend ; amend #1 limit=99 qty=7 -> amend #1 7x99
      order #1 -> pendingAmend 0/5 ; amend #1 limit=98 -> refused changeUnderWay
      ack #1 limit=99 qty=7 ; order #1 -> accepted 0/7
      position P -> 0 cost 0 realised 0 working 7/0
      amend #1 qty=6 -> amend #1 6x99 ; ack #1 refused ; order #1 -> accepted 0/7
      cancel #1 -> cancel #1 ; ack #1 refused ; order #1 -> accepted 0/7
      """)
  }

  // MARK: others' doings

  @Test func whatNobodyHereOrderedIsTheHosts() {
    let scenario = scenario(
      """
      external buy P 5x100 exec=e ; external buy P 5x100 exec=e
      position P -> 0 cost 0 realised 0 working 0/0
      found buy P 3x90 venue=V1 ; kill -> 0.cancel #?
      found buy P 3x90 venue=V1 cancelled
      """)
    let state = scenario.kernel.state.counts
    #expect(scenario.kernel.state.positions[0, Self.perpetual].quantity == 5)
    #expect(scenario.kernel.state.positions.account(Self.perpetual).quantity == 5)
    #expect(state.externalFills == 1 && state.externalOrders == 1 && state.duplicateFills == 1)
    #expect(scenario.kernel.state.orders.openCount == 0)
  }

  @Test func theKillSwitchClearsTheMarketAndCloses() {
    _ = scenario(
      """
      buy P 5x100 ; fill #1 5x100 ; buy P 2x90, sell P 1 stop=80 -> submit #2 buy P 2x90
      killflat -> cancel #2 ; order #3 -> cancelled 0/1
      buy P 1x100 -> refused tradingHalted
      cancelled #2 -> submit #4 sell P 5
      fill #4 5x99 ; position P -> 0 cost 0 realised -5 working 0/0
      """)
  }

  // MARK: money

  @Test func fundingIsPaidOnceForEachTime() {
    _ = scenario(
      """
      buy P 10x100 ; fill #1 10x100 ; cash 2 -> 100000
      funding P 1000 mark=100 due=500 ; cash 2 -> 99999
      funding P 1000 mark=100 due=500 ; cash 2 -> 99999
      funding P 1000 mark=100 due=5000 ; cash 2 -> 99999
      funding P -2000 mark=100 due=600 ; cash 2 -> 100001
      sell P 30x100 ; fill #2 30x100 ; funding P 1000 mark=100 due=700 ; cash 2 -> 100003
      """)
  }

  /// Ten at 110 of the mark that was told before; without any, at the middle of the best prices.
  @Test func fundingToldWithoutAPriceIsOfTheValuation() {
    _ = scenario(
      """
      buy P 10x100 ; fill #1 10x100
      funding P 1000 due=500 ; cash 2 -> 99999
      mark P 110, funding P 10000 due=600 ; cash 2 -> 99988
      """)
    let unpriced = KernelScenario()
    unpriced.run(
      """
      deposit 2 100000, external buy P 10x100, funding P 1000 due=500 ; cash 2 -> 100000
      quote P 100x5|100x5, funding P 1000 due=500 ; cash 2 -> 99999
      """)
  }

  /// A hundred contracts of one each, from 50 to 100: two coins at first, one at the end.
  @Test func inverseContractsSettleInTheirBase() {
    _ = scenario(
      """
      quote I 50x500|50x500 ; buy I 100x50 ; fill #1 100x50
      position I -> 100 cost -2 realised 0 working 0/0
      quote I 100x500|100x500 ; sell I 100x100 ; fill #2 100x100
      position I -> 0 cost 0 realised 1 working 0/0 ; cash 3 -> 1
      """)
  }

  @Test func anOptionsPremiumIsPaidWhenItIsTraded() {
    _ = scenario(
      """
      quote O 5x50|5x50 ; buy O 10x5 ; fill #1 10x5 ; cash 2 -> 99950
      sell O 10x8 ; fill #2 10x8 ; cash 2 -> 100030
      position O -> 0 cost 0 realised 30 working 0/0
      """)
  }

  @Test func anAccountThatHoldsBothSidesKeepsThemApart() {
    let scenario = scenario(
      """
      account 1 hedging ; quote H 100x5|100x5
      buy H 5x100 -> refused positionSide ; target H 5 -> refused positionSide
      buy P 1x100 long -> refused positionSide
      buy H 5x100 long -> submit #1 buy H 5x100 ; fill #1 5x100
      sell H 3x101 short -> submit #2 sell H 3x101 ; fill #2 3x101
      """)
    let id = ScenarioInstrument.id("H")
    #expect(scenario.kernel.state.positions[1, id, .long].quantity == 5)
    #expect(scenario.kernel.state.positions[1, id, .short].quantity == -3)
    #expect(scenario.kernel.state.positions.account(id, .short).quantity == -3)
  }
}
