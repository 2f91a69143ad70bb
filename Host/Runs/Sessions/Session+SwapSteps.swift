import Kernel
import Market
import PluginABI
import PluginBridge
import PluginHost
import Storage

extension Session {
  /// Before a turn: makes the new instance ready, or puts the switch at the head of the turn.
  func prepareSwaps() {
    guard swapsUnderWay > 0 else { return }
    for slot in slots {
      guard let swap = slot.swap else { continue }
      switch swap.phase {
      case .saved(let state, let version, let position, let sequence):
        install(slot, swap, state: state, version: version, from: position, after: sequence)
      case .cancelling where !hasOpenOrders(slot): beginSwitch(slot)
      default: break
      }
    }
  }

  /// After a turn: the gate, the switch done, the end of probation.
  func progressSwaps() {
    guard swapsUnderWay > 0 else { return }
    for slot in slots {
      guard let swap = slot.swap else { continue }
      notePause(slot, swap)
      let batches = kernel.slots[slot.number].batches
      switch swap.phase {
      case .shadow(let until) where batches >= until: judge(slot, swap)
      case .probation(let until) where batches >= until: confirm(slot, swap)
      default: break
      }
    }
  }

  private func hasOpenOrders(_ slot: SlotRuntime) -> Bool { openOrders(slot) > 0 }

  func openOrders(_ slot: SlotRuntime) -> Int {
    var count = 0
    kernel.state.orders.forEachOpen { if $0.slot == slot.number { count += 1 } }
    return count
  }

  // MARK: the new instance

  private func install(
    _ slot: SlotRuntime, _ swap: Swap, state: [UInt8]?, version: UInt32, from: JournalPosition?,
    after sequence: UInt64
  ) {
    let start = MonotonicClock.now()
    do {
      let instance = try PluginInstance(
        build: swap.build, descriptor: swap.descriptor,
        kind: slot.kind == .alpha ? .alpha : .strategy, config: slot.config, name: slot.name,
        instruments: instruments)
      let author = kernel.slots[slot.number].generation + 1
      slot.companion = instance
      slot.companionAuthor = author
      try instance.set(parameters(for: instance, in: slot, swap))
      if let state { try instance.loadState(state, version: version) }
      instance.setTime(now.nanoseconds)
      try instance.activate()
      swapReports[swap.report].add(
        "create", MonotonicClock.now() - start,
        state == nil ? "without state" : "state version \(version) loaded")
      warmUp(slot, swap, instance, from: from, after: sequence)
      kernel.attach(
        companion: Companion(
          role: .candidate, author: author, port: instance.port),
        to: slot.number)
      queue(slot, cause: KEEL_SLOT_SHADOW, code: instance, generation: author)
      slot.swap?.phase = .shadow(
        until: kernel.slots[slot.number].batches + swap.options.shadowBatches)
    } catch {
      refuse(slot, swap, "create", error.message)
    }
  }

  /// The slot's parameters with the swap's own on top. Another plugin than the slot was configured
  /// for takes those it knows, and the rest is reported.
  private func parameters(
    for instance: PluginInstance, in slot: SlotRuntime, _ swap: Swap
  ) -> [(name: String, value: ParameterValue)] {
    let given = swap.options.parameters
    var kept = slot.parameters.filter { own in !given.contains { $0.name == own.name } }
    if instance.descriptor.id != slot.live.descriptor.id {
      let known = Set(instance.parameters.map(\.name))
      let unknown = kept.map(\.name).filter { !known.contains($0) }
      kept.removeAll { !known.contains($0.name) }
      if !unknown.isEmpty {
        swapReports[swap.report].add(
          "parameters", nil, "left out, unknown to it: \(unknown.joined(separator: ", "))")
      }
    }
    return kept + given
  }

