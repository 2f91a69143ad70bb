import Market
import PluginABI
import PluginBridge

extension SlotTable {
  /// What one slot's code answered, and what became of the code.
  struct Answer {
    var records: UnsafeRawBufferPointer
    var author: UInt32
    /// What the instance beside it answered: to be priced, never sent.
    var shadow: UnsafeRawBufferPointer?
  }

  /// Whether slot `number` has a turn: it received something. Nobody decides in a parked slot, but
  /// what is to decide next is watched there as anywhere.
  mutating func begin(_ number: UInt32, at now: Timestamp) -> Bool {
    guard !self[number].inbox.isEmpty else { return false }
    guard !self[number].isParked || self[number].companion?.role == .candidate else { return false }
    self[number].batches += 1
    self[number].closeInbox(at: now)
    return true
  }

  /// Gives the deciding instance what its companion has received before it, and returns its
  /// answers. When it fails and a previous one stands by in good health, that one decides from
  /// this very turn on, with the answers it has just given, so that no event is missed; otherwise
  /// the slot is parked.
  mutating func run(
    _ number: UInt32, beside companionAnswer: UnsafeRawBufferPointer?, at now: Timestamp,
    into effects: inout Effects
  ) -> Answer? {
    guard !self[number].isParked else { return nil }
    var batch = self[number].batch(at: now)
    let isWarmup = self[number].warmup > 0
    self[number].warmup -= Swift.min(self[number].warmup, UInt64(batch.count))
    switch self[number].live?.call(&batch) {
    case .records(let records):
      guard !isWarmup else { return nil }
      if let companionAnswer { compare(number, records, companionAnswer) }
      return Answer(records: records, author: self[number].author, shadow: companionAnswer)
    case .later:
      self[number].isAwaited = true
      self[number].answersCount = !isWarmup
      note(number, KEEL_SLOT_AWAITED, generation: self[number].author, into: &effects)
      return nil
    case .failed, nil: return fail(number, companionAnswer, into: &effects)
    }
  }

  /// Takes the answer that is awaited, once it is there. What came in meanwhile stays for the next
  /// batch.
  mutating func collect(_ number: UInt32, into effects: inout Effects) -> Answer? {
    guard self[number].hasAnswered else { return nil }
    self[number].isAwaited = false
    self[number].hasAnswered = false
    self[number].lateAnswers += 1
    guard case .records(let records) = self[number].live?.call(nil) else {
      return fail(number, nil, into: &effects)
    }
    guard self[number].answersCount else { return nil }
    return Answer(records: records, author: self[number].author)
  }

  /// Gives the companion the batch first; nil when it failed, now or before.
  mutating func runCompanion(
    _ number: UInt32, _ state: borrowing State, scratch: inout RecordBuffer,
    into effects: inout Effects
  ) -> UnsafeRawBufferPointer? {
    guard let companion = self[number].companion, !companion.hasFailed, let port = companion.port
    else { return nil }
    // A copy of its own: which orders are inherited differs, and nothing the other instance does
    // to the bytes can reach this one.
    scratch.removeAll()
    _ = scratch.append(contentsOf: self[number].inbox)
    Self.markInherited(scratch, for: companion.author, self[number], state)
    var batch = self[number].batch(
      of: scratch, mode: KEEL_SHADOW, generation: companion.author, at: state.now)
    if case .records(let records) = port.call(&batch) { return records }
    self[number].companion?.hasFailed = true
    note(number, KEEL_SLOT_FAULT, generation: companion.author, into: &effects)
    return nil
  }

  /// Flags the answers to intents of another instance than `author`.
  static func markInherited(
    _ inbox: borrowing RecordBuffer, for author: UInt32, _ slot: borrowing Slot,
    _ state: borrowing State
  ) {
    inbox.forEachMutable { header in
      guard let asked = Self.author(of: header, slot.refusedAuthor, state) else { return }
      if asked == author {
        header.pointee.flags &= ~UInt16(KEEL_EVF_INHERITED)
      } else {
        header.pointee.flags |= UInt16(KEEL_EVF_INHERITED)
      }
    }
  }

  /// Whose intent a record answers; nil when it answers none.
  private static func author(
    of header: UnsafeMutablePointer<keel_event>, _ refused: UInt32, _ state: borrowing State
  ) -> UInt32? {
    let record = Record(UnsafePointer(header))
    if let update = OrderUpdate(record) {
      return update.state == .refused ? refused : state.orders[update.orderID]?.author
    }
    return Fill(record).flatMap { state.orders[$0.orderID]?.author }
  }

  private mutating func compare(
    _ number: UInt32, _ live: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer
  ) {
    guard self[number].companion != nil else { return }
    if AnswerComparison.isSame(live, other) {
      self[number].companion?.equalTurns += 1
    } else {
      self[number].companion?.differentTurns += 1
    }
  }

  private mutating func fail(
    _ number: UInt32, _ companionAnswer: UnsafeRawBufferPointer?, into effects: inout Effects
  ) -> Answer? {
    note(number, KEEL_SLOT_FAULT, generation: self[number].author, into: &effects)
    if let companionAnswer, self[number].companion?.role == .previous {
      self[number].exchange()
      self[number].companion?.hasFailed = true
      note(number, KEEL_SLOT_ROLLED_BACK, generation: self[number].generation, into: &effects)
      return Answer(records: companionAnswer, author: self[number].author)
    }
    self[number].isParked = true
    note(number, KEEL_SLOT_PARKED, generation: self[number].generation, into: &effects)
    return nil
  }

  private func note(
    _ number: UInt32, _ cause: Int, generation: UInt32, into effects: inout Effects
  ) {
    var record = keel_rec_slot()
    record.h = keel_event(KEEL_REC_SLOT, of: keel_rec_slot.self)
    record.generation = generation
    record.cause = UInt32(cause)
    effects.append(record, source: number)
  }
}
