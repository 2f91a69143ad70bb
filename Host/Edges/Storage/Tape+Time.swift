import Market
import PluginABI
import PluginBridge

/// Parts of a tape by time. The index says where to look; nothing else is read.
extension Tape {
  /// The events from `from` on and before `to`; nil is as far as the tape goes.
  package func records(from: Int64? = nil, to: Int64? = nil) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: records[range(from: from, to: to)])
  }

  /// Where they lie in `records`.
  package func range(from: Int64? = nil, to: Int64? = nil) -> Range<Int> {
    let start = from.map(offset(atOrAfter:)) ?? 0
    return start..<max(start, to.map(offset(atOrAfter:)) ?? records.count)
  }

  /// The end of the block that holds this offset of `records`: a place between two records.
  package func endOfBlock(holding offset: Int) -> Int {
    let next = firstBlock(after: offset)
    return next < blocks.count ? Int(blocks[next].offset) - eventsOffset : records.count
  }

  /// The number of the first block that begins behind this offset of `records`.
  func firstBlock(after offset: Int) -> Int {
    var (low, high) = (0, blocks.count)
    let place = UInt64(offset + eventsOffset)
    while low < high {
      let middle = (low + high) / 2
      if blocks[middle].offset <= place { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// How many blocks its events are in. The first may begin with the instrument table.
  package var blockCount: Int { blocks.count }

  /// The events of one block.
  package func records(ofBlock number: Int) -> UnsafeRawBufferPointer {
    let block = blocks[number]
    let start = max(0, Int(block.offset) - eventsOffset)
    let end = max(start, Int(block.offset) + Int(block.bytes) - eventsOffset)
    return UnsafeRawBufferPointer(rebasing: records[start..<end])
  }

  /// `records` is read from front to back: the system may read ahead and drop what is behind.
  package func expectSequentialReading() { map.advise(.sequential, 0..<map.count) }

  /// The events before this offset of `records` need not stay in memory. They can still be read:
  /// they come from the disk again then.
  package func forget(before offset: Int) {
    map.advise(.forget, 0..<min(map.count, max(0, offset) + eventsOffset))
  }
}
