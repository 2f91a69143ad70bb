import Foundation
import PluginABI
import PluginBridge
import Storage
import TestSupport
import Testing

@Suite struct JournalResumeTests {
  let scratch = Medium.memory.directory()
  var path: String { scratch.file("journal") }
  var file: String { scratch.file("journal/journal-000000.keel") }

  @Test(arguments: [true, false], [true, false])
  func goesOnWhereItWasLeft(isKilled: Bool, hasThread: Bool) throws {
    try makeJournal(path, count: 100, isKilled: isKilled, policy: .usual, hasThread: hasThread)
    for start in [101, 111, 121] {
      let recovery = try resumeJournal(
        path, adding: start...start + 9, policy: .usual, hasThread: hasThread)
      #expect(recovery?.sequence == UInt64(start - 1) && recovery?.records == start - 1)
      #expect(recovery?.session == 42 && recovery?.created == 5 && recovery?.cutBytes == 0)
    }
    let (sequences, end) = readJournal(path)
    #expect(sequences == Array(1...130))
    #expect(try end.get() == .clean)
    let report = try JournalChain.verify(directory: path)
    #expect(report.mismatch == nil && report.unsealedBytes == 0 && report.segments == 6)
  }

  /// Killed at every byte of the last two frames: whole records stay, the rest is cut and said.
  @Test(arguments: Medium.allCases) func killedAtEveryByteOfAWrite(_ medium: Medium) throws {
    let scratch = medium.directory()
    let whole = scratch.file("whole")
    try makeJournal(whole, count: 5, isKilled: true)
    let bytes = try TemporaryDirectory.bytes(of: "\(whole)/journal-000000.keel")
    let seal = try TemporaryDirectory.bytes(of: "\(whole)/journal-000000.seal")
    let start = 4096 + 3 * 88
    for (kept, isTruncated) in (0...2 * 88).flatMap({ [($0, false), ($0, true)] }) {
      let path = scratch.file("\(kept)\(isTruncated)")
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      var left = Array(bytes.prefix(start + kept))
      if !isTruncated { left += [UInt8](repeating: 0, count: bytes.count - left.count) }
      try TemporaryDirectory.write("\(path)/journal-000000.keel", left)
      try TemporaryDirectory.write("\(path)/journal-000000.seal", seal)
      // A frame ends in padding, which is zero anyway.
      let isSame = left.count == bytes.count && left[..<(start + 88)] == bytes[..<(start + 88)]
      var records = 3 + kept / 88
      if isSame { records = max(records, left == bytes ? 5 : 4) }
      let (sequences, end) = readJournal(path)
      #expect(sequences == Array(1...UInt64(records)), "\(kept)")
      let recovery = try #require(try resumeJournal(path, adding: records + 1...records + 3))
      #expect(recovery.records == records && recovery.sequence == UInt64(records))
      #expect(recovery.end == JournalPosition(segment: 0, offset: 4096 + records * 88))
      if case .torn(let position, let torn) = try end.get() {
        #expect(position == recovery.end && torn == recovery.cutBytes && torn > 0)
      } else {
        #expect(recovery.cutBytes == 0)
      }
      #expect(readJournal(path).sequences == Array(1...UInt64(records + 3)))
      let report = try JournalChain.verify(directory: path)
      #expect(report.mismatch == nil && report.unsealedBytes == 0)
      try TemporaryDirectory.remove(path)
    }
  }

  @Test func damageBeforeTheTailIsRefusedWithItsPlace() throws {
    try makeJournal(path, count: 5, isKilled: true)
    var bytes = try TemporaryDirectory.bytes(of: file)
    bytes[4096 + 2 * 88 + 30] ^= 1
    try TemporaryDirectory.write(file, bytes)
    let before = try filesOfJournal(path)
    let error = #expect(throws: StorageError.self) { try resumeJournal(path, adding: 6...6) }
    #expect(error?.code == .damaged(offset: 4096 + 2 * 88))
    #expect(error?.subject == file && error?.remedy.isEmpty == false)
    #expect(try filesOfJournal(path) == before, "nothing was cut")
  }

