import Kernel
import PluginABI
import Testing

/// Answers that come with a later turn than their batch.
@Suite struct LateAnswerTests {
  private func check(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let scenario = KernelScenario()
    scenario.run("quote P 99x5|101x5")
    scenario.run(text, sourceLocation: sourceLocation)
  }

  @Test func anAnswerCountsInTheTurnItComesWith() {
    check(
      """
      late, buy P 1x100 -> awaited 1
      quote P 98x5|101x5 -> nothing
      answered -> submit #1 buy P 1x100
      """)
  }

  @Test func nothingGoesOutUntilTheAnswerIsThere() {
    check(
      """
      late -> awaited 1
      quote P 98x5|101x5, quote P 97x5|101x5
      trade P 100x1
      heard -> live 1: timer
      answered -> nothing
      heard -> live 1: timer
      wait 1 -> nothing
      heard -> live 1: quote, quote, trade
      """)
  }

  /// What the market did meanwhile is what risk and venue see.
  @Test func riskLooksWhenTheAnswerComes() {
    check(
      """
      late, buy P 1x100 -> awaited 1
      trading halted
      answered -> refused tradingHalted
      """)
  }

  @Test func codeThatEndsWhileItIsAwaitedIsAFault() {
    check(
      """
      late, fault -> awaited 1
      answered -> fault 1, parked 1
      quote P 98x5|101x5 -> nothing
      """)
  }

  @Test func nobodyAwaitsWhatNobodyAsked() {
    check(
      """
      answered -> nothing
      buy P 1x100 -> submit #1 buy P 1x100
      answered, answered -> nothing
      late, buy P 2x100 -> awaited 1
      answered, answered -> submit #2 buy P 2x100
      """)
  }

  /// Other code decides: what the old one would have said does not count.
  @Test func aSwitchDoesNotWaitForTheOld() {
    check(
      """
      shadow:2
      late, buy P 1x100 -> awaited 1
      switch -> nothing
      slot -> generation 2 author 2
      answered -> nothing
      buy P 3x100 -> submit #1 buy P 3x100
      """)
  }

  @Test func aSignalIsHeardWhenItComes() {
    let scenario = KernelScenario(slots: [.alpha, .strategy(alphas: [1])])
    scenario.run(
      """
      quote P 99x5|101x5
      1.late, 1.signal P 0.5 -> 1.awaited 1
      quote P 99x5|101x5
      1.answered -> 1.signal P 0.5
      heard -> live 1: signal 0 P 0.5
      """)
  }

  @Test func lateAnswersAreCounted() {
    let scenario = KernelScenario()
    scenario.run("late ; answered ; late ; answered ; quote P 99x5|101x5 ; late")
    #expect(scenario.kernel.slots[1].lateAnswers == 2 && scenario.kernel.slots[1].isAwaited)
  }

  /// The next turn is due at once, or what came meanwhile would wait for other news.
  @Test func whatWaitedIsDueAtOnce() {
    let scenario = KernelScenario()
    scenario.run("late ; quote P 99x5|101x5 ; answered")
    #expect(scenario.kernel.nextDue == scenario.now)
    scenario.run("wait 1")
    #expect(scenario.kernel.nextDue == nil)
  }
}
