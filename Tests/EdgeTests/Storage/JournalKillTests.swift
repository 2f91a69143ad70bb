import Foundation
import Glibc
import PluginABI
import Storage
import TestSupport
import Testing

/// A writing process is killed at a random moment; the next one goes on with what it left.
@Suite struct JournalKillTests {
  private static let committedFile = "committed"

  @Test(arguments: 0..<6) func whatWasAppendedSurvivesTheKill(_ seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let scratch = (seed % 2 == 0 ? Medium.memory : .disk).directory()
    let path = scratch.path
    var total: UInt64 = 0
    for round in 0..<UInt32(3) {
      let delay = UInt32.random(in: 0...30_000, using: &random) + round * 40_000
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, delay = delay as UInt32, seed = seed as UInt64] in
        try Self.writeUntilKilled(path, delay: delay, seed: seed)
      }
      let acknowledged = try TemporaryDirectory.bytes(of: "\(path)/\(Self.committedFile)")
        .withUnsafeBytes { $0.load(as: UInt64.self) }
      let journal = "\(path)/journal"
      guard FileManager.default.fileExists(atPath: "\(journal)/journal-000000.keel") else {
        #expect(acknowledged == 0)
        continue
      }
      let (sequences, end) = readJournal(journal)
      #expect(sequences == (0..<UInt64(sequences.count)).map { $0 + 1 })
      #expect(UInt64(sequences.count) >= max(total, acknowledged))
      _ = try end.get()
      #expect(try JournalChain.verify(directory: journal).mismatch == nil)
      total = UInt64(sequences.count)
    }
    #expect(total > 0)
    let journal = "\(path)/journal"
    let recovery = try resumeJournal(journal, adding: Int(total) + 1...Int(total) + 10)
    #expect(recovery?.sequence == total)
    #expect(readJournal(journal).sequences.count == Int(total) + 10)
    let report = try JournalChain.verify(directory: journal)
    #expect(report.mismatch == nil && report.unsealedBytes == 0)
  }

  /// Writes down after each append that it has returned, in memory that outlives the process.
  private static func writeUntilKilled(_ path: String, delay: UInt32, seed: UInt64) throws {
    let file = open("\(path)/\(committedFile)", O_RDWR | O_CREAT, 0o644)
    ftruncate(file, 8)
    let shared = mmap(nil, 8, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)!
    let acknowledged = shared.assumingMemoryBound(to: UInt64.self)
    let journal = "\(path)/journal"
    let options = JournalOptions(
      policy: seed % 3 == 0 ? .always : .batch(milliseconds: 2), segmentBytes: 64 << 10)
    let killer = Thread {
      usleep(delay)
      kill(getpid(), SIGKILL)
    }
    killer.start()
    let isThere = FileManager.default.fileExists(atPath: "\(journal)/journal-000000.keel")
    let writer =
      try isThere
      ? JournalWriter(resuming: journal, options: options)
      : JournalWriter(directory: journal, session: 42, created: 5, options: options)
    var number = Int(writer.sequence)
    while true {
      number += 1
      try appendRecord(sampleTrade(number), to: writer)
      acknowledged.pointee = UInt64(number)
      if number % 50 == 0 { try writer.commit() }
    }
  }
}
