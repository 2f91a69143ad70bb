package import Market
package import PluginABI
package import PluginBridge

/// A place where plugin code runs: an alpha's or a strategy's. The slot stays; generations of code
/// come and go. It owns what the code receives and who answers, never orders or positions.
package struct Slot: ~Copyable {
  package enum Kind: UInt8, Sendable { case alpha = 1, strategy }

  package let number: UInt32
  package internal(set) var kind: Kind
  /// +1 on every change of the code that decides, rollbacks included.
  package internal(set) var generation: UInt32 = 1
  /// The instance that decides, named by the generation it first decided in.
  package internal(set) var author: UInt32 = 1
  package internal(set) var isParked = false
  /// A batch has gone out whose answer is not there yet. Until it is, nothing more goes out.
  package internal(set) var isAwaited = false
  /// The answer awaited is there, or never will be: this turn takes it.
  var hasAnswered = false
  /// And it is no answer of a warm-up.
  var answersCount = true
  /// Batches delivered so far, swaps or not.
  package internal(set) var batches: UInt64 = 0
  /// Records still to be received before its answers count.
  package internal(set) var warmup: UInt64
  /// Records that did not fit a turn's inbox.
  package internal(set) var dropped: UInt64 = 0
  /// Answers that came in a later turn than their batch.
  package internal(set) var lateAnswers: UInt64 = 0
  package internal(set) var companion: Companion?
  /// The same since the last batch.
  var missed: UInt64 = 0
  /// Who asked for what the refusals in the inbox refuse: the one that decided last turn.
  var refusedAuthor: UInt32 = 0
  var live: PluginPort?
  var inbox: RecordBuffer
  /// Per slot, so that no slot's flood makes another's repetition look new.
  var intentIDs: RecentIDs
  var instruments: [UInt64]
  /// KEEL_MASK() of what it receives: of the deciding code, and of the one being watched.
  var types: UInt64
  /// For a strategy: the alpha slots it listens to, in its configured order.
  var alphas: [UInt32]

  init(
    number: UInt32, kind: Kind, instruments: [InstrumentID], types: UInt64, alphas: [UInt32],
    warmup: UInt64, limits: Limits
  ) {
    self.number = number
    self.kind = kind
    self.types = types
    self.alphas = alphas
    self.warmup = warmup
    self.instruments = Array(repeating: 0, count: (limits.instruments + 63) / 64)
    inbox = RecordBuffer(capacity: limits.inboxBytes)
    intentIDs = RecentIDs(capacity: limits.recentIDs)
    for id in instruments { self.instruments[id.index / 64] |= 1 << UInt64(id.index % 64) }
  }

  /// Whether its orders may be in this instrument: it is one the slot is configured for.
  func trades(_ instrument: InstrumentID) -> Bool {
    let index = instrument.index
    return index / 64 < instruments.count && instruments[index / 64] >> UInt64(index % 64) & 1 == 1
  }

  package func wants(_ record: Record) -> Bool { wants(record, types: types) }

  /// Whether code with these interests is given the record in this slot.
  package func wants(_ record: Record, types: UInt64) -> Bool {
    let index = record.instrument.index
    guard record.type < 64, types >> UInt64(record.type) & 1 == 1, index / 64 < instruments.count
    else { return false }
    return instruments[index / 64] >> UInt64(index % 64) & 1 == 1
  }

  /// A broken book concerns whoever receives its records.
  func hearsGaps(of instrument: InstrumentID) -> Bool {
    types & (1 << UInt64(KEEL_EV_BOOK) | 1 << UInt64(KEEL_EV_GAP)) != 0 && trades(instrument)
  }

  mutating func receive(_ record: UnsafeRawBufferPointer) {
    if !hasRoom(for: record.count) || inbox.append(record) == nil { miss() }
  }
  mutating func receive<C: BitwiseCopyable>(_ record: C) {
    if !hasRoom(for: MemoryLayout<C>.size) || inbox.append(record) == nil { miss() }
  }

  /// Room for the gap is always left, so that a loss can be told.
  package func hasRoom(for bytes: Int) -> Bool {
    inbox.byteCount + bytes + MemoryLayout<keel_ev_gap>.size <= inbox.capacity
  }
  private mutating func miss() {
    dropped += 1
    missed += 1
  }

  /// Ends the inbox with a gap when records did not fit.
  mutating func closeInbox(at now: Timestamp) {
    guard missed > 0 else { return }
    var gap = keel_ev_gap()
    gap.h = keel_event(KEEL_EV_GAP, of: keel_ev_gap.self, time: now)
    gap.h.source = number
    gap.h.seq = inbox.lastSequence
    gap.missed = missed
    gap.cause = UInt32(KEEL_GAP_OVERFLOW)
    inbox.append(gap)
    missed = 0
  }

  /// This turn's inbox as the batch for the deciding instance. In line, like the next one: a call
  /// copies the slot.
  @inline(__always)
  func batch(at now: Timestamp) -> keel_batch {
    batch(
      of: inbox, mode: warmup > 0 ? KEEL_WARMUP : KEEL_LIVE, generation: generation, at: now)
  }

  @inline(__always)
  package func batch(
    of records: borrowing RecordBuffer, mode: Int, generation: UInt32, at now: Timestamp
  ) -> keel_batch {
    var batch = keel_batch()
    batch.struct_size = UInt32(MemoryLayout<keel_batch>.size)
    batch.mode = UInt32(mode)
    batch.generation = generation
    batch.count = UInt32(records.recordCount)
    batch.slot = number
    batch.slot_count = batches
    batch.now = now.nanoseconds
    batch.events = records.bytes.baseAddress
    batch.bytes = records.byteCount
    batch.first_seq = records.firstSequence
    batch.last_seq = records.lastSequence
    return batch
  }
}
