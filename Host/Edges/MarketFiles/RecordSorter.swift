import Glibc
import PluginABI

/// Puts records in the order of their times; those of equal times stay in the order they came in.
/// Holds so many bytes at most, and keeps the rest in a file without a name, sorted in runs.
final class RecordSorter {
  private struct Key {
    let time: Int64
    let offset: Int
  }
  private struct Run {
    var place: Int
    let end: Int
    var bytes: [UInt8] = []
    var used = 0
  }

  private let bytesMax: Int
  private let directory: String
  private var held: [UInt8] = []
  private var keys: [Key] = []
  private var descriptor: Int32 = -1
  private var written = 0
  private var runs: [Run] = []
  private static let readBytes = 1 << 20

  init(directory: String, bytesMax: Int) {
    self.directory = directory
    self.bytesMax = bytesMax
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func add(_ records: UnsafeRawBufferPointer) throws(MarketFileError) {
    if held.count + records.count > bytesMax { try spill() }
    var offset = 0
    while offset < records.count {
      let header = records.loadUnaligned(fromByteOffset: offset, as: keel_event.self)
      keys.append(Key(time: header.ts_recv, offset: held.count + offset))
      offset += Int(header.size)
    }
    held.append(contentsOf: records)
  }

  /// Hands out all records in order, some at a time. False from `body` ends it.
  func drain(
    _ body: (UnsafeRawBufferPointer) throws(MarketFileError) -> Bool
  ) throws(MarketFileError) {
    if runs.isEmpty {
      sortKeys()
      var batch: [UInt8] = []
      for key in keys {
        batch.append(contentsOf: record(key))
        if batch.count >= Self.readBytes {
          guard try give(batch, body) else { return }
          batch.removeAll(keepingCapacity: true)
        }
      }
      _ = try give(batch, body)
      return
    }
    try spill()
    try merge(body)
  }

  private func record(_ key: Key) -> ArraySlice<UInt8> {
    let size = held.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: key.offset, as: UInt32.self)
    }
    return held[key.offset..<key.offset + Int(size)]
  }

  private func give(
    _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(MarketFileError) -> Bool
  ) throws(MarketFileError) -> Bool {
    var goesOn = true
    var caught: MarketFileError?
    bytes.withUnsafeBytes { buffer in
      guard buffer.count > 0 else { return }
      do throws(MarketFileError) { goesOn = try body(buffer) } catch { caught = error }
    }
    if let caught { throw caught }
    return goesOn
  }

  private func sortKeys() {
    keys.sort { ($0.time, $0.offset) < ($1.time, $1.offset) }
  }

  /// What is held becomes a run in the file.
  private func spill() throws(MarketFileError) {
    guard !keys.isEmpty else { return }
    if descriptor < 0 {
      var template = Array("\(directory)/keel-sort-XXXXXX".utf8CString)
      descriptor = mkstemp(&template)
      guard descriptor >= 0 else {
        throw MarketFileError.system(errno, directory, "make a file to sort in")
      }
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      unlink(template)
    }
    sortKeys()
    let start = written
    var batch: [UInt8] = []
    for key in keys {
      batch.append(contentsOf: record(key))
      if batch.count >= Self.readBytes {
        try write(batch)
        batch.removeAll(keepingCapacity: true)
      }
    }
    try write(batch)
    runs.append(Run(place: start, end: written))
    held.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
  }

  private func write(_ bytes: [UInt8]) throws(MarketFileError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress! + done, $0.count - done, off_t(written))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw MarketFileError(
          .io, directory, "cannot sort there: \(SystemText.reason(count < 0 ? errno : EIO))",
          remedy: "free some space, or write the tape to another disk")
      }
      done += count
      written += count
    }
  }

  private func merge(
    _ body: (UnsafeRawBufferPointer) throws(MarketFileError) -> Bool
  ) throws(MarketFileError) {
    var batch: [UInt8] = []
    for index in runs.indices { try load(index) }
    while true {
      var best: (run: Int, time: Int64, size: Int)?
      for index in runs.indices {
        guard let head = head(index) else { continue }
        // Earlier runs hold what came earlier.
        if best.map({ head.time < $0.time }) ?? true { best = (index, head.time, head.size) }
      }
      guard let best else { break }
      let used = runs[best.run].used
      batch.append(contentsOf: runs[best.run].bytes[used..<used + best.size])
      runs[best.run].used += best.size
      try load(best.run)
      if batch.count >= Self.readBytes {
        guard try give(batch, body) else { return }
        batch.removeAll(keepingCapacity: true)
      }
    }
    _ = try give(batch, body)
  }

  private func head(_ index: Int) -> (time: Int64, size: Int)? {
    let run = runs[index]
    guard run.bytes.count - run.used >= MemoryLayout<keel_event>.size else { return nil }
    return run.bytes.withUnsafeBytes {
      let header = $0.loadUnaligned(fromByteOffset: run.used, as: keel_event.self)
      return (header.ts_recv, Int(header.size))
    }
  }

  /// At least the next record of a run, unless it is used up.
  private func load(_ index: Int) throws(MarketFileError) {
    if let next = head(index), runs[index].bytes.count - runs[index].used >= next.size { return }
    guard runs[index].place < runs[index].end else { return }
    runs[index].bytes.removeFirst(runs[index].used)
    runs[index].used = 0
    let start = runs[index].bytes.count
    let count = min(Self.readBytes, runs[index].end - runs[index].place)
    runs[index].bytes.append(contentsOf: repeatElement(0, count: count))
    var done = 0
    while done < count {
      let place = runs[index].place
      let read = runs[index].bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress! + start + done, count - done, off_t(place))
      }
      if read < 0, errno == EINTR { continue }
      guard read > 0 else {
        throw MarketFileError.system(read < 0 ? errno : EIO, directory, "read what was sorted")
      }
      done += read
      runs[index].place += read
    }
  }
}
