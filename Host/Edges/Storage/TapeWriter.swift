import Checksum
import Glibc
package import PluginABI

/// Records market data as a tape. One thread at a time.
///
/// Until `finish` the header says that there is no index, so that a tape whose recorder died is
/// known as one. A writer dropped without `finish` leaves that file behind.
package final class TapeWriter {
  /// Records are gathered into blocks of at most this many bytes; a larger record is a block.
  package static let blockBytes = 64 << 10
  package static let recordBytesMax = 1 << 20

  package private(set) var recordsWritten = 0
  private let file: FileDescriptor
  private var header: FileHeader
  private var offset = FileHeader.bytes
  private var time = Int64.min
  private var block: [UInt8] = []
  private var blockRecords: UInt32 = 0
  private var blockTime = Int64.min
  private var index: [keel_tape_block] = []
  private var isFinished = false

  /// The instruments become the tape's own table, in this order; their time is set to KEEL_NULL,
  /// which tells them from a later change of one.
  package init(
    path: String, instruments: [keel_ev_instrument], created: Int64
  ) throws(StorageError) {
    file = try FileDescriptor(path: path, flags: O_RDWR | O_CREAT | O_EXCL)
    header = FileHeader(magic: KEEL_TAPE_MAGIC, session: 0, segment: 0, created: created)
    block.reserveCapacity(Self.blockBytes)
    try writeHeader()
    for var instrument in instruments {
      instrument.h.size = UInt32(MemoryLayout<keel_ev_instrument>.size)
      instrument.h.type = UInt16(KEEL_EV_INSTRUMENT)
      instrument.h.ts_venue = KEEL_NULL
      instrument.h.ts_recv = KEEL_NULL
      var failure: StorageError?
      withUnsafeBytes(of: instrument) { bytes in
        do throws(StorageError) { try add(bytes, instrument.h) } catch { failure = error }
      }
      if let failure { throw failure }
    }
  }

  /// One or more contiguous records. Those before a refused one are kept.
  package func append(_ records: UnsafeRawBufferPointer) throws(StorageError) {
    precondition(!isFinished, "nothing is appended to a finished tape")
    var rest = records
    while rest.count > 0 {
      guard rest.count >= MemoryLayout<keel_event>.size else {
        throw refusal("\(rest.count) bytes are too few for a record")
      }
      let event = rest.loadUnaligned(as: keel_event.self)
      let size = Int(event.size)
      guard size >= MemoryLayout<keel_event>.size, size % 8 == 0, size <= rest.count,
        size <= Self.recordBytesMax
      else { throw refusal("its size of \(size) bytes cannot be true") }
      guard event.ts_recv != KEEL_NULL else { throw refusal("it has no time") }
      guard event.ts_recv >= time else {
        throw refusal("its time \(event.ts_recv) is before \(time), that of the record before it")
      }
      try add(UnsafeRawBufferPointer(rebasing: rest[..<size]), event)
      recordsWritten += 1
      rest = UnsafeRawBufferPointer(rebasing: rest[size...])
    }
  }

  private func refusal(_ reason: String) -> StorageError {
    StorageError(
      .refusedRecord, file.path, "record \(recordsWritten) is refused: \(reason)",
      remedy: "hand over whole records in the order of their receive time")
  }

  private func add(
    _ record: UnsafeRawBufferPointer, _ event: keel_event
  ) throws(StorageError) {
    if block.count > 0, block.count + record.count > Self.blockBytes { try writeBlock() }
    if block.isEmpty { blockTime = event.ts_recv }
    block.append(contentsOf: record)
    blockRecords += 1
    time = event.ts_recv
  }

  private func writeBlock() throws(StorageError) {
    guard block.count > 0 else { return }
    var entry = keel_tape_block()
    entry.offset = UInt64(offset)
    entry.first_time = blockTime
    entry.bytes = UInt32(block.count)
    entry.records = blockRecords
    entry.crc32c = block.withUnsafeBytes { checksum_crc32c(0, $0.baseAddress, $0.count) }
    try write(block, at: offset)
    index.append(entry)
    offset += block.count
    header.raw.records += UInt64(blockRecords)
    block.removeAll(keepingCapacity: true)
    blockRecords = 0
  }

  /// Writes the index, waits until everything is on the disk, and only then says so in the header.
  package func finish() throws(StorageError) {
    guard !isFinished else { return }
    try writeBlock()
    let bytes = index.withUnsafeBytes { Array($0) }
    try write(bytes, at: offset)
    header.raw.index_offset = UInt64(offset)
    header.raw.index_count = UInt32(index.count)
    header.raw.index_crc32c = bytes.withUnsafeBytes { checksum_crc32c(0, $0.baseAddress, $0.count) }
    try file.sync()
    try writeHeader()
    try file.sync()
    isFinished = true
  }

  private func writeHeader() throws(StorageError) {
    var page = [UInt8](repeating: 0, count: FileHeader.bytes)
    page.withUnsafeMutableBytes { header.store(at: $0.baseAddress!) }
    try write(page, at: 0)
  }

  private func write(_ bytes: [UInt8], at offset: Int) throws(StorageError) {
    var failure: StorageError?
    bytes.withUnsafeBytes { buffer in
      do throws(StorageError) { try file.write(buffer, at: offset) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
