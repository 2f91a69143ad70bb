import History
import Kernel
package import Market
import PluginABI
import PluginBridge
package import PluginHost
import Wording

/// Code beside a recorded session: it is given the batches that one slot received, in order, and
/// what it answers is compared with what the slot answered. Nothing it says is sent, and what
/// became of the recorded orders reaches it as inherited, as in the shadow of a swap.
package final class CandidateTrial {
  package struct Difference: Sendable {
    package let turn: Int
    package let time: Timestamp
    /// In words.
    package let recorded: [String]
    package let candidate: [String]
  }
  /// Answers of one side that ask for something: intents, or an alpha's signals.
  package struct Side: Sendable {
    package var intents = 0
  }

  package let slot: RecordedSlot
  package let instance: PluginInstance
  package private(set) var equalTurns = 0
  package private(set) var differentTurns = 0
  /// Of both warm-ups: their answers count for nothing.
  package private(set) var warmUpTurns = 0
  package private(set) var recorded = Side()
  package private(set) var candidate = Side()
  /// The first of them, up to the bound.
  package private(set) var differences: [Difference] = []
  /// Where the candidate failed; it is not called again.
  package private(set) var fault: (turn: Int, text: String)?

  private let differencesMax: Int
  private let log: (_ level: Session.Level, _ text: String) -> Void
  private var text = RecordText()
  private var warmup: UInt64
  private var turn = 0
  private var isSeen = false
  /// The time of the batch whose answers are not yet compared.
  private var awaiting: Timestamp?
  private var inbox = RecordBuffer(capacity: Limits().inboxBytes)
  private var answer = RecordBuffer(capacity: Limits().effectBytes)

  package init(
    slot: RecordedSlot, instance: PluginInstance, differencesMax: Int,
    log: @escaping (_ level: Session.Level, _ text: String) -> Void
  ) throws(PluginHostError) {
    self.slot = slot
    self.instance = instance
    self.differencesMax = differencesMax
    self.log = log
    instance.setTime(slot.time.nanoseconds)
    try instance.activate()
    warmup = UInt64(Swift.max(0, try instance.interests()?.warmupRecords ?? 0))
  }

  package var isEqual: Bool { differentTurns == 0 && fault == nil }

  /// Ends the candidate's life.
  package func finish() {
    drain()
    instance.destroy()
  }

  func learn(_ record: Record) { text.learn(record) }

  func beginTurn(_ number: Int) {
    turn = number
    isSeen = false
  }

  /// The batch on which the slot's own code decides. What stands beside that code is given the same
  /// one, marked as a shadow's, and is not meant.
  func see(_ batch: keel_batch) {
    guard !isSeen, Int(batch.mode) != KEEL_SHADOW, fault == nil else { return }
    isSeen = true
    let isWarmup = Int(batch.mode) == KEEL_WARMUP || warmup > 0
    warmup -= Swift.min(warmup, UInt64(batch.count))
    guard let answered = ask(batch, isWarmup: isWarmup) else {
      fault = (turn, instance.faultText ?? "it answered with an error")
      return
    }
    guard !isWarmup else {
      warmUpTurns += 1
      return
    }
    take(answered, at: batch.now)
    awaiting = Timestamp(nanoseconds: batch.now)
  }

  /// What the slot's own code answered to that batch, in the same turn or later.
  func compare(recorded: UnsafeRawBufferPointer) {
    guard let time = awaiting else { return }
    awaiting = nil
    compare(recorded, at: time)
  }

  private func ask(_ batch: keel_batch, isWarmup: Bool) -> UnsafeRawBufferPointer? {
    // A copy of its own: none of the orders are the candidate's.
    inbox.removeAll()
    for record in RecordReader(UnsafeRawBufferPointer(start: batch.events, count: batch.bytes)) {
      inbox.append(record.bytes)
    }
    inbox.forEachMutable { header in
      let type = Int(header.pointee.type)
      guard type == KEEL_EV_ORDER || type == KEEL_EV_FILL else { return }
      header.pointee.flags |= UInt16(KEEL_EVF_INHERITED)
    }
    var own = batch
    own.mode = UInt32(isWarmup ? KEEL_WARMUP : KEEL_SHADOW)
    own.events = inbox.bytes.baseAddress
    own.bytes = inbox.byteCount
    instance.setTime(batch.now)
    defer { drain() }
    guard case .records(let records) = instance.port.call(&own) else { return nil }
    return records
  }

  /// What counts as an answer, stamped as the journal's are, so that both read alike.
  private func take(_ answered: UnsafeRawBufferPointer, at now: Int64) {
    answer.removeAll()
    for record in RecordReader(answered) where RecordedTurn.isAnswer(record.type) {
      answer.append(record.bytes)
    }
    let number = slot.number
    answer.forEachMutable { header in
      header.pointee.source = number
      header.pointee.ts_recv = now
    }
  }

  private func compare(_ other: UnsafeRawBufferPointer, at time: Timestamp) {
    recorded.intents += Self.asked(other)
    candidate.intents += Self.asked(answer.bytes)
    guard !AnswerComparison.isSame(other, answer.bytes) else {
      equalTurns += 1
      return
    }
    differentTurns += 1
    guard differences.count < differencesMax else { return }
    differences.append(
      Difference(
        turn: turn, time: time, recorded: words(other), candidate: words(answer.bytes)))
  }

  private static func asked(_ answer: UnsafeRawBufferPointer) -> Int {
    var count = 0
    for record in RecordReader(answer) where record.type != KEEL_EV_EXPLAIN { count += 1 }
    return count
  }

  private func words(_ answer: UnsafeRawBufferPointer) -> [String] {
    var words: [String] = []
    for record in RecordReader(answer) { words.append(text.words(record)) }
    return words
  }

  /// Timers of its own lead to nothing: it is given those that the slot was given.
  private func drain() {
    instance.drainTimers { _, _ in }
    instance.drainLog { level, text in log(Session.Level(rawValue: Int(level)) ?? .info, text) }
  }
}
