import PluginABI

extension Tape {
  /// Whether another file, or the same one by another name, holds equal events of equal
  /// instruments: told by the checksums of its blocks, which the index has.
  package func holdsTheSame(as other: Tape) -> Bool {
    blocks.count == other.blocks.count && recordCount == other.recordCount
      && zip(blocks, other.blocks).allSatisfy {
        $0.crc32c == $1.crc32c && $0.bytes == $1.bytes && $0.records == $1.records
          && $0.first_time == $1.first_time
      }
  }
}
