import Checksum
import Glibc
package import PluginABI

/// Records market data as a tape. One thread at a time.
///
/// Until `finish` the header says that there is no index, so that a tape whose recorder died is
/// known as one. A writer dropped without `finish` leaves that file behind, unless it is placed
/// whole: then it is written under another name, which goes with the writer.
package final class TapeWriter {
  /// Records are gathered into blocks of at most this many bytes; a larger record is a block.
  package static let blockBytes = 64 << 10
  package static let recordBytesMax = 1 << 20

  package private(set) var recordsWritten = 0
  /// The time of the newest record; nil before the first.
  package var lastTime: Int64? { recordsWritten > 0 ? time : nil }
  private let file: FileDescriptor
  /// Where the whole tape is to stand, when it is written elsewhere.
  private let destination: String?
  private var header: FileHeader
  private var offset = FileHeader.bytes
  private var time = Int64.min
  private let block: UnsafeMutableRawPointer
  private var blockUsed = 0
  private var blockRecords: UInt32 = 0
  private var blockTime = Int64.min
  private var index: [keel_tape_block] = []
  private var isFinished = false

  /// The instruments become the tape's own table, in this order; their time is set to KEEL_NULL,
  /// which tells them from a later change of one.
  package init(
    path: String, instruments: [keel_ev_instrument], created: Int64, isPlacedWhole: Bool = false
  ) throws(StorageError) {
    if isPlacedWhole, access(path, F_OK) == 0 {
      throw StorageError.system(EEXIST, path, "create it")
    }
    destination = isPlacedWhole ? path : nil
    let draft = isPlacedWhole ? "\(path).\(getpid()).partial" : path
    do throws(StorageError) {
      file = try FileDescriptor(path: draft, flags: O_RDWR | O_CREAT | O_EXCL)
    } catch {
      // Nobody asked for the other name.
      throw error.code == .missing
        ? StorageError(
          .missing, path, "cannot create it: its directory does not exist",
          remedy: "make the directory first, or name another place")
        : StorageError(error.code, path, error.message, remedy: error.remedy)
    }
    header = FileHeader(magic: KEEL_TAPE_MAGIC, session: 0, segment: 0, created: created)
    // As large as the largest record; what is never used of it takes no memory.
    block = .allocate(byteCount: Self.recordBytesMax, alignment: 16)
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

  deinit {
    block.deallocate()
    if destination != nil { unlink(file.path) }
  }

  private func add(
    _ record: UnsafeRawBufferPointer, _ event: keel_event
  ) throws(StorageError) {
    if blockUsed > 0, blockUsed + record.count > Self.blockBytes { try writeBlock() }
    if blockUsed == 0 { blockTime = event.ts_recv }
    if let start = record.baseAddress {
      (block + blockUsed).copyMemory(from: start, byteCount: record.count)
    }
    blockUsed += record.count
    blockRecords += 1
    time = event.ts_recv
  }

  private func writeBlock() throws(StorageError) {
    guard blockUsed > 0 else { return }
    var entry = keel_tape_block()
    entry.offset = UInt64(offset)
    entry.first_time = blockTime
    entry.bytes = UInt32(blockUsed)
    entry.records = blockRecords
    entry.crc32c = checksum_crc32c(0, block, blockUsed)
    try file.write(UnsafeRawBufferPointer(start: block, count: blockUsed), at: offset)
    index.append(entry)
    offset += blockUsed
    header.raw.records += UInt64(blockRecords)
    blockUsed = 0
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
    if let destination {
      // A link never replaces what has come to stand there meanwhile.
      try StorageSystem.check(
        StorageSystem.real.link(file.path, destination), destination, "create it")
      unlink(file.path)
    }
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
