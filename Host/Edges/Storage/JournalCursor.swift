import Checksum
import Synchronization

/// Where the next frame of a segment goes.
///
/// A frame's length word is stored last, with release order: whoever sees a length sees the whole
/// record behind it, in this process, in another, and after the writer was killed.
struct JournalCursor {
  let number: Int
  private let start: UnsafeMutableRawPointer
  private let count: Int
  private(set) var offset = FileHeader.bytes

  init(number: Int, start: UnsafeMutableRawPointer, count: Int) {
    self.number = number
    self.start = start
    self.count = count
  }

  /// False, and nothing written, when the record does not fit any more.
  mutating func append(_ record: UnsafeRawBufferPointer) -> Bool {
    let end = offset + JournalSegment.frameBytes + record.count
    guard end + JournalSegment.frameBytes <= count else { return false }
    let frame = start + offset
    (frame + JournalSegment.frameBytes).copyMemory(
      from: record.baseAddress!, byteCount: record.count)
    let checksum = checksum_crc32c(0, record.baseAddress, record.count)
    frame.storeBytes(of: checksum, toByteOffset: 4, as: UInt32.self)
    frame.assumingMemoryBound(to: Atomic<UInt32>.self).pointee
      .store(UInt32(record.count), ordering: .releasing)
    offset = end
    return true
  }
}
