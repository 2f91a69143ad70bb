import Foundation
import JSON
import Kernel
import PluginHost
import TestSupport
import Testing

@testable import Sessions

/// A worker that takes longer to answer than a paced session stands still.
@Suite struct SlowWorkerTests {
  private let fixture: SessionFixture

  init() throws { fixture = try SessionFixture() }

  /// With `watch` in a worker that sleeps over each batch.
  private func session(_ journal: String, microseconds: Int) throws -> Session {
    let slow = try SessionFixture.watcher(["SLOW_MICROSECONDS": "\(microseconds)"])
    let place = fixture.folder.file("plugins/watcher.so")
    try FileManager.default.removeItem(atPath: place)
    try FileManager.default.copyItem(atPath: slow, toPath: place)
    let bounds = "\"deadlineMilliseconds\": 20000, \"patienceMicroseconds\": 50"
    return try fixture.session(
      journal: journal, isPaced: true, WorkerSessionTests.isolate(["watch"], bounds))
  }

  private func lateAnswers(_ session: Session) -> UInt64 { session.kernel.slots[3].lateAnswers }

  /// Each record was given to it once, in order and without a gap; the journal replays.
  private func expectWhole(_ session: Session, _ journal: String) throws {
    try session.settle(session.slots[2])
    try session.run(turns: 3)
    #expect(session.kernel.slots[3].dropped == 0)
    let facts = try session.watched()
    try session.finish()
    let given = try WatcherFacts(journal: journal, instrument: 1)
    #expect(facts.records == given.records && facts.sum == given.sum)
    #expect(fixture.errors == [])
    try JournalFacts.expectReplay(journal)
  }

  @Test func othersTradeOnWhileItThinks() throws {
    let journal = fixture.journalPath()
    let session = try session(journal, microseconds: 60_000)
    var turnsMeanwhile = 0
    try session.run(until: "it was late, and others went on", limit: 10_000) {
      if session.isAwaitingAnswers { turnsMeanwhile += 1 }
      return lateAnswers(session) > 5 && turnsMeanwhile > 20
        && session.tally(of: "trend").orders > 3
    }
    #expect(session.tally(of: "watch").orders > 0)
    let slot = session.status()["slots"]?.elements?[2]
    #expect(slot?["lateAnswers"]?.integer.map { $0 > 5 } == true)
    try expectWhole(session, journal)
  }

  /// Its inbox would be full long before it answers.
  @Test func whatDoesNotFitItsInboxIsWaitedFor() throws {
    let journal = fixture.journalPath()
    let session = try session(journal, microseconds: 1_500_000)
    try session.run(until: "it was waited for", limit: 30_000) { lateAnswers(session) >= 1 }
    try expectWhole(session, journal)
  }

  @Test func aSwapFindsItBetweenTwoBatches() throws {
    let journal = fixture.journalPath()
    let session = try session(journal, microseconds: 4_000)
    for number in 1...3 {
      try session.run(until: "it is awaited") { session.isAwaitingAnswers }
      let slow = ["VERSION": "\"2.\(number).0\"", "SLOW_MICROSECONDS": "4000"]
      let report = try session.swap("watch", to: SessionFixture.watcher(slow), .brief())
      #expect(report.outcome == .confirmed)
    }
    let before = lateAnswers(session)
    try session.run(until: "it is late again") { lateAnswers(session) > before + 3 }
    try expectWhole(session, journal)
  }

  @Test func whatDiesMeanwhileIsAFaultOfItsSlotAlone() throws {
    let journal = fixture.journalPath()
    let session = try session(journal, microseconds: 20_000)
    try session.run(until: "it is awaited") { session.isAwaitingAnswers }
    kill(try #require(session.slots[2].live.workerID), SIGKILL)
    try session.run(until: "parked") { session.isParked("watch") }
    try session.run(until: "started again") { !session.isParked("watch") }
    try session.run(turns: 300)
    #expect(session.tally(of: "trend").orders > 1)
    try session.finish()
    #expect(fixture.errors.contains { $0.contains("was ended by SIGKILL in process") })
    try JournalFacts.expectReplay(journal)
  }

  /// What stands in a journal is a session without the code: late answers included.
  @Test func anEndWaitsForWhatIsOwed() throws {
    let journal = fixture.journalPath()
    let session = try session(journal, microseconds: 30_000)
    try session.run(until: "it is awaited") { session.isAwaitingAnswers }
    try session.finish()
    #expect(!session.isAwaitingAnswers && fixture.errors == [])
    try JournalFacts.expectReplay(journal)
  }
}
