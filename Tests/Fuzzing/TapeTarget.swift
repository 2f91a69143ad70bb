import Market
import PluginABI
import PluginBridge
import Storage

/// A tape. The first byte says how much of it is made true: 1 the header, 2 its checksum, 4 an
/// index of one or more blocks over all records. The second byte puts mistakes into that index.
enum TapeTarget {
  nonisolated(unsafe) private static let file = ScratchFile(named: "fuzz.tape")

  static func run(_ bytes: UnsafeRawBufferPointer) {
    var input = FuzzInput(bytes)
    let mode = input.byte()
    let mistakes = input.byte()
    var image = FileImage(&input, magic: KEEL_TAPE_MAGIC, isPlain: mode & 1 != 0)
    if mode & 4 != 0 { index(&image, blocks: 1 + Int(mode >> 6), mistakes) }
    if mode & 7 != 0 { image.sealHeader() }
    file.write(image.bytes)
    do throws(StorageError) { try read() } catch {
      precondition(!error.message.isEmpty && !error.remedy.isEmpty, "an error says what to do")
    }
  }

  /// Does with it all that a session does.
  private static func read() throws(StorageError) {
    let tape = try Tape(path: file.path)
    for time in [Int64.min, 0, tape.firstTime ?? 1, tape.lastTime ?? 2, Int64.max] {
      let offset = tape.offset(atOrAfter: time)
      precondition((0...tape.records.count).contains(offset), "a place lies inside")
    }
    for definition in tape.instruments { _ = InstrumentDefinition.numbers(of: definition) }
    try tape.verify()
    var count = 0
    var time = Int64.min
    for record in RecordReader(tape.records) {
      count += 1
      precondition(record.time.nanoseconds >= time, "a verified tape is in order of time")
      time = record.time.nanoseconds
    }
    precondition(count == tape.recordCount, "a verified tape has as many records as it says")
    precondition(count == 0 || tape.lastTime == time, "the last record is the last")
  }

  /// Cuts the records into `count` blocks and writes an index that is true of them, but for what
  /// `mistakes` changes.
  private static func index(_ image: inout FileImage, blocks count: Int, _ mistakes: UInt8) {
    let start = KEEL_FILE_HEADER_BYTES
    image.bytes.removeLast((image.bytes.count - start) % 8)
    let end = image.bytes.count
    var places: [(offset: Int, time: Int64)] = []
    image.bytes.withUnsafeBytes { all in
      var offset = start
      for record in RecordReader(UnsafeRawBufferPointer(rebasing: all[start...])) {
        places.append((offset, record.time.nanoseconds))
        offset += record.size
      }
    }
    let share = max(1, (places.count + count - 1) / count)
    var entries: [keel_tape_block] = []
    for first in stride(from: 0, to: places.count, by: share) {
      let next = first + share
      let stop = next < places.count ? places[next].offset : end
      var entry = keel_tape_block()
      entry.offset = UInt64(places[first].offset)
      entry.first_time = places[first].time
      entry.bytes = UInt32(stop - places[first].offset)
      entry.records = UInt32(min(share, places.count - first))
      entry.crc32c = image.checksum(places[first].offset..<stop)
      entries.append(entry)
    }
    if !entries.isEmpty, mistakes != 0 {
      let place = entries.count - 1
      if mistakes & 1 != 0 { entries[place].records &+= 1 }
      if mistakes & 2 != 0 { entries[place].first_time &-= 1 }
      if mistakes & 4 != 0 { entries[place].bytes &+= 8 }
      if mistakes & 8 != 0 { entries[0].offset &+= 8 }
      if mistakes & 16 != 0 { entries[place].records = .max }
    }
    image.bytes += entries.withUnsafeBytes { Array($0) }
    let sum = image.checksum(end..<image.bytes.count)
    image.changeHeader {
      $0.index_offset = mistakes & 32 != 0 ? .max : UInt64(end)
      $0.index_count = UInt32(entries.count)
      $0.index_crc32c = sum
      $0.records = UInt64(entries.reduce(0) { $0 &+ Int($1.records) })
    }
  }
}
