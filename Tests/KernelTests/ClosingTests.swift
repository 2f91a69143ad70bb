import Kernel
import Market
import PluginBridge
import TestSupport
import Testing

/// What a venue closes of its own accord, by liquidation or settlement, is the slots' that hold it.
@Suite struct ClosingTests {
  /// Slot 1 has order #1, slot 2 has #2, each of 20 at 100.
  @discardableResult
  private func scenario(
    _ text: String, second side: String = "buy", sourceLocation: SourceLocation = #_sourceLocation
  ) -> KernelScenario {
    let scenario = KernelScenario(slots: [.strategy(alphas: []), .strategy(alphas: [])])
    scenario.run(
      """
      deposit 2 100000, quote P 100x5|100x5, quote S 100x5|100x5
      buy P 20x100 -> submit #1 buy P 20x100
      2.\(side) P 20x100 -> 2.submit #2 \(side) P 20x100
      """)
    scenario.run(text, sourceLocation: sourceLocation)
    return scenario
  }

  @Test func eachSlotLosesWhatItHolds() {
    let scenario = scenario(
      """
      fill #1 6x100, fill #2 3x100
      closing sell P 9x90 exec=e -> closed sell P 6x90, 2.closed sell P 3x90
      heard -> live 1: fill P sell 6x90, position P 0
      heard 2 -> live 1: fill P sell 3x90, position P 0
      position P -> 0 cost 0 realised -60 working 14/0
      position P 2 -> 0 cost 0 realised -30 working 17/0
      position P 0 -> 0 cost 0 realised 0 working 0/0
      cash 2 -> 99910
      closing sell P 9x90 exec=e -> nothing ; cash 2 -> 99910
      """)
    #expect(scenario.kernel.state.counts.externalFills == 0)
    #expect(scenario.kernel.state.counts.duplicateFills == 1)
  }

  @Test func aPartIsTakenByShareAndWhatIsRoundedByTheSlotsNumbers() {
    scenario(
      """
      fill #1 6x100, fill #2 3x100
      closing sell P 4x90 -> closed sell P 2x90, 2.closed sell P 2x90
      position P -> 4 cost 400 realised -20 working 14/0
      position P 2 -> 1 cost 100 realised -20 working 17/0
      closing sell P 5x90 -> closed sell P 4x90, 2.closed sell P 1x90 ; cash 2 -> 99910
      """)
  }

  /// The account held four: nobody holds anything any more, nor against anybody.
  @Test func whoHeldAgainstTheAccountIsFlatToo() {
    scenario(
      """
      fill #1 6x100, fill #2 2x100
      closing sell P 4x90 -> closed sell P 6x90, 2.closed buy P 2x90
      position P -> 0 cost 0 realised -60 working 14/0
      position P 2 -> 0 cost 0 realised 20 working 0/18 ; cash 2 -> 99960 ; equity -> 99960
      """, second: "sell")
  }

  @Test func whatIsClosedBeyondWhatIsHeldIsTheHosts() {
    scenario(
      """
      fill #1 6x100, fill #2 3x100
      closing sell P 11x90 -> 0.closed sell P 2x90, closed sell P 6x90, 2.closed sell P 3x90
      position P 0 -> -2 cost -180 realised 0 working 0/0
      """)
  }

  @Test func whatNoSlotHoldsIsTheHostsWhole() {
    let scenario = scenario(
      """
      closing sell P 5x90 -> nothing ; position P 0 -> -5 cost -450 realised 0 working 0/0
      fill #1 3x100 ; closing sell P 1x90 -> nothing
      position P -> 3 cost 300 realised 0 working 17/0
      position P 0 -> -6 cost -540 realised 0 working 0/0
      """)
    #expect(scenario.kernel.state.counts.externalFills == 2)
  }

  @Test func theFeeIsSharedToTheLastUnit() {
    let scenario = scenario(
      "fill #1 6x100, fill #2 3x100 ; closing sell P 9x100 fee=10 ; cash 2 -> 99990")
    let id = ScenarioInstrument.id("P")
    let fees = (1...2).map { scenario.kernel.state.positions[$0, id].fees / 10_000_000_000_000_000 }
    #expect(fees == [6, 4])
  }

  /// What is owned goes, and what it brings comes.
  @Test func spotIsClosedToo() {
    scenario(
      """
      deposit 3 1, buy S 8x100 ; fill #3 8x100 ; cash 2 -> 99200 ; cash 3 -> 9
      closing sell S 8x90 -> closed sell S 8x90 ; cash 2 -> 99920 ; cash 3 -> 1
      position S -> 0 cost 0 realised -80 working 0/0
      """)
  }

  @Test func whatWasToReduceItEnds() {
    scenario(
      """
      fill #1 20x100, fill #2 20x100
      sell P 20 stop=80 reduce -> nothing
      closing sell P 40x90 -> closed sell P 20x90, 2.closed sell P 20x90
      order #3 -> cancelled 0/20
      """)
  }

  @Test func aReplayClosesTheSame() {
    let scenario = scenario(
      """
      fill #1 6x100, fill #2 3x100 ; closing sell P 4x90 fee=7 ; 2.sell P 1x95
      closing sell P 5x90
      """)
    let replayed = KernelScenario(replaying: scenario, restoringEvery: 1)
    #expect(replayed.produced == scenario.produced)
  }
}
