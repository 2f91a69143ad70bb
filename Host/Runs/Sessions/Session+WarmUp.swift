import History
import Kernel
import Market
import PluginABI
import PluginBridge
import PluginHost
import Storage

/// Bringing a new instance to where the session is, before it is watched.
extension Session {
  /// What it missed since the snapshot, or the history it declares to need when there is none, from
  /// the journal; then the slot's positions and open orders, as the host knows them. Its answers
  /// are discarded.
  func warmUp(
    _ slot: SlotRuntime, _ swap: Swap, _ instance: PluginInstance, from: JournalPosition?,
    after sequence: UInt64
  ) {
    let start = MonotonicClock.now()
    let author = kernel.slots[slot.number].generation + 1
    var feeder = WarmUpFeeder(port: instance.port)
    let types = slot.companionInterests?.types ?? Self.allMarketData
    do throws(StorageError) {
      if let from {
        try feeder.feed(from, of: self, slot, types, skipping: 0, after: sequence, author)
      } else {
        try feedHistory(slot, types, author, into: &feeder)
      }
    } catch {
      note(slot, swap.report, .warmUp, nil, "the journal could not be read: \(error.message)")
    }
    note(
      slot, swap.report, .warmUp, MonotonicClock.now() - start,
      "\(feeder.given) events \(from == nil ? "from history" : "since the snapshot")",
      amount: UInt64(feeder.given))
    var place = 0
    var isWhole = false
    while !isWhole {
      isWhole = kernel.slots.inventory(
        of: slot.number, for: author, kernel.state, from: &place, into: &feeder.buffer)
      feeder.flush(slot, author, self)
    }
  }

  /// The last records it declares to need. Where they begin is not known beforehand, so the search
  /// goes back further until there are enough, or the journal begins.
  private func feedHistory(
    _ slot: SlotRuntime, _ types: UInt64, _ author: UInt32, into feeder: inout WarmUpFeeder
  ) throws(StorageError) {
    let wanted = slot.companionInterests?.warmupRecords ?? 0
    guard let journal, wanted > 0 else { return }
    var turnsBack = UInt64(wanted)
    while true {
      let from = journalMarks.position(turnsBack: turnsBack, from: turns)
      var found = 0
      var reader = try JournalReader(directory: journal.path, from: from)
      while let record = try reader.next() {
        if kernel.slots[slot.number].wants(record, types: types) { found += 1 }
      }
      if found >= wanted || from == nil {
        try feeder.feed(
          from, of: self, slot, types, skipping: Swift.max(0, found - wanted), after: 0, author)
        return
      }
      turnsBack = turnsBack.multipliedReportingOverflow(by: 8).overflow ? .max : turnsBack * 8
    }
  }
}

/// Hands records to an instance in batches of history.
struct WarmUpFeeder: ~Copyable {
  let port: PluginPort
  var buffer = RecordBuffer(capacity: 1 << 16)
  private(set) var given = 0

  init(port: PluginPort) { self.port = port }

  mutating func feed(
    _ from: JournalPosition?, of session: Session, _ slot: SlotRuntime, _ types: UInt64,
    skipping: Int, after sequence: UInt64, _ author: UInt32
  ) throws(StorageError) {
    guard let journal = session.journal else { return }
    var skipped = 0
    var reader = try JournalReader(directory: journal.path, from: from)
    while let record = try reader.next() {
      guard record.sequence > sequence,
        session.kernel.slots[slot.number].wants(record, types: types)
      else { continue }
      skipped += 1
      guard skipped > skipping else { continue }
      given += 1
      if buffer.append(record.bytes) == nil {
        flush(slot, author, session)
        buffer.append(record.bytes)
      }
    }
    flush(slot, author, session)
  }

  mutating func flush(_ slot: SlotRuntime, _ author: UInt32, _ session: Session) {
    guard !buffer.isEmpty else { return }
    var batch = session.kernel.slots[slot.number].batch(
      of: buffer, mode: KEEL_WARMUP, generation: author, at: session.now)
    _ = port.call(&batch)
    buffer.removeAll()
  }
}
