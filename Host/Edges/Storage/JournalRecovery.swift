import Glibc
import PluginABI
import PluginBridge

/// What was found and mended in a journal before a writer goes on with it.
package struct JournalRecovery: Sendable {
  package let session: UInt64
  package let created: Int64
  package let records: Int
  /// Of the last record that has one.
  package let sequence: UInt64
  /// Where the last good record ends.
  package let end: JournalPosition
  /// What stood behind that and was no record; cut.
  package let cutBytes: Int
  /// The value of everything that is there.
  let chain: ChainHash

  /// The caller holds the lock.
  static func run(
    in directory: JournalDirectory, isSynced: Bool
  ) throws(StorageError) -> JournalRecovery {
    try removeUnused(in: directory)
    var reader = try JournalReader(directory: directory.path)
    var sequence: UInt64 = 0
    while let record = try reader.next() {
      if record.sequence != 0 { sequence = record.sequence }
    }
    var cut = 0
    if case .torn(let position, let bytes) = try reader.tail {
      cut = bytes
      // The first record of a new segment never became one.
      if position.segment > reader.position.segment {
        try remove(position.segment, in: directory)
      }
    }
    var sealing = try Sealing(in: directory, session: reader.session, end: reader.position)
    try sealing.checkSealed()
    try end(directory, at: reader.position, isSynced: isSynced)
    try sealing.sealRest(isSynced: isSynced)
    if isSynced { try directory.sync() }
    return JournalRecovery(
      session: reader.session, created: reader.created, records: reader.recordsRead,
      sequence: sequence, end: reader.position, cutBytes: cut, chain: sealing.chain)
  }

  /// A segment prepared by the writer before, and what it left half made.
  private static func removeUnused(in directory: JournalDirectory) throws(StorageError) {
    for name in try directory.names()
    where name.hasPrefix("journal-") && name.hasSuffix(".keel.new") {
      try directory.remove("\(directory.path)/\(name)")
    }
    var segments = try directory.segments()
    while segments.count > 1, let last = segments.popLast() {
      let map = try FileHeader.map(directory.file(last), magic: KEEL_JOURNAL_MAGIC)
      let rest = UnsafeRawBufferPointer(rebasing: map.bytes[FileHeader.bytes...])
      guard ZeroBytes.fill(rest) else { return }
      try remove(last, in: directory)
    }
  }

  private static func remove(
    _ segment: Int, in directory: JournalDirectory
  ) throws(StorageError) {
    try directory.remove(directory.file(segment))
    let seal = directory.seal(segment)
    if directory.exists(seal) { try directory.remove(seal) }
  }

  /// The file then ends with its end mark.
  private static func end(
    _ directory: JournalDirectory, at position: JournalPosition, isSynced: Bool
  ) throws(StorageError) {
    let file = try FileDescriptor(
      path: directory.file(position.segment), flags: O_RDWR, system: directory.system)
    let end = position.offset + JournalSegment.frameBytes
    let size = try file.size()
    if size > position.offset { try file.truncate(to: position.offset) }
    try file.truncate(to: end)
    if isSynced { try file.sync() }
  }
}

/// Brings the seals of a journal to its end.
private struct Sealing {
  private let directory: JournalDirectory
  private let session: UInt64
  private let end: JournalPosition
  /// The last segment that has a seal; the chain is taken up there.
  private let first: Int
  private var seal: JournalSeal?
  private(set) var chain: ChainHash

  init(
    in directory: JournalDirectory, session: UInt64, end: JournalPosition
  ) throws(StorageError) {
    self.directory = directory
    self.session = session
    self.end = end
    let segments = try directory.segments()
    for number in segments.reversed() where number <= end.segment {
      guard let seal = try JournalSeal(of: number, session: session, in: directory) else {
        continue
      }
      self.seal = seal
      first = number
      chain = seal.start
      return
    }
    guard segments.first == 0 else {
      throw StorageError(
        .damaged(offset: 0), directory.seal(segments.first ?? 0),
        "the seal that says what this journal continues is missing",
        remedy: "restore the file from a copy")
    }
    first = 0
    chain = .genesis
  }

  /// A record that is sealed is no torn tail: when it does not read, it was damaged later.
  func checkSealed() throws(StorageError) {
    guard let seal else { return }
    let map = try FileHeader.map(directory.file(first), magic: KEEL_JOURNAL_MAGIC)
    let last =
      first == end.segment
      ? end.offset + JournalSegment.frameBytes : ChainWalk.end(of: map.bytes)
    var value = seal.start
    for (block, stored) in seal.values.enumerated() {
      let range = JournalSeal.range(of: block, end: last)
      guard block < JournalSeal.blocks(in: last), range.upperBound <= map.count else {
        throw damage(block, "what was sealed there is gone")
      }
      value = value.extended(by: UnsafeRawBufferPointer(rebasing: map.bytes[range]))
      guard value == stored else { throw damage(block, "it is not what was sealed") }
    }
  }

  private func damage(_ block: Int, _ reason: String) -> StorageError {
    let start = block * JournalSeal.blockBytes
    return StorageError(
      .damaged(offset: start), directory.file(first),
      "the block at byte \(start) is damaged: \(reason)",
      remedy: "restore the file from a copy; what stands before that byte is whole")
  }

  /// After the last segment was cut to its end.
  mutating func sealRest(isSynced: Bool) throws(StorageError) {
    for number in first...end.segment {
      let map = try FileHeader.map(directory.file(number), magic: KEEL_JOURNAL_MAGIC)
      var writer: JournalSeal.Writer
      if number == first, let seal {
        writer = try JournalSeal.Writer(continuing: seal, system: directory.system)
      } else {
        writer = try JournalSeal.Writer(
          of: number, session: session, start: chain, in: directory)
      }
      let last = ChainWalk.end(of: map.bytes)
      for block in writer.count..<max(writer.count, JournalSeal.blocks(in: last)) {
        let range = JournalSeal.range(of: block, end: last)
        try writer.add(UnsafeRawBufferPointer(rebasing: map.bytes[range]))
      }
      if isSynced { try writer.sync() }
      chain = writer.chain
    }
  }
}
