import Glibc
import PluginABI
import PluginBridge
import Storage

/// A numbered sequence of random words (SplitMix64), so that a failure can be had again.
struct SeededRandom: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

/// A directory of its own, gone with its owner.
final class ScratchDirectory {
  let path: String

  init() {
    var template = Array("/tmp/keel-test-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "a scratch directory can be made")
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }
  deinit { removeTree(path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }
}

private func removeTree(_ path: String) {
  if let stream = opendir(path) {
    let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name)!
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        String(
          cString: (UnsafeRawPointer(entry) + nameOffset).assumingMemoryBound(to: CChar.self)))
    }
    closedir(stream)
    for name in names where name != "." && name != ".." { removeTree("\(path)/\(name)") }
    rmdir(path)
  } else {
    unlink(path)
  }
}

extension ScratchDirectory {
  static func remove(_ path: String) { unlink(path) }

  static func read(_ path: String) -> [UInt8] {
    let number = open(path, O_RDONLY)
    precondition(number >= 0, "\(path) opens")
    defer { close(number) }
    var bytes = [UInt8](repeating: 0, count: Int(lseek(number, 0, SEEK_END)))
    let count = bytes.count
    let got = bytes.withUnsafeMutableBytes { pread(number, $0.baseAddress, count, 0) }
    precondition(got == count, "\(path) is read whole")
    return bytes
  }

  static func write(_ path: String, _ bytes: [UInt8]) {
    let number = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    precondition(number >= 0, "\(path) opens for writing")
    defer { close(number) }
    let written = bytes.withUnsafeBytes { pwrite(number, $0.baseAddress, $0.count, 0) }
    precondition(written == bytes.count, "\(path) is written whole")
  }
}

/// A trade whose fields follow from its number.
func sampleTrade(_ number: Int, time: Int64? = nil) -> keel_ev_trade {
  var event = keel_ev_trade()
  event.h = keel_event(KEEL_EV_TRADE, of: keel_ev_trade.self)
  event.h.inst = 0
  event.h.seq = UInt64(number)
  event.h.ts_recv = time ?? Int64(number) * 1000
  event.px = Int64(number) * 7 + 1
  event.qty = 3
  event.trade_id = UInt64(number)
  return event
}

func appendRecord<C: BitwiseCopyable>(_ record: C, to journal: JournalWriter) throws(StorageError) {
  var failure: StorageError?
  withUnsafeBytes(of: record) { bytes in
    do throws(StorageError) { try journal.append(bytes) } catch { failure = error }
  }
  if let failure { throw failure }
}

/// A journal of `count` trades numbered from 1, closed unless `isKilled`.
func makeJournal(_ path: String, count: Int, segmentBytes: Int = 8192, isKilled: Bool = false)
  throws
{
  let writer = try JournalWriter(
    directory: path, session: 42, created: 5, segmentBytes: segmentBytes)
  for number in 1...count { try appendRecord(sampleTrade(number), to: writer) }
  if !isKilled { try writer.close() }
}

/// What reading a journal comes to: the sequences read, and how it ended.
func readJournal(_ path: String, from: JournalPosition? = nil) -> (
  sequences: [UInt64], end: Result<JournalReader.Tail, StorageError>
) {
  var sequences: [UInt64] = []
  do throws(StorageError) {
    var reader = try JournalReader(directory: path, from: from)
    while let record = try reader.next() { sequences.append(record.sequence) }
    return (sequences, .success(try reader.tail))
  } catch {
    return (sequences, .failure(error))
  }
}

func journalFailure(_ path: String) -> StorageError? {
  if case .failure(let error) = readJournal(path).end { error } else { nil }
}
