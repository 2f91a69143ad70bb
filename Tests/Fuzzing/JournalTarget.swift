import PluginABI
import PluginBridge
import Storage

/// A journal of one segment. The first byte says how much of it is made true: 1 the header,
/// 2 its checksum, 4 the checksums of the frames, 8 their records' sizes; 16 cuts it at the end.
enum JournalTarget {
  nonisolated(unsafe) private static let file = ScratchFile(named: "journal-000000.keel")

  static func run(_ bytes: UnsafeRawBufferPointer) {
    var input = FuzzInput(bytes)
    let mode = input.byte()
    var image = FileImage(&input, magic: KEEL_JOURNAL_MAGIC, isPlain: mode & 1 != 0)
    if mode & 3 != 0 { image.sealHeader() }
    if mode & 12 != 0 { seal(&image, sizes: mode & 8 != 0) }
    if mode & 16 != 0 { image.bytes.removeLast(min(4, image.bytes.count)) }
    file.write(image.bytes)
    do throws(StorageError) { try read() } catch {
      precondition(!error.message.isEmpty && !error.remedy.isEmpty, "an error says what to do")
    }
  }

  private static func read() throws(StorageError) {
    var reader = try JournalReader(directory: file.directory)
    var places: [(position: JournalPosition, sequence: UInt64)] = []
    var sequence: UInt64 = 0
    while true {
      let position = reader.position
      guard let record = try reader.next() else { break }
      if record.sequence != 0 {
        precondition(record.sequence >= sequence, "sequences do not go back")
        sequence = record.sequence
      }
      precondition(record.size >= 40 && record.size % 8 == 0, "records are whole")
      places.append((position, record.sequence))
    }
    _ = try reader.tail
    precondition(reader.recordsRead == places.count, "what was read is counted")
    // A reader that begins in the middle finds the same record there.
    guard let place = places.dropFirst(places.count / 2).first else { return }
    var second = try JournalReader(directory: file.directory, from: place.position)
    let found = try second.next()?.sequence
    precondition(found == place.sequence, "positions can be returned to")
  }

  /// Makes the checksum good of each frame whose length can be true.
  private static func seal(_ image: inout FileImage, sizes: Bool) {
    let frame = MemoryLayout<keel_frame>.size
    var place = KEEL_FILE_HEADER_BYTES
    while place + frame <= image.bytes.count {
      let length = Int(image.load(UInt32.self, at: place))
      let start = place + frame
      guard length >= 8, length % 8 == 0, length <= image.bytes.count - start else { return }
      if sizes { image.store(UInt32(length), at: start) }
      image.store(image.checksum(start..<start + length), at: place + 4)
      place = start + length
    }
  }
}
