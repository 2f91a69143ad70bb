import Foundation
import JSON
import Kernel
import PluginABI
import PluginBridge
import PluginHost
import Storage
import TestSupport
import Testing

@testable import Sessions

/// Slots whose code runs in processes of their own.
@Suite struct WorkerSessionTests {
  private let fixture: SessionFixture

  init() throws { fixture = try SessionFixture() }

  /// The slots named run in workers; `bounds` is what stands in their "worker".
  static func isolate(
    _ slots: [String], _ bounds: String = "\"deadlineMilliseconds\": 20000"
  ) -> (inout String) -> Void {
    { text in
      for slot in slots {
        let start = "{ \"name\": \"\(slot)\", "
        text = text.replacingOccurrences(
          of: start + "\"plugin\"",
          with: start + "\"isolation\": \"process\", \"worker\": { \(bounds) }, \"plugin\"")
      }
    }
  }

  private static func bytes(_ journal: String) throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: journal) {
      found[name] = try TemporaryDirectory.bytes(of: "\(journal)/\(name)")
    }
    return found
  }

  /// The process of a slot's worker.
  private static func worker(_ session: Session, _ slot: String) throws -> Int32 {
    try #require(session.slots.first { $0.name == slot }?.live.workerID)
  }

  // MARK: alike

  @Test func theJournalIsTheSameByteForByteAsInTheHost() throws {
    var journals: [String] = []
    for slots in [[], ["momentum", "trend", "watch"]] {
      let journal = fixture.journalPath()
      let session = try fixture.session(journal: journal, Self.isolate(slots))
      #expect(session.slots.filter { $0.live.placement.isWorker }.count == slots.count)
      try session.run(turns: 500)
      #expect(session.tally(of: "trend").orders > 3 && session.tally(of: "watch").orders > 1)
      try session.finish()
      try JournalFacts.expectReplay(journal)
      journals.append(journal)
    }
    #expect(try Self.bytes(journals[0]) == Self.bytes(journals[1]))
    #expect(fixture.errors == [])
  }

  @Test func codeSwapsFromTheHostIntoAWorkerAndBack() throws {
    let journal = fixture.journalPath()
    let session = try fixture.session(journal: journal)
    try session.runUntilOrderRests("watch")
    try session.run(turns: 30)
    let resting = session.restingOrderIDs("watch")
    let places: [SwapPlacement] = [.process, .inHost, .process, .process, .inHost]
    for (number, place) in places.enumerated() {
      var options = SwapOptions.brief()
      options.placement = place
      let build = try SessionFixture.watcher(["VERSION": "\"1.\(number + 1).0\""])
      let report = try session.swap("watch", to: build, options)
      #expect(report.outcome == .confirmed)
      #expect(session.slots[2].live.placement.isWorker == (place == .process))
      #expect(session.restingOrderIDs("watch") == resting)
    }
    try session.run(turns: 100)
    let facts = try session.watched()
    try session.finish()
    let given = try WatcherFacts(journal: journal, instrument: 1)
    #expect(facts.records == given.records && facts.sum == given.sum)
    #expect(fixture.errors == [])
    try JournalFacts.expectReplay(journal)
  }

  /// What the slot of a worker is swapped to runs in one, too.
  @Test func aSlotStaysInItsWorker() throws {
    let session = try fixture.session(journal: fixture.journalPath(), Self.isolate(["watch"]))
    try session.run(turns: 50)
    let before = try Self.worker(session, "watch")
    _ = try session.swap("watch", to: SessionFixture.watcher(["VERSION": "\"2.0.0\""]))
    let after = try Self.worker(session, "watch")
    #expect(before != after && after != 0 && kill(before, 0) != 0)
    try session.finish()
    #expect(kill(after, 0) != 0)
  }

  // MARK: failing

  @Test func aWorkerThatIsKilledIsStartedAgainFromItsLastState() throws {
    let journal = fixture.journalPath()
    let bounds = "\"deadlineMilliseconds\": 20000, \"stateEveryBatches\": 25"
    let session = try fixture.session(journal: journal, Self.isolate(["watch"], bounds))
    try session.runUntilOrderRests("watch")
    try session.run(turns: 60)
    let resting = session.restingOrderIDs("watch")
    let before = try Self.worker(session, "watch")
    kill(before, SIGKILL)
    try session.run(until: "parked") { session.isParked("watch") }
    #expect(session.slots[2].restart.due != nil)
    try session.run(until: "started again") { !session.isParked("watch") }
    #expect(session.slots[2].restart.count == 1)
    let status = session.status()["slots"]?.elements?[2]
    #expect(status?["isolation"]?.string == "process" && status?["restarts"]?.integer == 1)
    #expect(status?["sandbox"]?.string?.isEmpty == false)
    #expect(resting.allSatisfy(session.isCancelled))
    try session.run(turns: 200)
    #expect(session.restingOrderIDs("watch").count == 1)
    let facts = try session.watched()
    try session.finish()
    // It has seen all there was, the time when nobody decided included.
    let given = try WatcherFacts(journal: journal, instrument: 1)
    #expect(facts.records == given.records && facts.sum == given.sum)
    try JournalFacts.expectReplay(journal)
    #expect(fixture.errors.contains { $0.contains("was ended by SIGKILL in process") })
  }

  @Test func aWorkerThatFailsAgainAndAgainStaysParked() throws {
    let journal = fixture.journalPath()
    let bounds = "\"restarts\": 2, \"restartAfterMilliseconds\": 500"
    let session = try fixture.session(journal: journal, Self.isolate(["watch"], bounds))
    try session.run(turns: 30)
    let failing = try SessionFixture.watcher([
      "VERSION": "\"3.0.0\"", "TRAP_MODE": "\(KEEL_LIVE)", "TRAP_AT": "12",
    ])
    _ = try session.swap("watch", to: failing, .brief(probation: 5))
    try session.run(turns: 300)
    #expect(session.isParked("watch") && session.slots[2].restart.count == 2)
    let before = session.tally(of: "trend").orders
    try session.run(turns: 200)
    #expect(session.tally(of: "trend").orders > before)
    #expect(session.slots[2].restart.count == 2)
    #expect(fixture.errors.contains { $0.contains("is not started again") })
    try session.finish()
    try JournalFacts.expectReplay(journal)
  }

  /// In probation the version before stands by, and decides in the same turn.
  @Test func aWorkerThatFailsInProbationIsRolledBack() throws {
    let journal = fixture.journalPath()
    let session = try fixture.session(journal: journal, Self.isolate(["watch"]))
    try session.runUntilOrderRests("watch")
    try session.run(turns: 30)
    let resting = session.restingOrderIDs("watch")
    let failing = try SessionFixture.watcher([
      "VERSION": "\"3.0.0\"", "TRAP_MODE": "\(KEEL_LIVE)", "TRAP_AT": "4",
    ])
    let report = try session.swap("watch", to: failing, .brief(probation: 30))
    #expect(report.outcome == .rolledBack && !session.isParked("watch"))
    #expect(session.restingOrderIDs("watch") == resting)
    try session.run(turns: 50)
    try session.finish()
    try JournalFacts.expectReplay(journal)
  }

  /// By the clock on the wall, because others wait.
  @Test func aWorkerThatSleepsIsKilledAndOthersTradeOn() throws {
    let sleeper = try CPluginCompiler.compile(
      "Tests/Fixtures/BadPlugins/misbehaves.c",
      flags: ["-DWHERE=\"process\"", "-DWHAT=SLEEP"])
    try FileManager.default.copyItem(
      atPath: sleeper, toPath: fixture.folder.file("plugins/sleeper.so"))
    let journal = fixture.journalPath()
    let session = try fixture.session(journal: journal, isPaced: true) { text in
      text = text.replacingOccurrences(
        of: "{ \"name\": \"watch\",",
        with: """
          { "name": "sleeps", "plugin": "test.misbehaves", "instruments": ["ETHUSDT"],
            "isolation": "process", "worker": { "deadlineMilliseconds": 60, "restarts": 1 } },
          { "name": "watch",
          """)
    }
    let start = ContinuousClock.now
    try session.run(turns: 150)
    #expect(ContinuousClock.now - start < .seconds(20))
    #expect(session.isParked("sleeps"))
    #expect(session.tally(of: "trend").orders > 3)
    try session.finish()
    #expect(fixture.errors.contains { $0.contains("did not answer process within 60 ms") })
    try JournalFacts.expectReplay(journal)
  }
}
