import Checksum
import Market
package import PluginABI
import PluginBridge

/// A finished market-data tape, mapped to be read in place, from any thread.
///
/// Opening checks header, index and the first and last block, so that it costs the same for a
/// tape of any length; `verify` checks every block.
package final class Tape {
  package let path: String
  package let created: Int64
  /// The tape's own table: what the ids in its records mean.
  package let instruments: [keel_ev_instrument]
  /// Events, without the instrument table.
  package let recordCount: Int
  /// `ts_recv` of the first and last event; nil in a tape without events.
  package let firstTime: Int64?
  package let lastTime: Int64?
  /// The events, contiguous and in order of time. Valid as long as the tape is held.
  package let records: UnsafeRawBufferPointer

  let map: MappedFile
  let blocks: [keel_tape_block]
  /// Where the events begin in the file.
  let eventsOffset: Int

  package init(path: String) throws(StorageError) {
    self.path = path
    map = try FileHeader.map(path, magic: KEEL_TAPE_MAGIC)
    let header = FileHeader(of: map).raw
    created = header.created
    guard header.index_offset != 0 else {
      throw StorageError(
        .unfinished, path, "the tape was never finished: its recorder was stopped before the end",
        remedy: "record it again, and let the recorder end by itself")
    }
    blocks = try Self.index(header, map.bytes, path: path)
    let end = Int(header.index_offset)
    if let first = blocks.first { try Self.verify(first, 0, map.bytes, path: path) }
    if let last = blocks.last, blocks.count > 1 {
      try Self.verify(last, blocks.count - 1, map.bytes, path: path)
    }

    var reader = RecordReader(
      UnsafeRawBufferPointer(rebasing: map.bytes[FileHeader.bytes..<end]))
    var table: [keel_ev_instrument] = []
    var rest = reader.rest
    while let record = reader.next(), record.type == KEEL_EV_INSTRUMENT,
      record.time.nanoseconds == KEEL_NULL,
      let instrument = record.cast(to: keel_ev_instrument.self)
    {
      table.append(instrument.pointee)
      rest = reader.rest
    }
    instruments = table
    records = rest
    eventsOffset = end - rest.count
    recordCount = Int(header.records) - table.count
    firstTime = rest.count > 0 ? RecordReader(rest).first { _ in true }?.time.nanoseconds : nil
    lastTime =
      rest.count > 0
      ? Self.lastTime(of: blocks[blocks.count - 1], map.bytes) : nil
  }

  /// The index, when everything in it can be true of a file of this size.
  private static func index(
    _ header: keel_file_header, _ bytes: UnsafeRawBufferPointer, path: String
  ) throws(StorageError) -> [keel_tape_block] {
    let stride = MemoryLayout<keel_tape_block>.stride
    let count = Int(header.index_count)
    guard let end = Int(exactly: header.index_offset), end >= FileHeader.bytes,
      end <= bytes.count, bytes.count - end >= count * stride
    else {
      throw StorageError(
        .damaged(offset: bytes.count), path, "it ends before its index does: it was cut off",
        remedy: "copy or record it again")
    }
    func damaged(_ message: String) -> StorageError {
      StorageError(
        .damaged(offset: end), path, "its index is damaged: \(message)",
        remedy: "restore the file from a copy")
    }
    guard bytes.count - end == count * stride else { throw damaged("bytes follow it") }
    let area = UnsafeRawBufferPointer(rebasing: bytes[end...])
    guard checksum_crc32c(0, area.baseAddress, area.count) == header.index_crc32c else {
      throw damaged("the checksum does not match")
    }
    let blocks = (0..<count).map {
      area.loadUnaligned(fromByteOffset: $0 * stride, as: keel_tape_block.self)
    }
    var offset = FileHeader.bytes
    var records: UInt64 = 0
    var time = Int64.min
    for (number, block) in blocks.enumerated() {
      guard block.offset == UInt64(offset), block.bytes > 0, block.bytes % 8 == 0,
        Int(block.bytes) <= end - offset, block.records > 0, block.first_time >= time
      else { throw damaged("block \(number) contradicts the others") }
      offset += Int(block.bytes)
      records += UInt64(block.records)
      time = block.first_time
    }
    guard offset == end, records == header.records else {
      throw damaged("it does not cover all records")
    }
    return blocks
  }

  private static func lastTime(
    of block: keel_tape_block, _ bytes: UnsafeRawBufferPointer
  ) -> Int64? {
    RecordReader(Self.bytes(of: block, bytes)).reduce(nil) { $1.time.nanoseconds }
  }

  static func bytes(
    of block: keel_tape_block, _ bytes: UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      rebasing: bytes[Int(block.offset)..<Int(block.offset) + Int(block.bytes)])
  }
}
