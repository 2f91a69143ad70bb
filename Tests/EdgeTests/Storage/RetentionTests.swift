import Foundation
import Storage
import TestSupport
import Testing

@Suite struct RetentionTests {
  let scratch = Medium.memory.directory()
  var path: String { scratch.file("journal") }

  /// Segments as "bytes@time", kept and needed as numbers; what stays begins with the answer.
  private func first(
    _ text: String, _ retention: JournalRetention, needed: Int, from number: Int = 0
  ) -> Int {
    let segments = text.split(separator: " ").enumerated().map { index, part in
      let fields = part.split(separator: "@")
      return JournalRetention.Segment(
        number: number + index, bytes: Int(fields[0])!, time: Int64(fields[1]))
    }
    return retention.firstKept(
      of: segments, needed: JournalPosition(segment: needed, offset: 4096))
  }

  @Test func aPolicyIsDecidedByNumbersAlone() {
    let five = "10@100 10@200 10@300 10@400 10@500"
    #expect(first(five, JournalRetention(), needed: 9) == 4)
    #expect(first(five, JournalRetention(), needed: 3) == 3)
    #expect(first(five, JournalRetention(), needed: 0) == 0)
    #expect(first(five, JournalRetention(segmentsMin: 2), needed: 9) == 3)
    #expect(first(five, JournalRetention(segmentsMin: 9), needed: 9) == 0)
    #expect(first(five, JournalRetention(segmentsMin: 2), needed: 19, from: 10) == 13)
    #expect(first(five, JournalRetention(bytesMin: 25), needed: 9) == 2)
    #expect(first(five, JournalRetention(bytesMin: 20), needed: 9) == 3)
    // Segment 1 ends at 300, which is 200 before the newest.
    #expect(first(five, JournalRetention(ageMin: 200), needed: 9) == 2)
    #expect(first(five, JournalRetention(ageMin: 201), needed: 9) == 1)
    #expect(first(five, JournalRetention(segmentsMin: 2, ageMin: 200), needed: 9) == 2)
    #expect(first("10@100 10@200 10@x", JournalRetention(ageMin: 0), needed: 9) == 1)
    #expect(JournalRetention().firstKept(of: [], needed: .init(segment: 0, offset: 0)) == 0)
  }

  private func snapshot(after sequence: Int, _ position: JournalPosition) throws {
    try SnapshotStore(directory: path).write(
      Snapshot(
        session: 42, sequence: UInt64(sequence), position: position, schema: 1, content: [1, 2]))
  }

  /// 300 trades in seven segments of 46.
  @Test func onlyWhatNobodyNeedsGoes() throws {
    try makeJournal(path, count: 300)
    let head = try JournalChain.verify(directory: path).head
    let files = try filesOfJournal(path)
    #expect(try JournalPruning.run(directory: path).removed.isEmpty, "no snapshot: all is needed")
    try snapshot(after: 46 * 4 + 1, JournalPosition(segment: 4, offset: 4096 + 88))

    let before = JournalPosition(segment: 2, offset: 4096)
    let held = try JournalPruning.run(directory: path, before: before, isDryRun: true)
    #expect(held.removed == [0, 1])
    let dry = try JournalPruning.run(directory: path, isDryRun: true)
    #expect(dry.removed == [0, 1, 2, 3] && dry.firstKept == 4)
    #expect(dry.bytes == 4 * (8192 + 96 + 32))
    #expect(readJournal(path).sequences.count == 300, "a dry run removes nothing")

    #expect(try JournalPruning.run(directory: path) == dry)
    #expect(readJournal(path).sequences == Array(185...300))
    let report = try JournalChain.verify(directory: path)
    #expect(report.mismatch == nil && report.unsealedBytes == 0 && report.head == head)
    for (name, bytes) in try filesOfJournal(path) where name.hasPrefix("journal") {
      #expect(files[name] == bytes)
    }
    let again = try JournalPruning.run(directory: path)
    #expect(again.removed.isEmpty && again.firstKept == 4)
    // What is left is a journal to go on with.
    let recovery = try resumeJournal(path, adding: 301...310)
    #expect(recovery?.sequence == 300)
    #expect(readJournal(path).sequences == Array(185...310))
    #expect(try JournalChain.verify(directory: path).mismatch == nil)
  }

  @Test func aDamagedSnapshotHoldsNothingBackAndAnOlderOneDoes() throws {
    try makeJournal(path, count: 300)
    try snapshot(after: 50, JournalPosition(segment: 1, offset: 4096 + 4 * 88))
    try snapshot(after: 250, JournalPosition(segment: 5, offset: 4096 + 20 * 88))
    let newest = scratch.file("journal/snapshot-00000000000000000250.keel")
    var bytes = try TemporaryDirectory.bytes(of: newest)
    bytes[4097] ^= 1
    try TemporaryDirectory.write(newest, bytes)
    #expect(try JournalPruning.run(directory: path).removed == [0])
  }

  @Test func aLiveJournalIsPrunedWhileItIsWritten() throws {
    let options = JournalOptions(policy: .usual, segmentBytes: 8192)
    let writer = try JournalWriter(directory: path, session: 42, created: 5, options: options)
    for number in 1...200 { try appendRecord(sampleTrade(number), to: writer) }
    try writer.sync()
    try snapshot(after: 200, writer.position)
    let report = try JournalPruning.run(directory: path)
    #expect(report.removed.count <= writer.position.segment)
    for number in 201...400 { try appendRecord(sampleTrade(number), to: writer) }
    try writer.close()
    let sequences = readJournal(path).sequences
    #expect(sequences.last == 400 && sequences.contains(200))
    #expect(try JournalChain.verify(directory: path).mismatch == nil)
  }
}