  /// The last record of a closed journal does not read: that is no torn tail, for it was sealed.
  @Test func aSealedRecordIsNeverCut() throws {
    try makeJournal(path, count: 5)
    var bytes = try TemporaryDirectory.bytes(of: file)
    bytes[4096 + 4 * 88 + 30] ^= 1
    try TemporaryDirectory.write(file, bytes)
    let before = try filesOfJournal(path)
    let error = #expect(throws: StorageError.self) { try resumeJournal(path, adding: 6...6) }
    #expect(error?.code == .damaged(offset: 0) && error?.message.contains("sealed") == true)
    #expect(try filesOfJournal(path) == before)
  }

  @Test func anEmptyJournalIsGoneOnWith() throws {
    for _ in 0..<2 {
      let options = JournalOptions(policy: .none, segmentBytes: 8192)
      _ =
        try FileManager.default.fileExists(atPath: path)
        ? JournalWriter(resuming: path, options: options)
        : JournalWriter(directory: path, session: 42, created: 5, options: options)
    }
    let recovery = try resumeJournal(path, adding: 1...60)
    #expect(recovery?.records == 0 && recovery?.end.segment == 0)
    #expect(readJournal(path).sequences == Array(1...60))
    #expect(try JournalChain.verify(directory: path).mismatch == nil)
  }

  /// The first record of a new segment is torn: the segment goes, the one before it goes on.
  @Test func aTornFirstRecordOfASegmentIsCut() throws {
    try makeJournal(path, count: 46, isKilled: true)
    let next = scratch.file("journal/journal-000001.keel")
    try makeJournal(scratch.file("other"), count: 60, isKilled: true)
    var bytes = try TemporaryDirectory.bytes(of: scratch.file("other/journal-000001.keel"))
    for index in 4096..<bytes.count where index < 4100 || index >= 4140 { bytes[index] = 0 }
    try TemporaryDirectory.write(next, bytes)
    #expect(readJournal(path).sequences == Array(1...46))
    guard case .torn(let position, _) = try readJournal(path).end.get() else {
      Issue.record("a torn first record is a torn tail")
      return
    }
    #expect(position == JournalPosition(segment: 1, offset: 4096))
    let recovery = try resumeJournal(path, adding: 47...60)
    #expect(recovery?.records == 46 && (recovery?.cutBytes ?? 0) > 0)
    #expect(readJournal(path).sequences == Array(1...60))
    #expect(try JournalChain.verify(directory: path).mismatch == nil)
  }

  @Test func twoWritersAtOnceAreRefused() throws {
    let writer = try JournalWriter(directory: path, session: 1, created: 0, segmentBytes: 8192)
    try appendRecord(sampleTrade(1), to: writer)
    let first = #expect(throws: StorageError.self) { try JournalWriter(resuming: path) }
    #expect(first?.code == .inUse && first?.description.contains("another writer") == true)
    let second = #expect(throws: StorageError.self) {
      try JournalWriter(directory: path, session: 2, created: 0)
    }
    #expect(second?.code == .inUse)
    try appendRecord(sampleTrade(2), to: writer)
    try writer.close()
    #expect(readJournal(path).sequences == [1, 2])
  }

  @Test func whatIsNoJournalIsNotResumed() throws {
    #expect(throws: StorageError.self) { try JournalWriter(resuming: scratch.file("nowhere")) }
    let error = #expect(throws: StorageError.self) { try JournalWriter(resuming: scratch.path) }
    #expect(error?.code == .notAJournal)
  }

  @Test func aReaderFollowsAcrossAResume() throws {
    try makeJournal(path, count: 10)
    var reader = try JournalReader(directory: path)
    var seen: [UInt64] = []
    while let record = try reader.next() { seen.append(record.sequence) }
    try resumeJournal(path, adding: 11...80)
    while let record = try reader.next() { seen.append(record.sequence) }
    #expect(seen == Array(1...80))
  }
}