  /// What the slot received after the snapshot, or in the last stretch when there is none, from
  /// the journal; then its open orders and positions.
  private func warmUp(
    _ slot: SlotRuntime, _ swap: Swap, _ instance: PluginInstance, from: JournalPosition?,
    after sequence: UInt64
  ) {
    let start = MonotonicClock.now()
    var buffer = RecordBuffer(capacity: 1 << 16)
    var given = 0
    let port = instance.port
    func flush() {
      guard !buffer.isEmpty else { return }
      var batch = kernel.slots[slot.number].batch(
        of: buffer, mode: KEEL_WARMUP, generation: kernel.slots[slot.number].generation + 1,
        at: now)
      given += buffer.recordCount
      _ = port.call(&batch)
      buffer.removeAll()
    }
    if let journal {
      do {
        var reader = try JournalReader(directory: journal.path, from: from)
        while let record = try reader.next() {
          guard from == nil || record.sequence > sequence else { continue }
          guard kernel.slots[slot.number].wants(record) else { continue }
          if buffer.append(record.bytes) == nil {
            flush()
            buffer.append(record.bytes)
          }
        }
      } catch {
        swapReports[swap.report].add(
          "warm up", nil, "the journal could not be read: \(error.message)")
      }
    }
    flush()
    let source = from == nil ? "from history" : "since the snapshot"
    swapReports[swap.report].add(
      "warm up", MonotonicClock.now() - start, "\(given) events \(source)")
    kernel.slots.inventory(
      of: slot.number, for: kernel.slots[slot.number].generation + 1, kernel.state, into: &buffer)
    flush()
    instance.drainTimers { _, _ in }
  }

  // MARK: the gate and the switch

  private func judge(_ slot: SlotRuntime, _ swap: Swap) {
    guard let seen = kernel.slots[slot.number].companion else { return }
    let turns = seen.equalTurns + seen.differentTurns
    swapReports[swap.report].add(
      "shadow", nil,
      "\(turns) batches: \(seen.equalTurns) answered alike, \(seen.differentTurns) otherwise; "
        + "\(seen.intents) intents, \(seen.refusals) would be refused")
    if swap.options.requireEqual, seen.differentTurns > 0 {
      refuse(slot, swap, "gate", "\(seen.differentTurns) batches were answered otherwise")
      return
    }
    // Best effort: code without the extension simply goes on until the switch.
    try? slot.live.quiesce(deadline: now.nanoseconds)
    let policy = swap.options.orders ?? (swap.carriesState ? .adopt : .cancelFirst)
    if policy == .cancelFirst, hasOpenOrders(slot) {
      cancelAll(slot)
      swapReports[swap.report].add("orders", nil, "\(openOrders(slot)) being cancelled first")
      slot.swap?.phase = .cancelling
    } else {
      beginSwitch(slot)
    }
  }

  func cancelAll(_ slot: SlotRuntime) {
    var record = keel_intent(.cancelAll, nil)
    record.h.source = slot.number
    pending.append(record)
  }

  private func beginSwitch(_ slot: SlotRuntime) {
    queue(slot, cause: KEEL_SLOT_SWITCHED, code: slot.companion)
    slot.swap?.phase = .switching
    guard let next = slot.companion, let companion = kernel.slots[slot.number].companion else {
      return
    }
    let meter = PauseMeter(next.process, next.processContext, from: lastReturn)
    slot.pauseMeter = meter
    kernel.attach(
      companion: Companion(role: .candidate, author: companion.author, port: meter.port),
      to: slot.number)
  }

  private func confirm(_ slot: SlotRuntime, _ swap: Swap) {
    swapReports[swap.report].add(
      "probation", nil, "\(swap.options.probationBatches) batches without a fault")
    swapReports[swap.report].outcome = .confirmed
    queue(slot, cause: KEEL_SLOT_RETIRED, code: slot.companion)
    endSwap(slot, swap)
  }

  /// The old code goes on as if nothing had been tried.
  func refuse(_ slot: SlotRuntime, _ swap: Swap, _ step: String, _ why: String) {
    swapReports[swap.report].add(step, nil, "refused: \(why)")
    swapReports[swap.report].outcome = .refused
    log(
      .error, slot.name, "swap refused at \(step): \(why); \(slot.live.descriptor.version) goes on")
    if kernel.slots[slot.number].companion != nil {
      queue(slot, cause: KEEL_SLOT_RETIRED, code: slot.companion)
    }
    try? slot.live.resume()
    endSwap(slot, swap)
  }

  private func endSwap(_ slot: SlotRuntime, _ swap: Swap) {
    kernel.attach(companion: nil, to: slot.number)
    // Whatever the meter stood in for, it is the instance itself now.
    kernel.attach(slot.live.port, to: slot.number)
    slot.pauseMeter = nil
    swapReports[swap.report].add("retire", nil, slot.retireCompanion())
    slot.swap = nil
    swapsUnderWay -= 1
  }

