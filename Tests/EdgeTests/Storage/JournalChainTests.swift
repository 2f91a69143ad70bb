import Checksum
import PluginABI
import Storage
import TestSupport
import Testing

/// 300 trades of 80 fill segments of 8 KiB with 46 each; the larger ones hold blocks of 64 KiB.
@Suite struct JournalChainTests {
  let scratch = Medium.memory.directory()
  var path: String { scratch.file("journal") }

  private func segment(_ number: Int) -> String {
    scratch.file("journal/journal-00000\(number).keel")
  }

  @Test(arguments: [1, 100, 5000]) func aClosedJournalIsSealedToItsEnd(_ count: Int) throws {
    try makeJournal(path, count: count, segmentBytes: 256 << 10)
    let report = try JournalChain.verify(directory: path)
    #expect(report.mismatch == nil && report.unsealedBytes == 0)
    #expect(report.sealedBytes >= 4096 + count * 88 + 8)
    #expect(report.head != .genesis)
  }

  /// The threads and policies differ in when things are written, and in nothing else.
  @Test(arguments: [4, 300, 6000], [8192, 256 << 10])
  func everyWayOfWritingGivesTheSameBytes(_ count: Int, _ segmentBytes: Int) throws {
    let ways: [(String, JournalPolicy, Bool)] = [
      ("inline", .none, false), ("synced", .batch(milliseconds: 1), false),
      ("thread", .none, true), ("batch", .batch(milliseconds: 1), true),
      ("always", .always, true),
    ]
    for (name, policy, hasThread) in ways {
      try makeJournal(
        scratch.file(name), count: count, segmentBytes: segmentBytes, policy: policy,
        hasThread: hasThread)
    }
    let expected = try filesOfJournal(scratch.file("inline"))
    #expect(expected.count % 2 == 0, "a seal for each segment, and nothing else")
    for (name, _, _) in ways {
      #expect(try filesOfJournal(scratch.file(name)) == expected, "\(name)")
    }
  }

  /// The chain written down by hand from the description in file.h.
  @Test func theSealsAreWhatTheHeaderSays() throws {
    try makeJournal(path, count: 4000, segmentBytes: 256 << 10)
    let files = try filesOfJournal(path)
    var value = [UInt8](repeating: 0, count: 32)
    for number in 0..<2 {
      let bytes = try #require(files["journal-00000\(number).keel"])
      let seal = try #require(files["journal-00000\(number).seal"])
      #expect(Array(seal[36..<68]) == value)
      var end = 4096
      while bytes[end..<end + 4] != [0, 0, 0, 0] { end += 88 }
      end += 8
      var stored = Array(seal[96...])
      for start in stride(from: 0, to: end, by: 65536) {
        var state = checksum_sha256()
        checksum_sha256_init(&state)
        let block = value + bytes[start..<min(end, start + 65536)]
        block.withUnsafeBytes { checksum_sha256_update(&state, $0.baseAddress, $0.count) }
        checksum_sha256_final(&state, &value)
        #expect(Array(stored.prefix(32)) == value)
        stored.removeFirst(32)
      }
      #expect(stored.isEmpty)
    }
    let head = value.withUnsafeBytes { ChainHash($0) }
    #expect(try JournalChain.verify(directory: path).head == head)
  }

  /// Whoever changes a record and makes its checksum good again is found, to the block.
  @Test(arguments: [(0, 100), (0, 2900), (1, 800)])
  func anEditWithAGoodChecksumIsFound(_ segment: Int, _ index: Int) throws {
    try makeJournal(path, count: 5000, segmentBytes: 256 << 10)
    let file = self.segment(segment)
    var bytes = try TemporaryDirectory.bytes(of: file)
    let frame = 4096 + index * 88
    bytes[frame + 8 + 40] ^= 1
    bytes.withUnsafeMutableBytes { all in
      let sum = checksum_crc32c(0, all.baseAddress! + frame + 8, 80)
      all.storeBytes(of: sum, toByteOffset: frame + 4, as: UInt32.self)
    }
    try TemporaryDirectory.write(file, bytes)
    #expect(readJournal(path).sequences.count == 5000, "the reader cannot see it")
    let mismatch = try #require(try JournalChain.verify(directory: path).mismatch)
    #expect(mismatch.segment == segment)
    #expect(mismatch.bytes.contains(frame + 48))
    #expect(mismatch.bytes.count <= 65536 && mismatch.bytes.lowerBound % 65536 == 0)
  }

  @Test func aKilledJournalVerifiesAsFarAsItWasSealed() throws {
    try makeJournal(path, count: 4000, segmentBytes: 256 << 10, isKilled: true)
    let report = try JournalChain.verify(directory: path)
    #expect(report.mismatch == nil && report.segments == 2)
    #expect(report.sealedBytes > 200_000 && report.unsealedBytes > 0)
    // Sealed by whoever goes on, it comes to what an unbroken run has.
    try resumeJournal(path, adding: 4001...4100, segmentBytes: 256 << 10)
    let whole = try JournalChain.verify(directory: path)
    #expect(whole.mismatch == nil && whole.unsealedBytes == 0 && whole.segments == 3)
  }

  @Test func aLaterSegmentConfirmsWhatHasNoSealOfItsOwn() throws {
    try makeJournal(path, count: 120)
    try TemporaryDirectory.remove(scratch.file("journal/journal-000001.seal"))
    let report = try JournalChain.verify(directory: path)
    #expect(report.mismatch == nil && report.unsealedBytes == 0)
    var bytes = try TemporaryDirectory.bytes(of: segment(1))
    bytes[5000] ^= 4
    try TemporaryDirectory.write(segment(1), bytes)
    let mismatch = try #require(try JournalChain.verify(directory: path).mismatch)
    #expect(mismatch.segment == 1 && mismatch.bytes.contains(5000))
  }

  @Test func whatIsMissingOrStandsBehindTheEndIsNamed() throws {
    try makeJournal(path, count: 120)
    var bytes = try TemporaryDirectory.bytes(of: segment(1))
    bytes[8190] = 1
    try TemporaryDirectory.write(segment(1), bytes)
    let behind = try #require(try JournalChain.verify(directory: path).mismatch)
    #expect(behind.segment == 1 && behind.bytes.contains(8190))
    #expect(behind.description.contains("journal-000001.keel, bytes"))
    try TemporaryDirectory.remove(segment(1))
    #expect(try JournalChain.verify(directory: path).mismatch?.reason.contains("missing") == true)
    try TemporaryDirectory.remove(segment(0))
    try TemporaryDirectory.remove(scratch.file("journal/journal-000002.seal"))
    let headless = try #require(try JournalChain.verify(directory: path).mismatch)
    #expect(headless.segment == 2 && headless.reason.contains("seal"))
  }

  @Test func aJournalBeingWrittenVerifies() throws {
    let options = JournalOptions(policy: .none, segmentBytes: 256 << 10)
    let writer = try JournalWriter(directory: path, session: 1, created: 0, options: options)
    for number in 1...20_000 {
      try appendRecord(sampleTrade(number), to: writer)
      if number % 2000 == 0 {
        #expect(try JournalChain.verify(directory: path).mismatch == nil, "\(number)")
      }
    }
    try writer.close()
  }
}
