import Checksum
import PluginABI

/// Tells a torn end from damage. The whole rest of the segment is looked through, which takes
/// milliseconds: once for each full segment, and where a journal ends.
extension JournalReader {
  /// Checksums computed before a rest full of look-alikes counts as damaged without a proof.
  private static var searchBytesMax: Int { 1 << 30 }

  /// What stands behind the last record that `next` gave, once it has answered nil. While a writer
  /// is at work, half a record that is being written looks like half a record.
  package var tail: Tail {
    get throws(StorageError) {
      if let bytes = try torn() { return .torn(position, bytes: bytes) }
      // A writer prepares segments ahead: behind the last record they hold nothing at all.
      var number = self.number + 1
      while directory.holds(number) {
        let start = JournalPosition(segment: number, offset: FileHeader.bytes)
        let ahead = try JournalReader(directory: path, from: start)
        guard ahead.frameLength(at: start.offset) == 0 else {
          if number == self.number + 1 { return .clean }
          throw damage("\(start) goes on behind it")
        }
        if let bytes = try ahead.torn() { return .torn(start, bytes: bytes) }
        number += 1
      }
      return .clean
    }
  }

  /// Bytes that are not zero, and no record, behind the last good record; nil when there are none.
  func torn() throws(StorageError) -> Int? {
    // The file may have been cut at its end mark after it was mapped.
    let count = min(segment.count, try segment.file.size())
    guard count > offset else { return nil }
    let rest = UnsafeRawBufferPointer(rebasing: segment.bytes[offset..<count])
    guard let last = ZeroBytes.lastOther(in: rest) else { return nil }
    var budget = Self.searchBytesMax
    var place = offset + 8
    while place <= offset + last {
      let length = frameLength(at: place)
      if length >= MemoryLayout<keel_event>.size, place + 8 + length <= count,
        frameLength(at: place + 8) == length
      {
        budget -= length
        if budget < 0 { throw damage("too much that resembles records follows") }
        if record(at: place, length: length) != nil {
          // A writer at work fills the place looked at first, then those behind it.
          if hasGrown { return nil }
          throw damage("a whole record follows at byte \(place)")
        }
      }
      place += 8
    }
    return hasGrown ? nil : last + 1
  }

  /// Whether a whole record stands where none did when `next` looked.
  private var hasGrown: Bool {
    let length = frameLength(at: offset)
    return length != 0 && record(at: offset, length: length) != nil
  }

  func damage(_ evidence: String) -> StorageError {
    StorageError(
      .damaged(offset: offset), segment.file.path,
      "the record at byte \(offset) is damaged: \(evidence)",
      remedy: "restore the file from a copy; what stands before that byte is whole")
  }
}
