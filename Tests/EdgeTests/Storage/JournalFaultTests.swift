import Foundation
import PluginABI
import Storage
import TestSupport
import Testing

/// Each call of the system fails in turn, at each place where a journal makes it.
@Suite struct JournalFaultTests {
  private static let records = 150

  /// What became of a session whose system fails.
  private struct Outcome {
    /// `append` returned for so many.
    var appended = 0
    /// `commit` returned behind so many.
    var committed = 0
    var failure: StorageError?
  }

  private func session(
    _ path: String, _ faults: FaultScript, hasThread: Bool, resuming: Bool = false
  ) -> Outcome {
    var outcome = Outcome()
    do throws(StorageError) {
      let options = JournalOptions(
        policy: .always, segmentBytes: 8192, hasThread: hasThread, system: faults.system)
      let writer =
        try resuming
        ? JournalWriter(resuming: path, options: options)
        : JournalWriter(directory: path, session: 42, created: 5, options: options)
      let before = writer.recovery?.records ?? 0
      outcome.appended = before
      outcome.committed = before
      do throws(StorageError) {
        for number in before + 1...before + Self.records {
          try appendRecord(sampleTrade(number), to: writer)
          outcome.appended = number
          if number % 15 == 0 {
            try writer.commit()
            outcome.committed = number
          }
        }
      } catch {
        outcome.failure = error
        // It stays failed.
        #expect(throws: StorageError.self) { try appendRecord(sampleTrade(9999), to: writer) }
        #expect(throws: StorageError.self) { try writer.commit() }
        #expect(throws: StorageError.self) { try writer.sync() }
      }
      do throws(StorageError) { try writer.close() } catch {
        outcome.failure = outcome.failure ?? error
      }
    } catch { outcome.failure = error }
    return outcome
  }

  @Test(
    arguments: FaultScript.Call.allCases.filter { $0 != .rename && $0 != .makeDirectory },
    [true, false])
  func everyFailureHaltsAndLosesNothing(_ call: FaultScript.Call, hasThread: Bool) throws {
    let scratch = Medium.memory.directory()
    var place = 0
    while true {
      let path = scratch.file("journal")
      let faults = FaultScript(call, from: place, call == .preallocate ? ENOSPC : EIO)
      let outcome = session(path, faults, hasThread: hasThread)
      try check(outcome, at: path, "\(call) fails from \(place) on, thread \(hasThread)")
      // Some calls only tidy up, and may fail; none is made this often.
      if faults.count(call) <= place { break }
      place += 1
      try #require(place < 1000)
      try TemporaryDirectory.remove(path)
    }
    #expect(place > 0, "the call is made at all")
  }

