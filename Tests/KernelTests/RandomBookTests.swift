import Kernel
import PluginABI
import PluginBridge
import TestSupport
import Testing

/// Thousands of messages against a dictionary: a valid book is never wrong, and what is lost on the
/// way is found.
@Suite struct RandomBookTests {
  private func scenario(levels: Int) -> KernelScenario {
    var limits = Limits.scenario
    limits.bookLevels = levels
    limits.inboxBytes = 65_536
    limits.effectBytes = 4 * 65_536
    return KernelScenario(limits: limits)
  }

  private func give(_ message: RandomBook.Message, to scenario: KernelScenario) {
    for record in message { scenario.append(record) }
    scenario.turn()
  }

  private func book(_ scenario: KernelScenario) throws -> OrderBook {
    let book = scenario.kernel.state.book(ScenarioInstrument.id("P"))
    return try #require(book)
  }

  /// Whatever the depth: at the smallest the horizon is met all the time.
  @Test(arguments: [1, 2, 5, 16, 200], [1, 2, 3] as [UInt64])
  func theBookIsTheBestOfAllLevels(_ levels: Int, _ seed: UInt64) throws {
    var venue = RandomBook(seed: seed)
    let scenario = scenario(levels: levels)
    for _ in 0..<20 { _ = venue.update() }
    give(venue.snapshot(), to: scenario)
    var valid = 0
    for _ in 0..<500 {
      give(venue.update(), to: scenario)
      let book = try book(scenario)
      if book.isValid {
        valid += 1
        if let difference = venue.difference(from: book) { Issue.record("\(difference)") }
      } else {
        #expect(book.fault == .horizonReached)
        give(venue.snapshot(), to: scenario)
      }
    }
    #expect(valid > 100)
    #expect(levels < 200 || valid == 500)
  }

  /// A message lost, or its end: the next message shows it, at the latest. Once a break, a gap.
  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func aLossIsAlwaysFound(_ seed: UInt64) throws {
    var venue = RandomBook(seed: seed)
    let scenario = scenario(levels: 200)
    give(venue.snapshot(), to: scenario)
    var losses: UInt64 = 0
    var hasLost = false
    for _ in 0..<500 {
      var message = venue.update()
      let loses = !hasLost && venue.chance(10)
      if loses {
        let kept = venue.chance(2) ? 0 : venue.number(0...message.count - 1)
        message.removeLast(message.count - kept)
        losses += 1
      }
      give(message, to: scenario)
      let book = try book(scenario)
      #expect(book.breaks == (hasLost || !loses ? losses : losses - 1))
      #expect(book.isValid == !hasLost)
      if hasLost {
        give(venue.snapshot(), to: scenario)
      } else if !loses, let difference = venue.difference(from: book) {
        Issue.record("\(difference)")
      }
      hasLost = loses
    }
    #expect(losses > 20)
    let gaps = scenario.live[1].heard.flatMap { batch in
      batch.records.withRecords { $0.filter { $0.type == KEEL_EV_GAP }.map(\.sequence) }
    }
    let breaks = try book(scenario).breaks
    #expect(gaps.count == Int(breaks))
  }
}
