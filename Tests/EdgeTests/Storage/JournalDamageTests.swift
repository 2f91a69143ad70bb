import PluginABI
import PluginBridge
import Storage
import TestSupport
import Testing

/// Frames are 88 bytes here: 8 and a trade of 80.
@Suite struct JournalDamageTests {
  let scratch = TemporaryDirectory()
  var path: String { scratch.file("journal") }
  var file: String { scratch.file("journal/journal-000000.keel") }

  /// Cut inside the last record, at every byte: what stood before is read, the rest is reported.
  @Test func tornAtEveryByteOfTheLastRecord() throws {
    try makeJournal(path, count: 3)
    let whole = try TemporaryDirectory.bytes(of: file)
    let last = 4096 + 2 * 88
    for kept in 0...88 {
      // What was not written yet is zero in a preallocated file.
      var bytes = whole
      for index in last + kept..<last + 88 { bytes[index] = 0 }
      try TemporaryDirectory.write(file, bytes)
      let (sequences, end) = readJournal(path)
      // A trade ends in padding, which is zero anyway.
      let isWhole = bytes == whole
      #expect(sequences == (isWhole ? [1, 2, 3] : [1, 2]), "\(kept) bytes kept")
      if isWhole || kept == 0 {
        #expect(try end.get() == .clean)
      } else {
        guard case .torn(let position, let cut) = try end.get() else {
          Issue.record("\(kept) bytes kept are a torn tail")
          continue
        }
        #expect(position == JournalPosition(segment: 0, offset: last))
        #expect(cut > 0 && cut <= kept)
      }
      // The same in a file that simply ends there.
      try TemporaryDirectory.write(file, Array(whole.prefix(last + kept)))
      #expect(readJournal(path).sequences == (kept == 88 ? [1, 2, 3] : [1, 2]))
    }
  }

  /// A record is written before its length: without the length it is not there.
  @Test func aRecordWithoutItsLengthIsNotSeen() throws {
    try makeJournal(path, count: 2)
    var bytes = try TemporaryDirectory.bytes(of: file)
    for index in 4096 + 88..<4096 + 92 { bytes[index] = 0 }
    try TemporaryDirectory.write(file, bytes)
    let (sequences, end) = readJournal(path)
    #expect(sequences == [1])
    let expected = JournalPosition(segment: 0, offset: 4096 + 88)
    guard case .torn(expected, let cut) = try end.get() else {
      Issue.record("a record without length is torn")
      return
    }
    #expect(cut > 8 && cut <= 88)
  }

  /// Every byte of a journal with something behind it is covered by a check.
  @Test func everyFlippedByteBeforeTheTailIsDamage() throws {
    try makeJournal(path, count: 4)
    let whole = try TemporaryDirectory.bytes(of: file)
    for index in 0..<4096 + 3 * 88 where index < 200 || index % 64 == 0 || index >= 4090 {
      var bytes = whole
      bytes[index] ^= 0x10
      try TemporaryDirectory.write(file, bytes)
      guard case .failure(let error) = readJournal(path).end else {
        Issue.record("byte \(index) flipped and nobody noticed")
        continue
      }
      #expect(error.subject == file)
      if index >= 4096 {
        let offset = 4096 + (index - 4096) / 88 * 88
        #expect(error.code == .damaged(offset: offset))
        #expect(error.description.contains("byte \(offset)"))
      }
    }
  }

  @Test func damageAtTheEndOfAFullSegmentIsNotATornTail() throws {
    try makeJournal(path, count: 120)
    var bytes = try TemporaryDirectory.bytes(of: file)
    bytes[4096 + 40 * 88 + 20] ^= 1
    try TemporaryDirectory.write(file, bytes)
    #expect(journalFailure(path)?.code == .damaged(offset: 4096 + 40 * 88))
    // A lost page reads as zeros, which look like the end of the segment.
    for index in 4096 + 40 * 88..<bytes.count { bytes[index] = 0 }
    try TemporaryDirectory.write(file, bytes)
    #expect(journalFailure(path)?.code == .damaged(offset: 4096 + 40 * 88))
    try TemporaryDirectory.write(file, Array(bytes.prefix(4096 + 40 * 88)))
    #expect(journalFailure(path)?.code == .damaged(offset: 4096 + 40 * 88))
  }

  @Test func aSequenceThatGoesBackIsDamage() throws {
    try makeJournal(path, count: 1)
    try makeJournal(scratch.file("other"), count: 9)
    let first = try TemporaryDirectory.bytes(of: file)
    let later = try TemporaryDirectory.bytes(of: scratch.file("other/journal-000000.keel"))
    try TemporaryDirectory.write(
      file,
      Array(first.prefix(4096)) + later[4096 + 8 * 88..<4096 + 9 * 88] + first[4096..<4096 + 96])
    #expect(journalFailure(path)?.message.contains("sequence 1 behind 9") == true)
  }

  @Test(arguments: 0..<4) func anyMutationEndsInAnAnswer(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    try makeJournal(path, count: 120)
    let second = scratch.file("journal/journal-000001.keel")
    let originals = try [file, second].map { ($0, try TemporaryDirectory.bytes(of: $0)) }
    for _ in 0..<150 {
      let (target, whole) = originals[Int.random(in: 0...1, using: &random)]
      var bytes = whole
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        bytes[index] = UInt8.random(in: 0...255, using: &random)
      }
      if Bool.random(using: &random) {
        bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
      }
      try TemporaryDirectory.write(target, bytes)
      let sequences = readJournal(path).sequences
      #expect(sequences == sequences.sorted() && sequences.count <= 120)
      try TemporaryDirectory.write(target, whole)
    }
  }
}
