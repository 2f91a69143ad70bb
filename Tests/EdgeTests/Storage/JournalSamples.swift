import PluginABI
import PluginBridge
import Storage

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
