import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport
import Testing

/// From alphas to the strategies that listen to them.
@Suite struct SignalTests {
  /// Alphas 1 and 2; strategy 3 listens to both, 2 first; strategy 4 to none.
  private func scenario() -> KernelScenario {
    KernelScenario(
      slots: [.alpha, .alpha, .strategy(alphas: [2, 1]), .strategy(alphas: [])])
  }

  @Test func deliveredInTheSameTurnUnderThePositionOfTheAlpha() {
    scenario().run(
      """
      1.signal P 0.5 -> 1.signal P 0.5
      heard 3 -> live 1: signal 1 P 0.5
      2.signal S -1, 2.signal S 1 0 -> 2.signal S -1.0, 2.signal S 1.0
      heard 3 -> live 1: signal 0 S -1.0, signal 0 S 1.0
      heard 4 -> nothing
      """)
  }

  @Test(arguments: ["nan", "inf", "-inf", "1.0000001", "-2"])
  func aScoreOutOfRangeIsRefused(_ score: String) {
    let given = Double(score)!
    scenario().run(
      "1.signal P \(score) -> 1.signal P \(given), 1.refused notFinite ; heard 3 -> nothing")
  }

  @Test(arguments: ["nan", "-0.1", "1.1", "inf"])
  func aConfidenceOutOfRangeIsRefused(_ confidence: String) {
    scenario().run(
      """
      1.signal P 0 \(confidence) -> 1.signal P 0.0, 1.refused notFinite
      heard 3 -> nothing
      """)
  }

  @Test func namedValuesAreNumbersToo() {
    let scenario = scenario()
    var signal = KernelScenario.signal(["P", "0.5"])
    signal.values.1.value = .nan
    scenario.live[1].answer(signal)  // not used: not looked at
    scenario.run("quote P 1x1|2x1 -> 1.signal P 0.5")
    signal.count = 2
    scenario.live[1].answer(signal)
    scenario.run("quote P 1x1|2x1 -> 1.signal P 0.5, 1.refused notFinite")
    signal.count = 7
    scenario.live[1].answer(signal)
    scenario.run("quote P 1x1|2x1 -> 1.signal P 0.5, 1.refused notFinite")
    scenario.run("heard 3 -> live 1: quote")
  }

  /// Whoever reads the journal sees what was given, to the bit, and then what was said to it.
  @Test func aRefusedSignalIsOnRecordAsItWasGiven() throws {
    let scenario = scenario()
    var signal = KernelScenario.signal(["P", "0.5"])
    signal.score = Double(nan: 0x123, signaling: false)
    signal.count = 1
    signal.values.0.key = 77
    scenario.live[1].answer(signal)
    scenario.run("quote P 1x1|2x1")
    let effects = try #require(scenario.produced.last)
    effects.withRecords { records in
      var records = records
      let journaled = records.next()?.cast(to: keel_signal.self)?.pointee
      #expect(journaled?.score.bitPattern == signal.score.bitPattern)
      #expect(journaled?.values.0.key == 77)
      let decision = records.next()?.cast(to: keel_rec_decision.self)?.pointee
      #expect(decision.map { Int($0.reason) } == KEEL_REASON_NOT_FINITE)
      #expect(decision?.approved == 0 && decision?.h.source == 1)
      #expect(records.next()?.type == KEEL_REC_TURN_END)
    }
  }

  /// A record may have grown at its end; what is handed on is as long as it says.
  @Test func aLongerSignalIsHandedOnWhole() {
    let scenario = scenario()
    var signal = KernelScenario.signal(["P", "0.5"])
    signal.h.size += 8
    scenario.live[1].answer(signal)
    scenario.live[1].answer(UInt64(1))
    scenario.run(
      """
      1.signal P 0.25, quote P 1x1|2x1 -> 1.signal P 0.5, 1.signal P 0.25
      heard 3 -> live 1: quote, signal 1 P 0.5, signal 1 P 0.25
      """)
  }

  @Test func anAlphaDoesNotTrade() {
    scenario().run("quote P 1x1|2x1 ; 1.buy P 1x1 -> nothing")
  }

  @Test func aFaultyAlphaIsParkedAndTheStrategyGoesOn() {
    scenario().run(
      """
      quote P 1x1|2x1
      1.fault, quote P 1x1|2x1 -> 1.fault 1, 1.parked 1
      buy P 1x1, 2.signal P 0.5 -> 2.signal P 0.5, submit #1 buy P 1x1
      """)
  }
}
