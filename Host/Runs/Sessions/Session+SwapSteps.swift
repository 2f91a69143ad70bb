import History
import Kernel
import Market
import PluginABI
import PluginBridge
import PluginHost
import Storage
import Wording

extension Session {
  /// Before a turn: makes the new instance ready, or puts the switch at the head of the turn.
  func prepareSwaps() {
    guard swapsUnderWay > 0 else { return }
    for slot in slots {
      guard let swap = slot.swap else { continue }
      switch swap.phase {
      case .saved(let state, let version, let position, let sequence):
        install(slot, swap, state: state, version: version, from: position, after: sequence)
      case .cancelling(let until): proceed(slot, swap, until: until)
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
    kernel.state.orders.openCount(of: slot.number)
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
        instruments: instruments, placement: swap.placement)
      let author = kernel.slots[slot.number].generation + 1
      slot.companion = instance
      slot.companionAuthor = author
      try instance.set(parameters(for: instance, in: slot, swap))
      if let state { try instance.loadState(state, version: version) }
      instance.setTime(now.nanoseconds)
      try instance.activate()
      slot.companionInterests = try instance.interests()
      note(
        slot, swap.report, .create, MonotonicClock.now() - start,
        state == nil ? "without state" : "state version \(version) loaded")
      warmUp(slot, swap, instance, from: from, after: sequence)
      kernel.attach(
        companion: Companion(
          role: .candidate, author: author, port: instance.port),
        to: slot.number)
      queue(
        slot, cause: KEEL_SLOT_SHADOW, code: instance, generation: author,
        types: types(of: slot.companionInterests))
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
        note(
          slot, swap.report, .parameters, nil,
          "left out, unknown to it: \(unknown.joined(separator: ", "))")
      }
    }
    return kept + given
  }

  // MARK: the gate and the switch

  private func judge(_ slot: SlotRuntime, _ swap: Swap) {
    guard let seen = kernel.slots[slot.number].companion else { return }
    let turns = seen.equalTurns + seen.differentTurns
    note(
      slot, swap.report, .shadow, nil,
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
      note(
        slot, swap.report, .orders, nil,
        "\(Count.text(openOrders(slot), "open order")) being cancelled first")
      slot.swap?.phase = .cancelling(
        until: kernel.slots[slot.number].batches + Swap.cancelBatchesMax)
    } else {
      beginSwitch(slot)
    }
  }

  /// A venue that does not answer does not hold the swap for ever.
  private func proceed(_ slot: SlotRuntime, _ swap: Swap, until: UInt64) {
    if !hasOpenOrders(slot) {
      beginSwitch(slot)
    } else if kernel.slots[slot.number].batches >= until {
      refuse(slot, swap, "orders", "the venue has not confirmed the cancels")
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
    note(
      slot, swap.report, .probation, nil, "\(swap.options.probationBatches) batches without a fault"
    )
    swapReports[swap.report].outcome = .confirmed
    queueRetirement(slot)
    endSwap(slot, swap)
  }

  /// The old code goes on as if nothing had been tried.
  func refuse(_ slot: SlotRuntime, _ swap: Swap, _ step: String, _ why: String) {
    note(slot, swap.report, .refused, nil, "at \(step): \(why)")
    swapReports[swap.report].outcome = .refused
    log(
      .error, slot.name, "swap refused at \(step): \(why); \(slot.live.descriptor.version) goes on")
    if kernel.slots[slot.number].companion != nil {
      queueRetirement(slot)
    }
    try? slot.live.resume()
    endSwap(slot, swap)
  }

  private func endSwap(_ slot: SlotRuntime, _ swap: Swap) {
    kernel.attach(companion: nil, to: slot.number)
    // Whatever the meter stood in for, it is the instance itself now.
    kernel.attach(slot.live.port, to: slot.number)
    slot.pauseMeter = nil
    note(slot, swap.report, .retire, nil, slot.retireCompanion())
    slot.live.setPatient(false)
    slot.swap = nil
    swapsUnderWay -= 1
    planRestart(slot)
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
    case KEEL_SLOT_ANSWERED: slot.isAnswerQueued = false
    default: break
    }
  }

  private func noteSwitch(_ slot: SlotRuntime) {
    slot.exchange()
    takeTimers(slot)
    guard let swap = slot.swap else { return }
    let adopted = openOrders(slot)
    swapReports[swap.report].ordersAdopted = adopted
    swapReports[swap.report].outcome = .probation
    let orders = Count.text(adopted, "open order")
    note(
      slot, swap.report, .switched, nil,
      "generation \(kernel.slots[slot.number].generation) decides; \(orders) adopted",
      amount: UInt64(adopted))
    slot.swap?.phase = .probation(
      until: kernel.slots[slot.number].batches + swap.options.probationBatches)
    log(.info, slot.name, "switched to \(swap.descriptor.version); \(orders) adopted")
  }

  private func noteRollback(_ slot: SlotRuntime) {
    slot.exchange()
    takeTimers(slot)
    let orders = Count.text(openOrders(slot), "open order")
    log(.warning, slot.name, "rolled back to \(slot.live.descriptor.version); \(orders) kept")
    guard let swap = slot.swap else { return }
    note(
      slot, swap.report, .rollback, nil,
      "\(slot.live.descriptor.version) decides again, in the same turn; "
        + "\(orders) kept")
    swapReports[swap.report].outcome = .rolledBack
    queueRetirement(slot)
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
      note(slot, swap.report, .fault, nil, "of the version that stands by: \(text)")
    case .probation, .rollingBack: note(slot, swap.report, .fault, nil, text)
    case .saved, .shadow, .cancelling, .switching:
      note(slot, swap.report, .fault, nil, text)
      if isBeside { refuse(slot, swap, "shadow", "the new code failed; it never decided") }
    }
  }

  /// A swap ends where its slot does; a further one may bring healthy code.
  private func notePark(_ slot: SlotRuntime) {
    log(.error, slot.name, "parked: no healthy version; its orders are being cancelled")
    guard let swap = slot.swap else { return planRestart(slot) }
    swapReports[swap.report].outcome = .parked
    if slot.companion != nil { queueRetirement(slot) }
    endSwap(slot, swap)
  }

  // MARK: the pause

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
    if let place = steps.lastIndex(where: { $0.kind == .switched }) {
      swapReports[swap.report].steps[place].nanoseconds = pause
    }
  }
}
