import PluginABI
import PluginBridge
import Storage
import TestSupport
import Testing

@Suite struct JournalTests {
  let scratch = TemporaryDirectory()

  @Test(arguments: [1, 50, 51, 52, 1000]) func readsBackAcrossSegments(_ count: Int) throws {
    let path = scratch.file("journal")
    try makeJournal(path, count: count)
    let (sequences, end) = readJournal(path)
    #expect(sequences == (1...UInt64(count)).map { $0 })
    #expect(try end.get() == .clean)
  }

  @Test func equalRunsWriteEqualFiles() throws {
    try makeJournal(scratch.file("a"), count: 120)
    try makeJournal(scratch.file("b"), count: 120)
    for number in 0..<3 {
      let name = "journal-00000\(number).keel"
      #expect(
        try TemporaryDirectory.bytes(of: scratch.file("a/\(name)"))
          == TemporaryDirectory.bytes(of: scratch.file("b/\(name)")))
    }
  }

  @Test func closeCutsTheUnusedTail() throws {
    try makeJournal(scratch.file("closed"), count: 2, segmentBytes: 1 << 20)
    let bytes = try TemporaryDirectory.bytes(of: scratch.file("closed/journal-000000.keel"))
    #expect(bytes.count == 4096 + 2 * 88 + 8)
    try makeJournal(scratch.file("killed"), count: 2, segmentBytes: 1 << 20, isKilled: true)
    let killed = try TemporaryDirectory.bytes(of: scratch.file("killed/journal-000000.keel"))
    #expect(killed.count == 1 << 20)
    #expect(try readJournal(scratch.file("killed")).end.get() == .clean)
  }

  @Test func neverWritesIntoAJournalThatIsThere() throws {
    let path = scratch.file("journal")
    try makeJournal(path, count: 1)
    let error = #expect(throws: StorageError.self) {
      _ = try JournalWriter(directory: path, session: 1, created: 0)
    }
    #expect(error?.code == .exists)
    #expect(error?.description.contains("never overwritten") == true)
  }

  @Test func aReaderFollowsAWriter() throws {
    let path = scratch.file("journal")
    let writer = try JournalWriter(
      directory: path, session: 1, created: 0, segmentBytes: 8192)
    var reader = try JournalReader(directory: path)
    #expect(try reader.next() == nil)
    var random = SeededGenerator(seed: 1)
    var written = 0
    for _ in 0..<200 {
      for _ in 0..<Int.random(in: 0...9, using: &random) {
        written += 1
        try appendRecord(sampleTrade(written), to: writer)
      }
      var last: UInt64?
      while let record = try reader.next() { last = record.sequence }
      #expect(last == nil || last == UInt64(written))
      #expect(reader.recordsRead == written)
      #expect(reader.position == writer.position)
    }
    #expect(reader.position.segment > 5)
    try writer.close()
    #expect(try reader.next() == nil)
    #expect(try reader.tail == .clean)
  }

  @Test func aReaderBeginsAtAPosition() throws {
    let path = scratch.file("journal")
    let writer = try JournalWriter(
      directory: path, session: 1, created: 0, segmentBytes: 8192)
    for number in 1...70 { try appendRecord(sampleTrade(number), to: writer) }
    let position = writer.position
    for number in 71...200 { try appendRecord(sampleTrade(number), to: writer) }
    #expect(readJournal(path, from: position).sequences == (71...200).map { UInt64($0) })
    let error = #expect(throws: StorageError.self) {
      _ = try JournalReader(directory: path, from: JournalPosition(segment: 99, offset: 4096))
    }
    #expect(error?.code == .missing)
  }

  @Test func anotherThreadReadsWhileThisOneWrites() async throws {
    let path = scratch.file("journal")
    let writer = try JournalWriter(
      directory: path, session: 1, created: 0, segmentBytes: 16384)
    let count = 20_000
    let reading = Task.detached {
      var reader = try JournalReader(directory: path)
      var expected: UInt64 = 0
      while expected < UInt64(count) {
        guard let record = try reader.next() else {
          await Task.yield()
          continue
        }
        expected += 1
        guard record.sequence == expected else { return expected }
      }
      return expected
    }
    for number in 1...count { try appendRecord(sampleTrade(number), to: writer) }
    #expect(try await reading.value == UInt64(count))
    try writer.close()
  }

  @Test func aFullDirectoryIsRefusedWhereItIsMet() throws {
    // Nothing has room for a petabyte, so that preallocation fails as on a full disk.
    let error = #expect(throws: StorageError.self) {
      _ = try JournalWriter(
        directory: scratch.file("journal"), session: 1, created: 0, segmentBytes: 1 << 50)
    }
    #expect(error?.code == .full)
    #expect(error?.remedy.contains("free some space") == true)
    #expect(journalFailure(scratch.file("journal"))?.code == .notAJournal)
  }

  @Test func aRecordTooLargeForASegmentIsRefusedAndNothingBreaks() throws {
    let path = scratch.file("journal")
    let writer = try JournalWriter(
      directory: path, session: 1, created: 0, segmentBytes: 8192)
    var bytes = [UInt8](repeating: 1, count: 4096)
    bytes.withUnsafeMutableBytes {
      var header = keel_event(200, of: keel_event.self)
      header.size = 4096
      $0.storeBytes(of: header, as: keel_event.self)
    }
    let refused = #expect(throws: StorageError.self) {
      try bytes.withUnsafeBytes { try writer.append($0) }
    }
    #expect(refused?.code == .refusedRecord)
    try appendRecord(sampleTrade(1), to: writer)
    #expect(readJournal(path).sequences == [1])
  }

  @Test func saysWhatIsNoJournal() throws {
    #expect(journalFailure(scratch.file("nowhere"))?.code == .missing)
    #expect(journalFailure(scratch.path)?.code == .notAJournal)
    try makeJournal(scratch.file("a"), count: 200)
    let middle = scratch.file("a/journal-000001.keel")
    let bytes = try TemporaryDirectory.bytes(of: middle)
    try TemporaryDirectory.remove(middle)
    let gap = journalFailure(scratch.file("a"))
    #expect(gap?.description.contains("journal-000001.keel: this segment is missing") == true)
    try TemporaryDirectory.write(middle, bytes)

    let other = try JournalWriter(
      directory: scratch.file("b"), session: 43, created: 5, segmentBytes: 8192)
    for number in 1...200 { try appendRecord(sampleTrade(number), to: other) }
    try TemporaryDirectory.write(
      middle, TemporaryDirectory.bytes(of: scratch.file("b/journal-000001.keel")))
    #expect(journalFailure(scratch.file("a"))?.message.contains("another session") == true)
  }
}
