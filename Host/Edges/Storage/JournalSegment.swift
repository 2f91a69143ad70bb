import Checksum
import Glibc
import PluginABI
import Synchronization

/// One preallocated, mapped segment while it is being written.
///
/// A frame's length word is stored last, with release order: whoever sees a length sees the whole
/// record behind it, in this process, in another, and after the writer was killed.
struct JournalSegment: ~Copyable {
  static let frameBytes = MemoryLayout<keel_frame>.size

  let number: Int
  private let map: MappedFile
  /// Where the next frame goes.
  private(set) var offset = FileHeader.bytes

  /// The file appears under its final name only with its header written, so that a reader never
  /// meets half a segment.
  init(
    in directory: JournalDirectory, number: Int, session: UInt64, created: Int64, bytes: Int
  ) throws(StorageError) {
    let path = directory.file(number)
    let temporary = path + ".new"
    unlink(temporary)
    let map = try MappedFile(creating: temporary, bytes: bytes)
    let header = FileHeader(
      magic: KEEL_JOURNAL_MAGIC, session: session, segment: UInt64(number), created: created)
    header.store(at: map.start)
    // A link, unlike a rename, refuses to replace what another writer put there.
    guard link(temporary, path) == 0 else {
      let failure = errno
      unlink(temporary)
      throw StorageError.system(failure, path, "create it")
    }
    unlink(temporary)
    self.map = map
    self.number = number
  }

  /// The room that the largest possible record has; one frame is kept for the end mark.
  static func recordBytesMax(segmentBytes: Int) -> Int {
    segmentBytes - FileHeader.bytes - 2 * frameBytes
  }

  /// False, and nothing written, when the record does not fit any more.
  mutating func append(_ record: UnsafeRawBufferPointer) -> Bool {
    let end = offset + Self.frameBytes + record.count
    guard end + Self.frameBytes <= map.count else { return false }
    let frame = map.start + offset
    (frame + Self.frameBytes).copyMemory(from: record.baseAddress!, byteCount: record.count)
    let checksum = checksum_crc32c(0, record.baseAddress, record.count)
    frame.storeBytes(of: checksum, toByteOffset: 4, as: UInt32.self)
    frame.assumingMemoryBound(to: Atomic<UInt32>.self).pointee
      .store(UInt32(record.count), ordering: .releasing)
    offset = end
    return true
  }

  func sync() throws(StorageError) { try map.sync() }

  /// Cuts the unused tail. The end mark, a frame of length 0, stays: it is the last byte that a
  /// reader who mapped the longer file still looks at.
  func close() throws(StorageError) {
    try map.file.truncate(to: offset + Self.frameBytes)
  }
}