  private func check(_ outcome: Outcome, at path: String, _ what: String) throws {
    if let failure = outcome.failure {
      #expect(!failure.remedy.isEmpty && !failure.message.isEmpty, "\(what)")
    } else {
      #expect(outcome.committed == Self.records, "\(what)")
    }
    let real = JournalOptions(policy: .none, segmentBytes: 8192, hasThread: false)
    guard FileManager.default.fileExists(atPath: "\(path)/journal-000000.keel") else {
      // It never came to be; nothing stands in the way of the next try.
      #expect(throws: Never.self, "\(what)") {
        _ = try JournalWriter(directory: path, session: 1, created: 0, options: real)
      }
      return
    }
    let (sequences, end) = readJournal(path)
    #expect(sequences == (0..<outcome.appended).map { UInt64($0 + 1) }, "\(what)")
    #expect(try end.get() == .clean, "\(what)")
    #expect(try JournalChain.verify(directory: path).mismatch == nil, "\(what)")
    let writer = try JournalWriter(resuming: path, options: real)
    #expect(writer.recovery?.records == outcome.appended, "\(what)")
    try appendRecord(sampleTrade(outcome.appended + 1), to: writer)
    try writer.close()
    #expect(readJournal(path).sequences.count == outcome.appended + 1, "\(what)")
    let report = try JournalChain.verify(directory: path)
    #expect(report.mismatch == nil && report.unsealedBytes == 0, "\(what)")
  }

  /// The same while a journal is gone on with: a failed try changes nothing that a later one needs.
  @Test(arguments: [FaultScript.Call.open, .write, .sync, .truncate, .remove, .link, .preallocate])
  func aFailedResumeCanBeRepeated(_ call: FaultScript.Call) throws {
    let scratch = Medium.memory.directory()
    try makeJournal(scratch.file("killed"), count: 50, isKilled: true, hasThread: true)
    for place in 0..<12 {
      let path = scratch.file("\(place)")
      try FileManager.default.copyItem(atPath: scratch.file("killed"), toPath: path)
      let faults = FaultScript(call, from: place, EIO)
      let outcome = session(path, faults, hasThread: true, resuming: true)
      let kept = max(50, outcome.appended)
      let recovery = try resumeJournal(path, adding: kept + 1...kept + 5)
      #expect(recovery?.records == kept, "\(call) \(place)")
      #expect(readJournal(path).sequences == Array(1...UInt64(kept + 5)))
      #expect(try JournalChain.verify(directory: path).mismatch == nil, "\(call) \(place)")
    }
  }

  @Test(arguments: Medium.allCases, [true, false])
  func aDiskThatFillsUpHaltsWithARemedy(_ medium: Medium, hasThread: Bool) throws {
    let scratch = medium.directory()
    let path = scratch.file("journal")
    let outcome = session(path, FaultScript(.preallocate, from: 3, ENOSPC), hasThread: hasThread)
    let failure = try #require(outcome.failure)
    #expect(failure.code == .full && failure.remedy.contains("free some space"))
    #expect(failure.remedy.contains("resume"))
    // The thread tries ahead of need, so it may be known before the last segment is full.
    #expect(outcome.appended <= 3 * 46 && outcome.appended >= outcome.committed)
    #expect(readJournal(path).sequences.count == outcome.appended)
  }

  @Test(arguments: [EACCES, EROFS]) func aDirectoryThatCannotBeWrittenIsNamed(_ number: Int32) {
    let scratch = Medium.memory.directory()
    let outcome = session(
      scratch.file("journal"), FaultScript(.makeDirectory, from: 0, number), hasThread: true)
    #expect(outcome.failure?.code == .unreadable)
    #expect(outcome.failure?.remedy.contains("access") == true)
  }

  @Test func shortWritesAreGoneOnWith() throws {
    let scratch = Medium.memory.directory()
    let faults = FaultScript()
    faults.shortenWrites(to: 7)
    let outcome = session(scratch.file("short"), faults, hasThread: true)
    #expect(outcome.failure == nil && outcome.committed == Self.records)
    _ = session(scratch.file("usual"), FaultScript(), hasThread: true)
    #expect(
      try filesOfJournal(scratch.file("short")) == filesOfJournal(scratch.file("usual")))
    // Nothing at all is no progress.
    faults.shortenWrites(to: 0)
    #expect(session(scratch.file("none"), faults, hasThread: false).failure?.code == .io)
  }

  /// It fails where nobody waits: the next append says so.
  @Test func aFailureOnTheStorageThreadReachesTheNextAppend() throws {
    let scratch = Medium.memory.directory()
    let faults = FaultScript()
    let options = JournalOptions(
      policy: .batch(milliseconds: 1), segmentBytes: 1 << 20, system: faults.system)
    let path = scratch.file("journal")
    let writer = try JournalWriter(directory: path, session: 1, created: 0, options: options)
    try appendRecord(sampleTrade(1), to: writer)
    try writer.sync()
    faults.fail(.syncMapped, EIO)
    var failure: StorageError?
    var number = 1
    while failure == nil, number < 5000 {
      do throws(StorageError) {
        try appendRecord(sampleTrade(number + 1), to: writer)
        number += 1
      } catch { failure = error }
      usleep(1000)
    }
    #expect(failure?.code == .io && failure?.message.contains("halted") == true)
    #expect(throws: StorageError.self) { try writer.close() }
    #expect(readJournal(path).sequences == Array(1...UInt64(number)))
  }
}
