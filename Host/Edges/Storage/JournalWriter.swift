import PluginABI

/// Appends records to a journal. One thread at a time.
///
/// What `append` has returned from survives the death of the process, because it lies in the page
/// cache; `sync` makes it survive the death of the machine. A writer that is dropped without
/// `close` leaves the journal as a killed process would.
package final class JournalWriter {
  package let path: String
  @exclusivity(unchecked) package private(set) var recordsWritten = 0
  /// Records and their frames, without headers.
  @exclusivity(unchecked) package private(set) var bytesWritten = 0
  package var position: JournalPosition {
    JournalPosition(segment: segment.number, offset: segment.offset)
  }

  private let directory: JournalDirectory
  private let session: UInt64
  private let created: Int64
  private let segmentBytes: Int
  // No access here can overlap another, and checking that cost more than the append itself.
  @exclusivity(unchecked) private var segment: JournalSegment
  @exclusivity(unchecked) private var sequence: UInt64 = 0
  private var isClosed = false

  /// `created` is session time, so that equal runs write equal files.
  package init(
    directory path: String, session: UInt64, created: Int64, segmentBytes: Int = 64 << 20
  ) throws(StorageError) {
    precondition(
      segmentBytes >= 2 * FileHeader.bytes && segmentBytes % 8 == 0,
      "a segment has room for its header and some records, and ends on a frame boundary")
    let directory = JournalDirectory(path: path)
    try directory.create()
    guard try directory.segments().isEmpty else {
      throw StorageError(
        .exists, path, "it already holds a journal, which is never overwritten",
        remedy: "name another directory, or move the old journal away")
    }
    segment = try JournalSegment(
      in: directory, number: 0, session: session, created: created, bytes: segmentBytes)
    self.path = path
    self.directory = directory
    self.session = session
    self.created = created
    self.segmentBytes = segmentBytes
  }

  /// `record` begins with a `keel_event`, aligned as one, whose size is the record's. No
  /// allocation and no system call unless the segment is full. After an error nothing was written,
  /// and a later call may succeed.
  package func append(_ record: UnsafeRawBufferPointer) throws(StorageError) {
    precondition(!isClosed, "nothing is appended to a closed journal")
    precondition(
      record.count >= MemoryLayout<keel_event>.size && record.count % 8 == 0,
      "a record is at least a header, and a multiple of eight bytes")
    let header = record.baseAddress!.assumingMemoryBound(to: keel_event.self)
    precondition(Int(header.pointee.size) == record.count, "a record's size is its own")
    let found = header.pointee.seq
    precondition(found == 0 || found >= sequence, "the sequence never goes back in a journal")
    if !segment.append(record) {
      try roll(for: record.count)
      let fits = segment.append(record)
      precondition(fits, "an empty segment takes what roll has measured")
    }
    if found != 0 { sequence = found }
    recordsWritten += 1
    bytesWritten += record.count + JournalSegment.frameBytes
  }

  private func roll(for recordBytes: Int) throws(StorageError) {
    let most = JournalSegment.recordBytesMax(segmentBytes: segmentBytes)
    guard recordBytes <= most else {
      throw StorageError(
        .refusedRecord, path,
        "a record of \(recordBytes) bytes does not fit a segment, which takes \(most)",
        remedy: "write the journal in larger segments")
    }
    segment = try JournalSegment(
      in: directory, number: segment.number + 1, session: session, created: created,
      bytes: segmentBytes)
  }

  /// Waits until everything appended is on the disk. Earlier segments were left to the kernel,
  /// which writes them back by itself; call this more often than they fill.
  package func sync() throws(StorageError) {
    try segment.sync()
    try directory.sync()
  }

  /// Syncs and cuts the unused tail. A second call does nothing.
  package func close() throws(StorageError) {
    guard !isClosed else { return }
    isClosed = true
    try sync()
    try segment.close()
  }
}
