import Glibc
import PluginHost
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Sessions

/// A session whose journal takes nothing more.
@Suite struct JournalHaltTests {
  /// A disk on which one call fails from its nth time on.
  private final class Disk: Sendable {
    private let count = Mutex(0)
    let from: Int

    init(from: Int) { self.from = from }

    private var isFull: Bool {
      count.withLock {
        $0 += 1
        return $0 > from
      }
    }

    var full: StorageSystem {
      let real = StorageSystem.real
      var system = real
      system.preallocate = { file, bytes in
        self.isFull ? -Int(ENOSPC) : real.preallocate(file, bytes)
      }
      return system
    }

    var broken: StorageSystem {
      let real = StorageSystem.real
      var system = real
      system.syncMapped = { start, bytes in
        self.isFull ? -Int(EIO) : real.syncMapped(start, bytes)
      }
      return system
    }
  }

  private func expectHalt(
    _ fixture: SessionFixture, _ session: Session, _ journal: String, _ said: String
  ) throws {
    var sent: UInt64 = 0
    let error = try #require(
      throws: SessionError.self,
      performing: {
        while try session.step() { sent = session.turns }
      })
    #expect(error.message.contains(said) && error.message.contains("halted"), "\(error)")
    #expect(!error.remedy.isEmpty)
    // Nothing goes on after it, and the plugins end in order.
    #expect(throws: SessionError.self) { try session.step() }
    try session.finish()
    for slot in session.slots { #expect(slot.live.phase == .destroyed) }
    let replay = try JournalReplay.run(directory: journal)
    #expect(replay.difference == nil && replay.turns > 10)
    #expect(error.message.contains("up to turn \(replay.turns)"), "\(error), \(replay.turns)")
    // Nothing was sent of the turn that is not whole in the journal, nor of one not committed.
    #expect(sent == UInt64(replay.turns) || sent + 1 == UInt64(replay.turns))
    #expect(try JournalChain.verify(directory: journal).mismatch == nil)
  }

  @Test(arguments: [false, true]) func aFullDiskHaltsTheSession(_ hasThread: Bool) throws {
    let fixture = try SessionFixture()
    let journal = fixture.journalPath()
    let options = JournalOptions(
      segmentBytes: 128 << 10, hasThread: hasThread, system: Disk(from: 3).full)
    let session = try fixture.session(journal: journal, writing: options)
    try expectHalt(fixture, session, journal, "No space left")
  }

  @Test(arguments: [false, true]) func aDiskThatDoesNotSyncHaltsTheSession(
    _ hasThread: Bool
  ) throws {
    let fixture = try SessionFixture()
    let journal = fixture.journalPath()
    let options = JournalOptions(hasThread: hasThread, system: Disk(from: 40).broken)
    let session = try fixture.session(journal: journal, writing: options) { text in
      text = text.replacing(
        "\"seed\": 5,", with: "\"seed\": 5, \"journal\": {\"sync\": \"always\"},")
    }
    try expectHalt(fixture, session, journal, "Input/output error")
  }

  @Test func aDiskThatIsFullAtTheStartLeavesNothingRunning() throws {
    let fixture = try SessionFixture()
    let options = JournalOptions(hasThread: false, system: Disk(from: 0).full)
    let error = #expect(throws: SessionError.self) {
      try fixture.session(journal: fixture.journalPath(), writing: options)
    }
    #expect(error?.message.contains("No space left") == true)
  }

  /// Under "always" each turn waits for the disk; under "none" no turn does.
  @Test(arguments: [("always", true), ("none", false)]) func thePolicyIsTheConfigurations(
    _ sync: String, _ waits: Bool
  ) throws {
    let fixture = try SessionFixture()
    let journal = fixture.journalPath()
    let session = try fixture.session(journal: journal) { text in
      text = text.replacing(
        "\"seed\": 5,", with: "\"seed\": 5, \"journal\": {\"sync\": \"\(sync)\"},")
    }
    try session.run(turns: 20)
    let writer = try #require(session.journal)
    #expect((writer.durablePosition == writer.position) == waits)
    try session.finish()
    try JournalFacts.expectReplay(journal)
  }
}
