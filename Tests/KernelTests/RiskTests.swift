import Kernel
import Market
import PluginABI
import Testing

/// Every refusal, at its edge: what is equal to a limit goes, what is beyond it does not.
@Suite struct RiskTests {
  private static func worth(_ whole: Int64) -> Int64 { whole * 1_000_000 }
  private func check(
    _ text: String, _ risk: [LimitChange] = [], limits: Limits = .scenario,
    slots: [KernelScenario.SlotWish] = [.strategy(alphas: [])],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    KernelScenario(risk: risk, limits: limits, slots: slots)
      .run(text, sourceLocation: sourceLocation)
  }

  @Test func ticksLotsAndMinimums() {
    check(
      """
      quote C 495x10|505x10
      buy C 20x500 -> submit #1 buy C 20x500
      buy C 20x501 -> refused offTick 501/5
      buy C 20x0 -> refused offTick 0/5
      buy C 20x-5 -> refused offTick -5/5
      buy C 25x500 -> refused offLot 25/10
      buy C 10x500 -> refused belowMinimum 10/20
      buy C 20x250 -> submit #2 buy C 20x250
      buy C 20x245 -> refused belowNotional 4900/5000
      sell C 20 -> submit #3 sell C 20
      """)
  }

  @Test func worthOfAnOrder() {
    check(
      """
      quote P 99x5|101x5
      buy P 10x100 -> submit #1 buy P 10x100
      buy P 11x100 -> refused orderNotional 1100/1000
      buy P 1x1001 -> refused orderNotional 1001/1000
      sell P 10 -> submit #2 sell P 10
      sell P 11 -> refused orderNotional 1100/1000
      """, [LimitChange(.orderWorth, .all, Self.worth(1_000))])
  }

  /// Selling at any price is still selling what the market says it is worth.
  @Test func aLowLimitMakesNothingCheap() {
    check(
      """
      quote P 100x5|100x5
      sell P 11x1 -> refused orderNotional 1100/1000
      sell P 10x1 -> submit #1 sell P 10x1
      """, [LimitChange(.orderWorth, .all, Self.worth(1_000))])
    check(
      """
      quote P 100x5|100x5
      sell P 11x1 -> refused positionLimit 1100/1000
      sell P 10x1 -> submit #1 sell P 10x1
      """, [LimitChange(.positionWorth, .all, Self.worth(1_000))])
  }

  /// A price that nothing can be worth is none.
  @Test func unsoundPricesAreNoReference() {
    check(
      """
      quote P -100x5|101x5
      buy P 1 -> refused staleData
      quote P 102x5|100x5
      buy P 1 -> refused staleData
      quote P 100x5|101x5
      buy P 1 -> submit #1 buy P 1
      """)
  }

  @Test func worthOfAPositionCountsWhatWorks() {
    check(
      """
      quote P 100x5|100x5
      buy P 6x100 -> submit #1 buy P 6x100
      buy P 4x100 -> submit #2 buy P 4x100
      buy P 1x100 -> refused positionLimit 1100/1000
      sell P 10x100 -> submit #3 sell P 10x100
      sell P 1x100 -> refused positionLimit 1100/1000
      fill #1 6x100 ; fill #2 4x100
      buy P 1x100 -> refused positionLimit 1100/1000
      fill #3 10x100 ; position P -> 0 cost 0 realised 0 working 0/0
      buy P 10x100 -> submit #4 buy P 10x100
      """, [LimitChange(.positionWorth, .all, Self.worth(1_000))])
  }

  @Test func aPositionBeyondItsLimitMayShrink() {
    check(
      """
      quote P 100x5|100x5
      buy P 10x100 ; fill #1 10x100
      quote P 200x5|200x5
      sell P 3x200 -> submit #2 sell P 3x200
      sell P 7x200 -> submit #3 sell P 7x200
      sell P 6x200 -> refused positionLimit 1200/1000
      sell P 5x200 -> submit #4 sell P 5x200
      buy P 1x200 -> refused positionLimit 2200/1000
      """, [LimitChange(.positionWorth, .all, Self.worth(1_000))])
  }

  @Test func collar() {
    check(
      """
      quote P 99x5|101x5
      buy P 1x105 -> submit #1 buy P 1x105
      buy P 1x106 -> refused priceCollar 106/100
      sell P 1x95 -> submit #2 sell P 1x95
      sell P 1x94 -> refused priceCollar 94/100
      buy P 1 -> submit #3 buy P 1
      """, [LimitChange(.priceCollar, .all, 50_000)])
  }

  @Test func ageOfThePrice() {
    check(
      """
      buy P 1x100 -> refused staleData
      quote P 99x5|101x5
      wait 10, buy P 1x100 -> submit #1 buy P 1x100
      wait 1, buy P 1x100 -> refused staleData 11/10
      trade P 1x100
      sell P 1 -> submit #2 sell P 1
      wait 11, bar P 100, sell P 1 -> submit #3 sell P 1
      wait 11, cancel #1 -> cancel #1
      """, [LimitChange(.dataAge, .all, 10)])
  }

