import PluginABI
import TestSupport
import Testing

@testable import Sessions

/// New code that fails, and what becomes of the slot then.
@Suite struct SwapFaultTests {
  private let fixture: SessionFixture
  private let journal: String
  private let session: Session

  init() throws {
    fixture = try SessionFixture()
    journal = fixture.journalPath()
    session = try fixture.session(journal: journal)
  }

  /// Runs on, and expects that the checking strategy has missed nothing through all of it.
  private func expectWhole(turns: Int = 100) throws {
    try session.run(turns: turns)
    let facts = try session.watched()
    try session.finish()
    let given = try WatcherFacts(journal: journal, instrument: 1)
    #expect(facts.records == given.records && facts.sum == given.sum)
    #expect(facts.batches == session.batches(of: "watch"))
    #expect(!fixture.errors.contains { $0.hasPrefix("watch: batch") || $0.contains("record:") })
    #expect(!fixture.errors.contains { $0.contains("second resting order") })
    try JournalFacts.expectReplay(journal)
  }

  private func trapping(_ mode: Int, at batch: Int) throws -> String {
    try SessionFixture.watcher([
      "VERSION": "\"3.0.0\"", "TRAP_MODE": "\(mode)", "TRAP_AT": "\(batch)",
    ])
  }

  @Test func aCandidateThatFailsInShadowIsRefused() throws {
    try session.runUntilOrderRests("watch")
    try session.run(turns: 30)
    let resting = session.restingOrderIDs("watch")
    let report = try session.swap("watch", to: try trapping(KEEL_SHADOW, at: 3))
    #expect(report.outcome == .refused)
    #expect(session.generation(of: "watch") == 1 && session.version(of: "watch") == "1.0.0")
    #expect(session.restingOrderIDs("watch") == resting)
    #expect(fixture.errors.contains { $0.contains("3.0.0 failed") })
    try expectWhole()
  }

  @Test func aCandidateThatFailsInWarmUpIsRefused() throws {
    try session.runUntilOrderRests("watch")
    try session.run(turns: 30)
    let report = try session.swap("watch", to: try trapping(KEEL_WARMUP, at: 1))
    #expect(report.outcome == .refused)
    #expect(session.version(of: "watch") == "1.0.0")
    try expectWhole()
  }

  @Test(arguments: [1, 2, 6]) func codeThatFailsLiveIsRolledBackInTheSameTurn(
    _ batch: Int
  ) throws {
    try session.runUntilOrderRests("watch")
    try session.run(turns: 30)
    let resting = session.restingOrderIDs("watch")
    let report = try session.swap(
      "watch", to: try trapping(KEEL_LIVE, at: batch), .brief(probation: 30))
    #expect(report.outcome == .rolledBack)
    #expect(session.generation(of: "watch") == 3 && session.version(of: "watch") == "1.0.0")
    #expect(session.restingOrderIDs("watch") == resting)
    #expect(!session.isParked("watch"))
    try expectWhole()
    #expect(session.version(of: "watch") == "1.0.0" && !session.isParked("watch"))
  }

  /// What `make demo` shows: a Swift build that traps at its twentieth live batch.
  @Test func theFaultySwiftBuildIsRolledBackAndItsSlotTradesOn() throws {
    try session.run(turns: 60)
    try session.runUntilOrderRests("trend")
    let report = try session.swap(
      "trend", to: try BuiltProducts.library("SMACrossoverFaulty"), .brief(probation: 50))
    #expect(report.outcome == .rolledBack)
    #expect(report.steps.contains { $0.name == "fault" && $0.detail.contains("SIGILL") })
    #expect(session.version(of: "trend") == "1.0.0")
    let before = session.tally(of: "trend").orders
    try expectWhole(turns: 400)
    #expect(session.tally(of: "trend").orders > before + 5)
  }

  @Test func afterProbationNobodyStandsBy() throws {
    try session.runUntilOrderRests("watch")
    try session.run(turns: 30)
    let resting = session.restingOrderIDs("watch")
    let report = try session.swap(
      "watch", to: try trapping(KEEL_LIVE, at: 12), .brief(probation: 5))
    #expect(report.outcome == .confirmed)
    try session.run(turns: 60)
    #expect(session.isParked("watch"))
    #expect(resting.allSatisfy(session.isCancelled))
    #expect(session.restingOrderIDs("watch") == [])
    // The other slots do not notice.
    let before = session.tally(of: "trend").orders
    try session.run(turns: 200)
    #expect(session.tally(of: "trend").orders > before)
    try session.finish()
    try JournalFacts.expectReplay(journal)
  }

  @Test func aParkedSlotTakesHealthyCode() throws {
    try session.runUntilOrderRests("watch")
    try session.run(turns: 30)
    _ = try session.swap("watch", to: try trapping(KEEL_LIVE, at: 12), .brief(probation: 5))
    try session.run(until: "parked") { session.isParked("watch") }
    let healthy = try SessionFixture.watcher(["VERSION": "\"4.0.0\"", "WARMUP": "1000000"])
    let report = try session.swap("watch", to: healthy)
    #expect(report.outcome == .confirmed)
    #expect(!session.isParked("watch") && session.version(of: "watch") == "4.0.0")
    try session.run(turns: 200)
    #expect(session.restingOrderIDs("watch").count == 1)
    let facts = try session.watched()
    try session.finish()
    // It was warmed up with what came before, and watched while nobody decided.
    let given = try WatcherFacts(journal: journal, instrument: 1)
    #expect(facts.records == given.records && facts.sum == given.sum)
    try JournalFacts.expectReplay(journal)
  }

  @Test func aSwapEndsWhenItsSlotIsParked() throws {
    // The running code fails while its successor is still being watched.
    try session.runUntilOrderRests("watch")
    _ = try session.swap("watch", to: try trapping(KEEL_LIVE, at: 12), .brief(probation: 2))
    try session.beginSwap(
      slot: "watch", to: .path(try SessionFixture.watcher(["VERSION": "\"4.0.0\""])),
      options: .brief(shadow: 500))
    try session.run(until: "parked") { session.isParked("watch") }
    #expect(session.lastSwap.outcome == .parked && !session.isSwapping(slot: "watch"))
    try session.run(turns: 50)
    try session.finish()
    try JournalFacts.expectReplay(journal)
  }
}
