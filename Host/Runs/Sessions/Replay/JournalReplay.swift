import Kernel
package import Market
import PluginABI
import PluginBridge
package import Storage
import Wording

/// What a replay found.
package struct ReplayReport: Sendable {
  package var turns = 0
  package var inputs = 0
  package var outputs = 0
  package var orders = 0
  package var fills = 0
  package var firstTime: Timestamp?
  package var lastTime: Timestamp?
  package var openOrders = 0
  /// Where the output first differed; nil when every byte was the same.
  package var difference: String?
  package var tail: JournalReader.Tail = .clean
  /// FNV-1a over all output, to compare two runs by one number.
  package var outputHash: UInt64 { output.value }
  var output = FNV1a()
}

/// Runs a journal through a fresh kernel with no plugin loaded: the recorded answers stand in for
/// the code. Equal output proves that the journal holds everything that decided.
package final class JournalReplay {
  private var report = ReplayReport()
  private var turns: TurnReplay

  private init(_ kernel: consuming Kernel, limits: Limits, trial: CandidateTrial?) {
    turns = TurnReplay(kernel, limits: limits, trial: trial)
  }

  /// `trial` watches one slot: it is given what the slot was given, and decides nothing.
  package static func run(
    directory: String, trial: CandidateTrial? = nil
  ) throws(StorageError) -> ReplayReport {
    var reader = try JournalReader(directory: directory)
    let limits = try JournalStart(directory).limits
    let replay = JournalReplay(
      Kernel(session: reader.session, limits: limits), limits: limits, trial: trial)
    while replay.report.difference == nil, let record = try reader.next() {
      trial?.learn(record)
      switch replay.turns.take(record) {
      case .inside: break
      case .ended: replay.count()
      case .impossible(let why): replay.report.difference = why
      }
    }
    // What stands behind a difference was not read, and is no torn end.
    if replay.report.difference == nil { replay.report.tail = try reader.tail }
    replay.report.openOrders = replay.turns.kernel.state.orders.openCount
    return replay.report
  }

  private func count() {
    let turn = turns.now
    report.turns += 1
    report.inputs += turns.inputCount
    report.outputs += turns.effects.records.recordCount
    report.firstTime = report.firstTime ?? turn
    report.lastTime = turn
    report.fills += turns.fillCount
    for record in turns.effects.records.records where record.type == KEEL_CMD_SUBMIT {
      report.orders += 1
    }
    report.output.add(contentsOf: turns.effects.records.bytes)
    report.difference = turns.difference
  }
}