  // MARK: what the kernel says

  /// A slot record that went through a turn: the kernel has already acted on it.
  func noteSlot(_ record: Record) {
    guard let raw = record.cast(to: keel_rec_slot.self)?.pointee, record.source > 0,
      Int(record.source) <= slots.count
    else { return }
    let slot = slots[Int(record.source) - 1]
    switch Int(raw.cause) {
    case KEEL_SLOT_SWITCHED: noteSwitch(slot)
    case KEEL_SLOT_ROLLED_BACK: noteRollback(slot)
    case KEEL_SLOT_FAULT: noteFault(slot, author: raw.generation)
    case KEEL_SLOT_PARKED: notePark(slot)
    default: break
    }
  }

  private func noteSwitch(_ slot: SlotRuntime) {
    slot.exchange()
    guard let swap = slot.swap else { return }
    let adopted = openOrders(slot)
    swapReports[swap.report].ordersAdopted = adopted
    swapReports[swap.report].outcome = .probation
    swapReports[swap.report].add(
      Self.switchStep, nil,
      "generation \(kernel.slots[slot.number].generation) decides; \(adopted) open orders adopted")
    slot.swap?.phase = .probation(
      until: kernel.slots[slot.number].batches + swap.options.probationBatches)
    log(.info, slot.name, "switched to \(swap.descriptor.version); \(adopted) open orders adopted")
  }

  private func noteRollback(_ slot: SlotRuntime) {
    slot.exchange()
    log(
      .warning, slot.name,
      "rolled back to \(slot.live.descriptor.version); \(openOrders(slot)) open orders kept")
    guard let swap = slot.swap else { return }
    swapReports[swap.report].add(
      "rollback", nil,
      "\(slot.live.descriptor.version) decides again, in the same turn; "
        + "\(openOrders(slot)) open orders kept")
    swapReports[swap.report].outcome = .rolledBack
    queue(slot, cause: KEEL_SLOT_RETIRED, code: slot.companion)
    try? slot.live.resume()
    endSwap(slot, swap)
  }

  private func noteFault(_ slot: SlotRuntime, author: UInt32) {
    let isBeside = author == slot.companionAuthor && slot.companion != nil
    let instance = isBeside ? slot.companion : slot.live
    let text = instance?.faultText ?? "it answered with an error"
    log(.error, slot.name, "\(instance?.descriptor.version ?? "?") failed: \(text)")
    guard let swap = slot.swap else { return }
    switch swap.phase {
    case .probation where isBeside, .rollingBack where isBeside:
      swapReports[swap.report].add("fault", nil, "of the version that stands by: \(text)")
    case .probation, .rollingBack: swapReports[swap.report].add("fault", nil, text)
    case .saved, .shadow, .cancelling, .switching:
      swapReports[swap.report].add("fault", nil, text)
      if isBeside { refuse(slot, swap, "shadow", "the new code failed; it never decided") }
    }
  }

  /// A swap ends where its slot does; a further one may bring healthy code.
  private func notePark(_ slot: SlotRuntime) {
    log(.error, slot.name, "parked: no healthy version; its orders are being cancelled")
    guard let swap = slot.swap else { return }
    swapReports[swap.report].outcome = .parked
    if slot.companion != nil { queue(slot, cause: KEEL_SLOT_RETIRED, code: slot.companion) }
    endSwap(slot, swap)
  }

  // MARK: the pause

  private static let switchStep = "switch"

  /// The turn of the switch may hold nothing for the slot: the pause ends with the first call.
  private func notePause(_ slot: SlotRuntime, _ swap: Swap) {
    guard case .probation = swap.phase, let meter = slot.pauseMeter else { return }
    guard let pause = meter.nanoseconds else {
      meter.noteInput()
      return
    }
    kernel.attach(slot.live.port, to: slot.number)
    slot.pauseMeter = nil
    swapReports[swap.report].pauseNanoseconds = pause
    let steps = swapReports[swap.report].steps
    if let place = steps.lastIndex(where: { $0.name == Self.switchStep }) {
      swapReports[swap.report].steps[place].nanoseconds = pause
    }
  }
}
