import Foundation
import PluginABI
import PluginBridge
import PluginHost
import Storage
import TestSupport
import Testing

@testable import Sessions

/// A worker killed at any moment, by seed. KEEL_SOAK_KILLS says how often.
@Suite struct WorkerSoakTests {
  private static let asked =
    ProcessInfo.processInfo.environment["KEEL_SOAK_KILLS"].flatMap(Int.init)
    ?? ProcessInfo.processInfo.environment["KEEL_SOAK_SWAPS"].flatMap(Int.init) ?? 50

  /// What a slot asked for, without the numbers that all slots share.
  private static func intents(_ journal: String, slot: UInt32) throws -> [String] {
    var found: [String] = []
    var reader = try JournalReader(directory: journal)
    while let record = try reader.next() {
      guard record.source == slot, (KEEL_IN_TARGET...KEEL_IN_CANCEL_ALL).contains(record.type),
        let intent = record.cast(to: keel_intent.self)?.pointee
      else { continue }
      found.append(
        "\(intent.h.ts_recv) \(record.type) \(intent.side) \(intent.qty) at \(intent.limit)")
    }
    return found
  }

  private static let turns = 400

  private static func session(
    _ fixture: SessionFixture, _ tape: String?, _ journal: String?
  ) throws -> Session {
    let bounds = """
      "restarts": 1000, "restartAfterMilliseconds": 1, "stateEveryBatches": 7
      """
    return try fixture.session(
      tape: tape, journal: journal, WorkerSessionTests.isolate(["watch"], bounds))
  }

  /// Between two turns, within a turn, in a save, while it starts: wherever the seed leads.
  @Test func soakAWorkerKilledAtAnyMomentDisturbsNobody() throws {
    let fixture = try SessionFixture()
    let tape = fixture.folder.file("short.tape")
    let recording = try fixture.session()
    recording.record(
      to: try TapeWriter(path: tape, instruments: recording.directory.instruments, created: 0))
    try recording.run(turns: Self.turns)
    try recording.finish()
    let undisturbed = fixture.journalPath()
    let reference = try Self.session(fixture, tape, undisturbed)
    while try reference.step() {}
    try reference.finish()
    let expected = try Self.intents(undisturbed, slot: 2)
    #expect(expected.count > 10)

    var kills = 0
    var seed: UInt64 = 0
    while kills < Self.asked {
      seed += 1
      kills += try round(fixture, tape, expected, seed: seed)
      try #require(seed < 10_000, "\(kills) kills in \(seed) sessions")
    }
  }

  /// One session over the tape; answers how often its worker was killed.
  private func round(
    _ fixture: SessionFixture, _ tape: String, _ expected: [String], seed: UInt64
  ) throws -> Int {
    var generator = SeededGenerator(seed: seed)
    let journal = fixture.journalPath()
    let session = try Self.session(fixture, tape, journal)
    let killer = Killer()
    var kills = 0
    var processes: Set<Int32> = []
    var next = Int.random(in: 1..<40, using: &generator)
    var turn = 0
    while true {
      turn += 1
      let slot = session.slots[2]
      for instance in [slot.live, slot.companion] {
        if let process = instance?.workerID, process != 0 { processes.insert(process) }
      }
      if turn >= next,
        let process = [slot.companion, slot.live].compactMap({ $0?.workerID })
          .first(where: { $0 != 0 })
      {
        // At once, or while the session goes on.
        killer.kill(process, afterMicroseconds: UInt32.random(in: 0..<400, using: &generator))
        kills += 1
        next = turn + Int.random(in: 1..<40, using: &generator)
      }
      guard try session.step() else { break }
      session.checkInvariants()
    }
    killer.finish()
    try session.finish()
    #expect(try Self.intents(journal, slot: 2) == expected, "seed \(seed)")
    try JournalFacts.expectReplay(journal)
    for process in processes { #expect(kill(process, 0) != 0, "seed \(seed)") }
    try FileManager.default.removeItem(atPath: journal)
    return kills
  }
}

/// Sends SIGKILL from a thread of its own, a little later.
private final class Killer: @unchecked Sendable {
  private let queue = DispatchQueue(label: "killer")

  func kill(_ process: Int32, afterMicroseconds delay: UInt32) {
    if delay < 40 { return Self.kill(process) }
    queue.async {
      usleep(delay)
      Self.kill(process)
    }
  }

  /// Only a child of this process: a number that is free again may be anybody's.
  private static func kill(_ process: Int32) {
    let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    if status?.contains("PPid:\t\(getpid())\n") == true { _ = Foundation.kill(process, SIGKILL) }
  }

  func finish() { queue.sync {} }
}
