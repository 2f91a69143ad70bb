import Checksum
import PluginABI
package import PluginBridge
import Synchronization

/// Reads a journal in order, also one that is still being written. One thread at a time.
///
/// `next` answers nil where nothing more is written yet; calling it again later continues. What
/// cannot be true, with something true behind it, is damage and is thrown. With nothing true
/// behind it, it is the torn end of a journal whose machine lost power: `tail` reports it.
package struct JournalReader: ~Copyable {
  package enum Tail: Sendable, Equatable {
    case clean
    /// The last good record ends at the position; so many bytes behind it are no record.
    case torn(JournalPosition, bytes: Int)
  }

  package let path: String
  package let session: UInt64
  package let created: Int64
  /// Where the next record is, or will be.
  package var position: JournalPosition { JournalPosition(segment: number, offset: offset) }
  package private(set) var recordsRead = 0

  let directory: JournalDirectory
  var segment: MappedFile
  var number: Int
  var offset: Int
  private var sequence: UInt64 = 0

  /// `from` is a position that a reader or writer gave; nil begins at the first segment there is.
  package init(directory path: String, from: JournalPosition? = nil) throws(StorageError) {
    let directory = JournalDirectory(path: path)
    let segments = try directory.segments()
    guard let first = segments.first, let last = segments.last else {
      throw StorageError(
        .notAJournal, path, "it holds no journal: no \(JournalDirectory.fileName(0)) is there",
        remedy: "name the directory that a session has written")
    }
    if segments.count != last - first + 1 {
      let gap = zip(segments, first...).first { $0 != $1 }!.1
      throw StorageError(
        .damaged(offset: 0), directory.file(gap), "this segment is missing between others",
        remedy: "restore the file from a copy")
    }
    let number = from?.segment ?? first
    let offset = from?.offset ?? FileHeader.bytes
    guard (first...last).contains(number) else {
      throw StorageError(
        .missing, directory.file(number), "the journal has no such segment",
        remedy: "begin at one of segments \(first) to \(last)")
    }
    let map = try FileHeader.map(directory.file(number), magic: KEEL_JOURNAL_MAGIC)
    let header = FileHeader(of: map)
    try Self.check(header, number: number, session: nil, path: directory.file(number))
    guard offset >= FileHeader.bytes, offset % 8 == 0,
      offset + JournalSegment.frameBytes <= map.count
    else {
      throw StorageError(
        .missing, directory.file(number), "no record can begin at byte \(offset)",
        remedy: "use a position that a reader of this journal has given")
    }
    self.path = path
    self.directory = directory
    self.number = number
    self.offset = offset
    segment = map
    session = header.raw.session
    created = header.raw.created
  }

  private static func check(
    _ header: FileHeader, number: Int, session: UInt64?, path: String
  ) throws(StorageError) {
    guard header.raw.segment == UInt64(number) else {
      throw StorageError(
        .damaged(offset: 0), path, "it is segment \(header.raw.segment) under another name",
        remedy: "give every segment its own name back")
    }
    guard session == nil || header.raw.session == session else {
      throw StorageError(
        .damaged(offset: 0), path, "it belongs to another session than the segment before it",
        remedy: "keep the segments of each session in a directory of their own")
    }
  }

  /// The next record, valid until the following call; nil where nothing more is written.
  package mutating func next() throws(StorageError) -> Record? {
    while true {
      let length = frameLength(at: offset)
      if length != 0 {
        guard let record = record(at: offset, length: length) else { return try refuse() }
        let found = record.sequence
        guard found == 0 || found >= sequence else {
          throw StorageError(
            .damaged(offset: offset), segment.file.path,
            "the record at byte \(offset) has sequence \(found) behind \(sequence)",
            remedy: "restore the file from a copy")
        }
        if found != 0 { sequence = found }
        offset += JournalSegment.frameBytes + length
        recordsRead += 1
        return record
      }
      guard try advance() else { return nil }
    }
  }

  /// 0 where no frame is, or none is written yet.
  func frameLength(at place: Int) -> Int {
    guard place + JournalSegment.frameBytes <= segment.count else { return 0 }
    let word = (segment.start + place).assumingMemoryBound(to: Atomic<UInt32>.self)
    return Int(word.pointee.load(ordering: .acquiring))
  }

  /// The record of the frame at `place`; nil when that is no whole and true record.
  func record(at place: Int, length: Int) -> Record? {
    let start = place + JournalSegment.frameBytes
    guard length >= MemoryLayout<keel_event>.size, length % 8 == 0,
      length <= segment.count - start
    else { return nil }
    let bytes = segment.start + start
    guard Int(bytes.load(as: UInt32.self)) == length,
      checksum_crc32c(0, bytes, length)
        == (segment.start + place).load(
          fromByteOffset: 4, as: UInt32.self)
    else { return nil }
    return Record(UnsafePointer(bytes.assumingMemoryBound(to: keel_event.self)))
  }

  /// Steps into the next segment once something is written there, which a writer does only when
  /// it is done with this one. False when this is the last.
  private mutating func advance() throws(StorageError) -> Bool {
    guard let map = try successor() else { return false }
    let length = Self.firstLength(of: map)
    // What was appended here between the two looks comes first.
    guard frameLength(at: offset) == 0 else { return true }
    guard try torn() == nil, try isLeft(for: length, of: map) else {
      throw damage("a later segment goes on behind it")
    }
    segment = map
    number += 1
    offset = FileHeader.bytes
    return true
  }

  /// A writer goes on in a new segment only with a record that this one has no room for, or when
  /// this one was ended for good, its file then too.
  private func isLeft(
    for length: Int, of next: borrowing MappedFile
  ) throws(StorageError) -> Bool {
    let end = offset + JournalSegment.frameBytes + length
    if end + JournalSegment.frameBytes > segment.count,
      offset + JournalSegment.frameBytes <= segment.count, segment.count >= next.count
    {
      return true
    }
    return try segment.file.size() == offset + JournalSegment.frameBytes
  }

  /// The next segment; nil while nothing is written there. A writer prepares it before it needs it.
  private func successor() throws(StorageError) -> MappedFile? {
    guard directory.holds(number + 1) else { return nil }
    let path = directory.file(number + 1)
    let map = try FileHeader.map(path, magic: KEEL_JOURNAL_MAGIC)
    try Self.check(FileHeader(of: map), number: number + 1, session: session, path: path)
    guard map.count >= FileHeader.bytes + JournalSegment.frameBytes,
      Self.firstLength(of: map) != 0
    else { return nil }
    return map
  }

  private static func firstLength(of map: borrowing MappedFile) -> Int {
    let first = (map.start + FileHeader.bytes).assumingMemoryBound(to: Atomic<UInt32>.self)
    return Int(first.pointee.load(ordering: .acquiring))
  }

  /// The frame here is not true: damage if something true follows, else the torn end.
  private mutating func refuse() throws(StorageError) -> Record? {
    if try successor() != nil { throw damage("a later segment goes on behind it") }
    _ = try torn()
    return nil
  }
}
