import Foundation
import History
import PluginABI
import PluginHost
import TestSupport
import Testing

@testable import Sessions

/// Swaps that may not happen, and swaps that the operator takes back: the session goes on.
@Suite struct SwapRefusalTests {
  private let fixture: SessionFixture
  private let journal: String
  private let session: Session

  init() throws {
    fixture = try SessionFixture()
    journal = fixture.journalPath()
    session = try fixture.session(journal: journal)
    try session.runUntilOrderRests("watch")
    try session.run(turns: 20)
  }

  /// What a swap is refused with at once.
  private func refusal(_ slot: String, _ plugin: String) -> SessionError? {
    do throws(SessionError) {
      try session.beginSwap(slot: slot, to: PluginReference(plugin), options: .brief())
      return nil
    } catch { return error }
  }

  private func expectGoesOn() throws {
    #expect(!session.isSwapping(slot: "watch") && session.generation(of: "watch") == 1)
    try session.run(turns: 50)
    try session.finish()
    #expect(session.restingOrderIDs("watch").count == 1)
    try JournalFacts.expectReplay(journal)
  }

  @Test func whatIsNotThereIsNamed() throws {
    let slot = try #require(refusal("wacth", "test.watcher"))
    #expect(slot.subject == "wacth" && slot.remedy.contains("watch"))
    let id = try #require(refusal("watch", "test.wotcher"))
    #expect(id.remedy.contains("test.watcher"))
    let version = try #require(refusal("watch", "test.watcher@9.9.9"))
    #expect(version.message.contains("9.9.9") && version.remedy.contains("1.0.0"))
    let file = try #require(refusal("watch", fixture.folder.file("none.so")))
    #expect(file.message.contains("no such file"))
    try expectGoesOn()
  }

  @Test func foreignAndDamagedFilesAreRefused() throws {
    let good = try TemporaryDirectory.bytes(of: try SessionFixture.watcher())
    var foreign = good
    foreign[18] = 183  // e_machine: AArch64
    let bad: [(name: String, bytes: [UInt8])] = [
      ("empty.so", []), ("text.so", Array("#!/bin/sh\n".utf8)), ("head.so", Array(good.prefix(40))),
      ("half.so", Array(good.prefix(good.count / 2))), ("foreign.so", foreign),
    ]
    for file in bad {
      let path = try fixture.folder.write(file.name, file.bytes)
      let error = try #require(refusal("watch", path), "\(file.name)")
      #expect(error.description.contains(file.name) && !error.remedy.isEmpty)
      guard case .plugin = error.cause else {
        Issue.record("\(file.name): \(error)")
        continue
      }
    }
    try expectGoesOn()
  }

  @Test func aPluginOfAnotherKindIsRefused() throws {
    let error = try #require(refusal("watch", try BuiltProducts.library("Momentum")))
    #expect(error.message.contains("no strategy"))
    try session.run(turns: 5)
    try expectGoesOn()
  }

  @Test func aSwapOfASwapIsRefused() throws {
    let next = try SessionFixture.watcher(["VERSION": "\"2.0.0\""])
    try session.beginSwap(slot: "watch", to: .path(next), options: .brief())
    let error = try #require(refusal("watch", next))
    #expect(error.message.contains("under way"))
    try session.runUntilSwapEnds("watch")
    #expect(session.swapCount == 1 && session.lastSwap.outcome == .confirmed)
    try session.finish()
    try JournalFacts.expectReplay(journal)
  }

  @Test func requireEqualRefusesAnotherDecision() throws {
    let other = try SessionFixture.watcher(["VERSION": "\"2.0.0\"", "CROSSING_LOTS": "2000"])
    let report = try session.swap("watch", to: other, .brief(shadow: 120, requireEqual: true))
    #expect(report.outcome == .refused)
    #expect(report.steps.contains { $0.kind == .refused && $0.detail.contains("gate") })
    try expectGoesOn()
  }

  @Test func theOperatorRollsBackWhileTheOldCodeStandsBy() throws {
    let resting = session.restingOrderIDs("watch")
    let next = try SessionFixture.watcher(["VERSION": "\"2.0.0\""])
    try session.beginSwap(slot: "watch", to: .path(next), options: .brief(probation: 500))
    try session.run(until: "switched") { session.lastSwap.outcome == .probation }
    try session.run(turns: 20)
    try session.rollback(slot: "watch")
    // Asking twice before it happens is no second rollback.
    #expect(throws: SessionError.self) { try session.rollback(slot: "watch") }
    try session.runUntilSwapEnds("watch")
    #expect(session.lastSwap.outcome == .rolledBack)
    #expect(session.version(of: "watch") == "1.0.0" && session.generation(of: "watch") == 3)
    #expect(session.restingOrderIDs("watch") == resting)
    #expect(throws: SessionError.self) { try session.rollback(slot: "watch") }
    try session.run(turns: 80)
    let facts = try session.watched()
    try session.finish()
    let given = try WatcherFacts(journal: journal, instrument: 1)
    #expect(facts.records == given.records && facts.sum == given.sum)
    #expect(fixture.errors == [])
    try JournalFacts.expectReplay(journal)
  }

  /// The Swift strategy was told to open nothing new before the switch; that is over now.
  @Test func rolledBackCodeOpensPositionsAgain() throws {
    try session.beginSwap(
      slot: "trend", to: .path(try BuiltProducts.library("SMACrossover2")),
      options: .brief(probation: 500))
    try session.run(until: "switched") { session.lastSwap.outcome == .probation }
    try session.rollback(slot: "trend")
    try session.runUntilSwapEnds("trend")
    try session.run(turns: 100)
    let before = session.tally(of: "trend").fills
    try session.run(turns: 600)
    #expect(session.tally(of: "trend").fills > before + 3)
    try session.finish()
  }

  @Test func aSwapIsCalledOffBeforeItsSwitch() throws {
    let next = try SessionFixture.watcher(["VERSION": "\"2.0.0\""])
    for turns in [0, 1, 10] {
      try session.beginSwap(slot: "watch", to: .path(next), options: .brief(shadow: 500))
      try session.run(turns: turns)
      try session.rollback(slot: "watch")
      #expect(session.lastSwap.outcome == .refused)
    }
    try expectGoesOn()
  }

  @Test func aVersionThatFailsWhileStandingByIsNoWayBack() throws {
    let weak = try SessionFixture.watcher([
      "VERSION": "\"2.0.0\"", "TRAP_MODE": "\(KEEL_SHADOW)", "TRAP_AT": "10",
    ])
    let failing = try SessionFixture.watcher([
      "VERSION": "\"3.0.0\"", "TRAP_MODE": "\(KEEL_LIVE)", "TRAP_AT": "30",
    ])
    #expect(try session.swap("watch", to: weak).outcome == .confirmed)
    try session.beginSwap(
      slot: "watch", to: .path(failing), options: .brief(shadow: 2, probation: 500))
    try session.run(until: "the old version failed") {
      session.lastSwap.steps.contains { $0.name == "fault" }
    }
    #expect(session.version(of: "watch") == "3.0.0")
    #expect(fixture.errors.contains { $0.contains("2.0.0 failed") })
    #expect(throws: SessionError.self) { try session.rollback(slot: "watch") }
    try session.run(until: "parked") { session.isParked("watch") }
    #expect(session.lastSwap.outcome == .parked)
    try session.run(turns: 50)
    #expect(session.restingOrderIDs("watch") == [])
    try session.finish()
    try JournalFacts.expectReplay(journal)
  }
}