  @Test func haltedInstrument() {
    check(
      """
      quote P 99x5|101x5
      buy P 1x100 -> submit #1 buy P 1x100
      halt P
      buy P 1x100 -> refused halted
      cancel #1 -> cancel #1
      resume P
      buy P 1x100 -> submit #2 buy P 1x100
      """)
  }

  @Test func spotIsPaidFor() {
    check(
      """
      deposit 2 1000, quote S 100x5|100x5
      buy S 6x100 -> submit #1 buy S 6x100
      buy S 4x100 -> submit #2 buy S 4x100
      buy S 1x100 -> refused insufficientCash 1100/1000
      fill #1 4x100 ; cash 2 -> 600 ; cash 3 -> 4
      buy S 1x100 -> refused insufficientCash 700/600
      cancel #2 ; buy S 1x100 -> refused insufficientCash 700/600
      cancelled #2 ; buy S 4x100 -> submit #3 buy S 4x100
      sell S 5x100 -> refused insufficientCash 5/4
      sell S 3x100 -> submit #4 sell S 3x100
      sell S 2x100 -> refused insufficientCash 5/4
      sell S 1 -> submit #5 sell S 1
      """)
  }

  @Test func oneAssetIsSpentOnceAcrossInstruments() {
    check(
      """
      deposit 3 10, deposit 4 1000, quote S 100x5|100x5, quote T 50x5|50x5, quote U 2x5|2x5
      sell S 6x100 -> submit #1 sell S 6x100
      sell T 5x50 -> refused insufficientCash 11/10
      sell T 2x50 -> submit #2 sell T 2x50
      buy U 2x2 -> refused insufficientCash 12/10
      buy U 1x2 -> submit #3 buy U 1x2
      sell S 1 -> refused insufficientCash 11/10
      """)
  }

  @Test func aWorkingMarketOrderIsWorthItsOwnPrice() {
    check(
      """
      deposit 2 1000, deposit 4 1000000, quote S 100x5|100x5, quote T 50000x5|50000x5
      buy S 5 -> submit #1 buy S 5
      buy S 5x100 -> submit #2 buy S 5x100
      buy T 20x50000 -> submit #3 buy T 20x50000
      """)
    check(
      """
      deposit 3 100, quote U 10x1|10x1, quote S 1x1|1x1
      buy U 5 -> submit #1 buy U 5
      sell S 51x1 -> refused insufficientCash 101/100
      sell S 50x1 -> submit #2 sell S 50x1
      """)
  }

  @Test func perpetualsNeedNoCash() {
    check("quote P 100x1|100x1 ; sell P 1000 -> submit #1 sell P 1000")
  }

  @Test func amountsBeyondTheLedgerAreRefusedNotTrapped() {
    let most = Int64.max
    check(
      """
      deposit 3 5, quote P 1x1|1x1, quote S 1x1|1x1
      buy P \(most)x1 -> submit #1 buy P \(most)x1
      buy P \(most)x1 -> refused positionLimit
      sell P \(most)x1 -> submit #2 sell P \(most)x1
      sell P 2x1 -> refused positionLimit
      buy P \(most)x\(most) -> refused orderNotional
      sell S \(most)x1 -> refused insufficientCash -/5
      sell S 5x1 -> submit #3 sell S 5x1
      sell S \(most)x1 -> refused positionLimit
      """)
  }

  @Test func fullTable() {
    var limits = Limits.scenario
    limits.orders = 2
    check(
      """
      quote P 100x1|100x1
      buy P 1x100 -> submit #1 buy P 1x100
      buy P 1x100 -> submit #2 buy P 1x100
      buy P 1x100 -> refused capacity
      position P -> 0 cost 0 realised 0 working 2/0
      cancelled #1 ; buy P 1x100 -> submit #3 buy P 1x100
      order #1 -> forgotten
      """, limits: limits)
  }

  /// A slot has its share of the table, and no more.
  @Test func fullShare() {
    var limits = Limits.scenario
    limits.openOrdersPerSlot = 1
    check(
      """
      quote P 100x1|100x1
      buy P 1x100 -> submit #1 buy P 1x100
      buy P 1x100 -> refused capacity
      cancelled #1 ; buy P 1x100 -> submit #2 buy P 1x100
      """, limits: limits)
  }

  @Test func limitsAreChangedByARecord() {
    let scenario = KernelScenario()
    scenario.run("quote P 100x1|100x1 ; buy P 5x100 -> submit #1 buy P 5x100")
    scenario.append(limits: [LimitChange(.orderWorth, .all, Self.worth(400))])
    scenario.run("buy P 5x100 -> refused orderNotional 500/400")
    #expect(scenario.kernel.risk.limits[.orderWorth] == Self.worth(400))
    #expect(scenario.kernel.risk.limits[.dataAge] == nil)
  }
}
