import Kernel
import PluginABI
import PluginBridge

/// Stands in for one instance of plugin code: answers what the journal says its slot answered, and
/// fails in the turns in which it failed.
final class RecordedPort {
  let slot: UInt32
  let author: UInt32
  /// Given the same batches, where one stands beside this slot.
  private let trial: CandidateTrial?
  private var answer: RecordBuffer
  private var fails = false
  private var isLate = false

  /// `capacity`: as large as a turn's whole output can be.
  init(slot: UInt32, author: UInt32, capacity: Int, trial: CandidateTrial? = nil) {
    self.trial = trial
    self.slot = slot
    self.author = author
    answer = RecordBuffer(capacity: capacity)
  }

  func load(_ turn: borrowing RecordedTurn) {
    fails = turn.faults.contains { $0.slot == slot && $0.author == author }
    isLate = turn.awaited.contains { $0.slot == slot && $0.author == author }
    answer.removeAll()
    guard turn.hasAnswers else { return }
    for record in turn.output.records
    where record.source == slot && RecordedTurn.isAnswer(record.type) {
      answer.append(record.bytes)
    }
  }

  /// Valid while this object lives and until it is loaded again.
  var port: PluginPort {
    PluginPort(
      process: { context, batch, records, bytes in
        let port = Unmanaged<RecordedPort>.fromOpaque(context!).takeUnretainedValue()
        if let batch { port.trial?.see(batch.pointee) }
        guard !port.isLate else { return PluginPort.later }
        port.trial?.compare(recorded: port.answer.bytes)
        guard !port.fails else { return keel_status(KEEL_E_FAULT) }
        bytes.pointee = port.answer.byteCount
        records.pointee = port.answer.bytes.baseAddress
        return keel_status(KEEL_OK)
      },
      context: Unmanaged.passUnretained(self).toOpaque())
  }
}
