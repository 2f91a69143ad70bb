import Kernel
import PluginABI
import PluginBridge
import PluginHost

/// Workers' answers that come later than their batch: each becomes part of a later turn, by a
/// record of its own, so that a replay takes it at the same place. Meanwhile the session goes on,
/// and what the slot receives stays in its inbox.
extension Session {
  /// Before a turn: of the answers awaited, those that have come since the last one.
  func takeAnswers() {
    for slot in slots where kernel.slots[slot.number].isAwaited && !slot.isAnswerQueued {
      // Nothing is ever dropped for slow code: before its inbox is full it is waited for after all.
      if !kernel.slots[slot.number].hasRoom(for: Self.inboxBytes) { slot.live.awaitAnswer() }
      if slot.live.hasAnswered { queueAnswer(of: slot) }
    }
  }

  /// Some slot's answer is still to come.
  package var isAwaitingAnswers: Bool {
    slots.contains { kernel.slots[$0.number].isAwaited }
  }

  /// Waits until the slot's code owes nothing, and from then on for whatever it is asked: what is
  /// done to code between two turns finds it between two batches.
  func settle(_ slot: SlotRuntime) throws(SessionError) {
    slot.live.setPatient(true)
    guard kernel.slots[slot.number].isAwaited else { return }
    slot.live.awaitAnswer()
    while kernel.slots[slot.number].isAwaited {
      if !slot.isAnswerQueued { queueAnswer(of: slot) }
      try stepAtOnce(at: now)
    }
  }

  private func queueAnswer(of slot: SlotRuntime) {
    var record = keel_rec_slot()
    record.h = keel_event(KEEL_REC_SLOT, of: keel_rec_slot.self)
    record.h.source = slot.number
    record.generation = slot.liveAuthor
    record.cause = UInt32(KEEL_SLOT_ANSWERED)
    do throws(SessionError) {
      try queueUrgently { $0.append(record) != nil }
      slot.isAnswerQueued = true
    } catch {}  // There is no room before the next turn: then it is tried again.
  }
}
