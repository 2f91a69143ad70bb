import Kernel
import Market
import PluginABI
import PluginBridge
import Testing

/// Cost, profit and cash, to the last unit.
@Suite struct PositionTests {
  /// Enough cash, and working orders on both sides of each instrument to be filled at will:
  /// #1 buys and #2 sells P, #3 buys and #4 sells S, #5 buys and #6 sells F.
  private func scenario() -> KernelScenario {
    let scenario = KernelScenario()
    scenario.run(
      """
      deposit 2 1000000, deposit 3 1000
      quote P 100x1|100x1, quote S 100x1|100x1, quote F 100x1|100x1
      buy P 1000x100, sell P 1000x100, buy S 1000x100, sell S 1000x100
      buy F 1000x100, sell F 1000x100
      wait 1
      """)
    return scenario
  }
  private func check(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    scenario().run(text, sourceLocation: sourceLocation)
  }

  @Test func openAddReduceClose() {
    check(
      """
      fill #1 2x100 ; position P -> 2 cost 200 realised 0 working 998/1000
      fill #1 1x103 ; position P -> 3 cost 303 realised 0 working 997/1000
      fill #2 1x110 ; position P -> 2 cost 202 realised 9 working 997/999
      fill #2 2x90 ; position P -> 0 cost 0 realised -13 working 997/997
      cash 2 -> 999987
      """)
  }

  @Test func shortIsTheMirror() {
    check(
      """
      fill #2 3x101 ; position P -> -3 cost -303 realised 0 working 1000/997
      heard -> live 1: fill #2 3x101, order #2 partiallyFilled 3/1000, position P -3@101
      fill #1 1x90 ; position P -> -2 cost -202 realised 11 working 999/997
      fill #1 2x90 ; position P -> 0 cost 0 realised 33 working 997/997
      cash 2 -> 1000033
      """)
  }

  @Test func flip() {
    check(
      """
      fill #1 2x100 ; fill #2 5x110
      position P -> -3 cost -330 realised 20 working 998/995
      fill #1 4x100 ; position P -> 1 cost 100 realised 50 working 994/995
      cash 2 -> 1000050
      """)
  }

  /// A third of 100 cannot be told exactly: what closes is rounded, what stays keeps the rest.
  @Test func partsOfACostAddUp() {
    check(
      """
      fill #1 2x33 ; fill #1 1x34
      fill #2 1x40
      position P -> 2 cost 66.6666666666666667 realised 6.6666666666666667 working 997/999
      fill #2 1x40
      position P -> 1 cost 33.3333333333333333 realised 13.3333333333333333 working 997/998
      fill #2 1x40 ; position P -> 0 cost 0 realised 20 working 997/997
      """)
  }

  /// Units of 10^-17 are rounded to 10^-16, half to even: 15 is 2, 25 is 2, 35 is 4.
  @Test func worthIsRoundedHalfToEven() {
    check(
      """
      fill #5 1x15 ; position F -> 1 cost 0.0000000000000002 realised 0 working 999/1000
      fill #5 1x25 ; position F -> 2 cost 0.0000000000000004 realised 0 working 998/1000
      fill #5 1x35 ; position F -> 3 cost 0.0000000000000008 realised 0 working 997/1000
      """)
  }

  /// Half of a cost of 3 units is 1.5: to the even 2, not to 1. Half of 5 is the even 2.
  @Test func releasedCostIsRoundedHalfToEven() {
    check(
      """
      fill #5 2x15 ; position F -> 2 cost 0.0000000000000003 realised 0 working 998/1000
      fill #6 1x10
      position F -> 1 cost 0.0000000000000001 realised -0.0000000000000001 working 998/999
      """)
    check(
      """
      fill #5 2x25 ; position F -> 2 cost 0.0000000000000005 realised 0 working 998/1000
      fill #6 1x10
      position F -> 1 cost 0.0000000000000003 realised -0.0000000000000001 working 998/999
      """)
  }

  @Test func feesAndRebates() {
    let scenario = scenario()
    scenario.run(
      """
      fill #1 1x100 fee=3 ; cash 2 -> 999997
      fill #2 1x100 fee=-2 ; cash 2 -> 999999
      fill #1 1x100 fee=5 in=3 ; cash 2 -> 999999 ; cash 3 -> 995
      """)
    let account = scenario.kernel.state.cash[0, AssetID(rawValue: 2)]
    #expect(account[.fees] == -10_000_000_000_000_000)
    #expect(account[.realised] == 0)
  }

  @Test func spotExchangesAndDerivativesSettle() {
    check(
      """
      fill #3 2x100 ; cash 2 -> 999800 ; cash 3 -> 1002
      fill #4 1x130 ; cash 2 -> 999930 ; cash 3 -> 1001
      position S -> 1 cost 100 realised 30 working 998/999
      fill #1 2x100 ; cash 2 -> 999930
      fill #2 1x110 ; cash 2 -> 999940
      """)
  }

  /// A venue may say anything: what no sum can hold is ignored, and counted.
  @Test func whatCannotBeCountedIsNotBooked() {
    check(
      """
      fill #1 4611686018427387903x1
      position P -> 4611686018427387903 cost 4611686018427387903 realised 0 working 0/1000
      fill #1 1x1 ; ignored -> unknown 0 duplicate 0 amounts 1
      position P -> 4611686018427387903 cost 4611686018427387903 realised 0 working 0/1000
      fill #2 1x1 ; ignored -> unknown 0 duplicate 0 amounts 1
      position P -> 4611686018427387902 cost 4611686018427387902 realised 0 working 0/999
      """)
    check(
      """
      fill #2 4611686018427387903x1 ; fill #2 1x1 ; ignored -> unknown 0 duplicate 0 amounts 1
      target P 9223372036854775807 -> refused malformed 9223372036854775807/-
      """)
    check(
      """
      fill #5 1x9223372036854775807 ; fill #1 1x1 fee=-9223372036854775807
      deposit 2 2200000000000000000000 ; cash 2 -> 9223372036855775807
      """)
  }

  @Test func withdrawals() {
    check("deposit 2 -400 ; cash 2 -> 999600 ; deposit 7 5 ; cash 7 -> 5")
  }

  @Test func theAccountIsTheSumOfItsSlots() {
    let scenario = KernelScenario(slots: [.strategy(alphas: []), .strategy(alphas: [])])
    scenario.run(
      """
      quote P 100x1|100x1
      1.buy P 5x100, 2.sell P 3x100
      fill #1 5x100 ; fill #2 3x101
      position P 1 -> 5 cost 500 realised 0 working 0/0
      position P 2 -> -3 cost -303 realised 0 working 0/0
      """)
    #expect(scenario.kernel.state.positions.account(ScenarioInstrument.id("P")).quantity == 2)
  }

  /// A new epoch may change the steps; what a mantissa means stays for the life of the id.
  @Test func aDefinitionNeverChangesWhatIsHeld() {
    let scenario = scenario()
    var changed = ScenarioInstrument.all[0].definition
    changed.qty_exp = -1
    changed.tick = 5
    scenario.append(changed)
    scenario.run("quote P 100x1|100x1 ; buy P 1x101 -> submit #7 buy P 1x101")
    changed.qty_exp = 0
    scenario.append(changed)
    scenario.run("quote P 100x1|100x1 ; buy P 1x101 -> refused offTick 101/5")
    scenario.run("fill #1 2x100 ; position P -> 2 cost 200 realised 0 working 999/1000")
  }
}
