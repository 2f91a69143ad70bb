import Checksum
import Market
import PluginABI
import PluginBridge

extension Tape {
  /// Reads the whole tape. Throws for the first block that is not as it was written.
  package func verify() throws(StorageError) {
    var time = Int64.min
    for (number, block) in blocks.enumerated() {
      try Self.verify(block, number, map.bytes, path: path)
      for record in RecordReader(Self.bytes(of: block, map.bytes)) {
        guard record.time.nanoseconds >= time else {
          throw Self.damage(block, number, path, "its records are not in order of time")
        }
        time = record.time.nanoseconds
      }
      if number % 1_024 == 1_023 { map.advise(.forget, 0..<Int(block.offset)) }
    }
  }

  /// The same for the blocks that hold these offsets of `records`.
  package func verify(_ range: Range<Int>) throws(StorageError) {
    var number = Swift.max(0, firstBlock(after: range.lowerBound) - 1)
    while number < blocks.count,
      blocks[number].offset < UInt64(range.upperBound + eventsOffset)
    {
      try Self.verify(blocks[number], number, map.bytes, path: path)
      number += 1
    }
  }

  static func verify(
    _ block: keel_tape_block, _ number: Int, _ bytes: UnsafeRawBufferPointer, path: String
  ) throws(StorageError) {
    let area = Self.bytes(of: block, bytes)
    guard checksum_crc32c(0, area.baseAddress, area.count) == block.crc32c else {
      throw damage(block, number, path, "the checksum does not match")
    }
    var reader = RecordReader(area)
    var count = 0
    while let record = reader.next() {
      guard count > 0 || record.time.nanoseconds == block.first_time else {
        throw damage(block, number, path, "its first record has another time than the index")
      }
      count += 1
    }
    guard !reader.isDamaged, count == Int(block.records) else {
      throw damage(block, number, path, "it does not hold \(block.records) whole records")
    }
  }

  private static func damage(
    _ block: keel_tape_block, _ number: Int, _ path: String, _ message: String
  ) -> StorageError {
    StorageError(
      .damaged(offset: Int(block.offset)), path,
      "block \(number), at byte \(block.offset), is damaged: \(message)",
      remedy: "restore the file from a copy, or record it again")
  }

  /// Where in `records` the first event at or after `time` begins; the end when there is none.
  package func offset(atOrAfter time: Int64) -> Int {
    // The last block that begins before `time` holds the place, or the next one begins there.
    var low = 0
    var high = blocks.count
    while low < high {
      let middle = (low + high) / 2
      if blocks[middle].first_time < time { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return 0 }
    let block = blocks[low - 1]
    var offset = Int(block.offset)
    for record in RecordReader(Self.bytes(of: block, map.bytes)) {
      if offset >= eventsOffset, record.time.nanoseconds >= time { break }
      offset += record.size
    }
    return max(0, offset - eventsOffset)
  }
}
