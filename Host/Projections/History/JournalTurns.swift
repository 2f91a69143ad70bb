import Market
import PluginABI
import PluginBridge
import Storage

/// A journal as its turns, each with what the host noted behind it. Number 0 holds what stands
/// before the first turn.
struct JournalTurns: ~Copyable {
  struct Turn {
    var number: UInt64
    var time: Int64
    /// Whole records as they lie in the journal.
    var words: [UInt64] = []
    /// The same without what differs between any two runs; equal to `words` where that counts too.
    var compared: [UInt64] = []
  }

  private(set) var text = RecordText()
  private var reader: JournalReader
  private let ignoresHost: Bool
  private var next: Turn? = Turn(number: 0, time: .min)
  /// A turn larger than any that a host writes goes on as another of the same number.
  private static let wordsMax = 1 << 20

  init(directory: String, ignoringHost: Bool) throws(StorageError) {
    reader = try JournalReader(directory: directory)
    ignoresHost = ignoringHost
  }

  var recordsRead: Int { reader.recordsRead }
  var tail: JournalReader.Tail {
    get throws(StorageError) { try reader.tail }
  }

  /// The next turn with at least one record; nil where the journal ends.
  mutating func read() throws(StorageError) -> Turn? {
    guard var turn = next else { return nil }
    next = nil
    while let record = try reader.next() {
      text.learn(record)
      let isFull = turn.words.count >= Self.wordsMax
      if record.type == KEEL_REC_TURN || isFull {
        var following = Turn(number: turn.number, time: turn.time)
        if record.type == KEEL_REC_TURN {
          following.number += 1
          following.time = record.time.nanoseconds
        }
        append(record, to: &following)
        if turn.words.isEmpty {
          turn = following
          continue
        }
        next = following
        return turn
      }
      append(record, to: &turn)
    }
    return turn.words.isEmpty ? nil : turn
  }

  private func append(_ record: Record, to turn: inout Turn) {
    let start = turn.words.count
    for offset in stride(from: 0, to: record.size, by: 8) {
      turn.words.append(record.bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    turn.compared.append(contentsOf: turn.words[start...])
    if ignoresHost { Self.blank(record, in: &turn.compared, from: start) }
  }

  /// What belongs to the run and the machine: which session it is, the client order ids that carry
  /// its number, and how long the steps of a swap took.
  private static func blank(_ record: Record, in words: inout [UInt64], from start: Int) {
    func clear<C, F>(_ type: C.Type, _ field: PartialKeyPath<C>, _ kind: F.Type) {
      guard record.size >= MemoryLayout<C>.size, let offset = MemoryLayout<C>.offset(of: field)
      else { return }
      words.withUnsafeMutableBytes { all in
        let first = start * 8 + offset
        for byte in first..<first + MemoryLayout<F>.size { all[byte] = 0 }
      }
    }
    switch record.type {
    case KEEL_REC_SESSION:
      clear(keel_rec_session.self, \.session, UInt64.self)
      clear(keel_rec_session.self, \.config_hash, UInt64.self)
      clear(keel_rec_session.self, \.name, (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64).self)
    case KEEL_REC_SWAP_STEP: clear(keel_rec_swap_step.self, \.duration, UInt64.self)
    case KEEL_CMD_SUBMIT, KEEL_CMD_AMEND, KEEL_CMD_CANCEL:
      clear(keel_order.self, \.client_id, (UInt64, UInt64, UInt64, UInt64, UInt64).self)
    default: break
    }
  }
}

extension JournalTurns.Turn {
  func withRecords<R>(_ body: (RecordReader) -> R) -> R {
    words.withUnsafeBytes { body(RecordReader($0)) }
  }

  /// The comparable bytes of each record, in order.
  func forEachCompared(_ body: (Record) -> Void) {
    compared.withUnsafeBytes { for record in RecordReader($0) { body(record) } }
  }
}
