import Foundation
import PluginABI
import PluginBridge
import Storage
import TestSupport

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
func makeJournal(
  _ path: String, count: Int, segmentBytes: Int = 8192, isKilled: Bool = false,
  policy: JournalPolicy = .none, hasThread: Bool = false
) throws {
  let options = JournalOptions(
    policy: policy, segmentBytes: segmentBytes, hasThread: hasThread)
  let writer = try JournalWriter(directory: path, session: 42, created: 5, options: options)
  for number in 1...count { try appendRecord(sampleTrade(number), to: writer) }
  if !isKilled { try writer.close() }
}

/// Appends to a journal that is there, and closes it.
@discardableResult
func resumeJournal(
  _ path: String, adding numbers: ClosedRange<Int>, segmentBytes: Int = 8192,
  policy: JournalPolicy = .none, hasThread: Bool = false
) throws -> JournalRecovery? {
  let options = JournalOptions(
    policy: policy, segmentBytes: segmentBytes, hasThread: hasThread)
  let writer = try JournalWriter(resuming: path, options: options)
  for number in numbers { try appendRecord(sampleTrade(number), to: writer) }
  try writer.close()
  return writer.recovery
}

/// The files of a directory by name, but for the lock.
func filesOfJournal(_ path: String) throws -> [String: [UInt8]] {
  var files: [String: [UInt8]] = [:]
  for name in try FileManager.default.contentsOfDirectory(atPath: path)
  where name != "journal.lock" {
    files[name] = try TemporaryDirectory.bytes(of: "\(path)/\(name)")
  }
  return files
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
