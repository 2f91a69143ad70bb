import Configuration
import History
import Kernel
import Market
import PluginABI
import PluginBridge
package import PluginHost
import Storage

/// Replacing a slot's code while it trades. Each step happens between two turns; the old code
/// decides until the switch record is part of a turn, the new code from that turn on.
extension Session {
  func slot(named name: String) throws(SessionError) -> SlotRuntime {
    if let slot = slots.first(where: { $0.name == name }) { return slot }
    throw SessionError(
      .refused, name, "there is no slot of this name",
      remedy: "name one of: \(slots.map(\.name).joined(separator: ", "))")
  }

  /// What can be done for a swap on another thread, while the session trades.
  package func prepareSwap(
    slot name: String, to reference: PluginReference,
    probe: (@Sendable (String) -> PluginHostError?)? = nil
  ) throws(SessionError) -> SwapPreparation {
    _ = try slotToSwap(named: name)
    return SwapPreparation(intake: registry.intake, reference: reference, probe: probe)
  }

  /// Verifies and loads the new code, saves the old code's state, and lets the coming turns do the
  /// rest. Nothing changes for the running code when this throws.
  package func beginSwap(
    slot name: String, to reference: PluginReference, options: SwapOptions = SwapOptions(),
    probe: (@Sendable (String) -> PluginHostError?)? = nil
  ) throws(SessionError) {
    let prepared = try prepareSwap(slot: name, to: reference, probe: probe).run()
    try beginSwap(slot: name, to: prepared, options: options)
  }

  private func slotToSwap(named name: String) throws(SessionError) -> SlotRuntime {
    let slot = try slot(named: name)
    guard slot.swap == nil else {
      throw SessionError(
        .refused, name, "a swap of this slot is under way",
        remedy: "wait until it is confirmed, or roll it back")
    }
    return slot
  }

  /// The same, of what was prepared.
  package func beginSwap(
    slot name: String, to prepared: PreparedSwap, options: SwapOptions
  ) throws(SessionError) {
    let slot = try slotToSwap(named: name)
    let old = slot.live.descriptor
    var report = SwapReport(
      slot: name, from: "\(old.id) \(old.version)", to: prepared.reference.text)
    let start = MonotonicClock.now()
    let build: PluginBuild
    let descriptor: PluginDescriptor
    do throws(PluginHostError) {
      (build, descriptor) = try registry.resolve(
        id: old.id, kind: slot.kind == .alpha ? .alpha : .strategy, try prepared.result.get())
    } catch { throw SessionError(error, at: name) }
    let placement = try placement(of: build, in: slot, options)
    try settle(slot)
    let probing = prepared.probing
    let loading = MonotonicClock.now() - start + prepared.nanoseconds - probing
    report.to = "\(descriptor.id) \(descriptor.version)"
    swapReports.append(report)
    let number = swapReports.count - 1
    if probing > 0 {
      note(slot, number, .probe, probing, "a child process loaded and described it")
    }
    note(
      slot, number, .verify, loading,
      "\(build.fileBytes) bytes, sha256 \(build.hashText.prefix(12))",
      amount: UInt64(build.fileBytes))
    if placement.isWorker, let why = build.standing.confinement {
      note(slot, number, .verify, nil, "it runs in a worker process: \(why)")
    }
    if !placement.isWorker, let megabytes = build.standing.memoryMegabytes {
      note(
        slot, number, .verify, nil,
        "its bundle says at most \(megabytes) MB of memory, which nothing enforces in the host")
    }
    var swap = Swap(
      build: build, descriptor: descriptor, options: options, placement: placement,
      phase: .saved(state: nil, version: 0, from: nil, sequence: kernel.sequence),
      carriesState: false, report: number)
    save(slot, for: &swap)
    slot.swap = swap
    swapsUnderWay += 1
    log(.info, name, "swap to \(descriptor.id) \(descriptor.version) begins")
  }

  /// Code for workers is placed in one, whatever the slot says; only who asks for the host now is
  /// told that it cannot be.
  private func placement(
    of build: PluginBuild, in slot: SlotRuntime, _ options: SwapOptions
  ) throws(SessionError) -> Placement {
    var isolation = slot.isolation
    if let wanted = options.placement {
      if wanted == .inHost, let why = build.standing.confinement {
        throw SessionError(
          .refused, slot.name, "this code does not run in the host: \(why)",
          remedy: "leave --isolation out: it is placed in a worker by itself")
      }
      isolation.placement = wanted == .process ? .process : .inHost
    }
    return isolation.placement(of: build, workers, isPaced: isPaced)
  }

  /// Old code back in charge, while it still stands by; before the switch, the swap is called off.
  package func rollback(slot name: String) throws(SessionError) {
    let slot = try slot(named: name)
    switch slot.swap?.phase {
    case .saved, .shadow, .cancelling:
      if let swap = slot.swap { refuse(slot, swap, "operator", "called off before the switch") }
    case .probation where slot.companion?.isQuarantined == false:
      queue(slot, cause: KEEL_SLOT_ROLLED_BACK, code: slot.companion)
      slot.swap?.phase = .rollingBack
    case .switching, .rollingBack:
      throw SessionError(
        .refused, name, "the code is changing at this moment",
        remedy: "look at keel status, then try again")
    case .probation, nil:
      throw SessionError(
        .refused, name, "no earlier version stands by",
        remedy: "swap to the version wanted: keel swap \(name) PLUGIN@VERSION")
    }
  }

  private func save(_ slot: SlotRuntime, for swap: inout Swap) {
    let old = slot.live.descriptor
    let new = swap.descriptor
    guard slot.live.hasState, !old.stateSchema.isEmpty, old.stateSchema == new.stateSchema,
      (new.stateOldest...new.stateVersion).contains(old.stateVersion)
    else {
      note(
        slot, swap.report, .snapshot, nil,
        "not carried over: \(new.id) \(new.version) does not read this state")
      return
    }
    let start = MonotonicClock.now()
    do {
      let bytes = try slot.live.saveState(sequence: kernel.sequence)
      let spent = MonotonicClock.now() - start
      if spent > swap.options.saveBudget.count {
        note(
          slot, swap.report, .snapshot, spent,
          "abandoned: over the budget of the save; warming up instead")
        return
      }
      swap.carriesState = true
      swap.phase = .saved(
        state: bytes, version: old.stateVersion, from: journal?.position,
        sequence: kernel.sequence)
      note(
        slot, swap.report, .snapshot, spent,
        "\(bytes.count) bytes, state after event \(kernel.sequence)")
    } catch {
      note(
        slot, swap.report, .snapshot, MonotonicClock.now() - start, "abandoned: \(error.message)")
    }
  }

  /// One line of the timeline: shown, and journaled with the next turn.
  func note(
    _ slot: SlotRuntime, _ report: Int, _ step: SwapStep, _ nanoseconds: Int64?, _ detail: String,
    amount: UInt64 = 0
  ) {
    swapReports[report].add(step, nanoseconds, detail)
    var record = keel_rec_swap_step()
    record.h = keel_event(KEEL_REC_SWAP_STEP, of: keel_rec_swap_step.self)
    record.h.source = slot.number
    record.step = step.rawValue
    record.generation = kernel.slots[slot.number].generation
    record.duration = UInt64(Swift.max(0, nanoseconds ?? 0))
    record.amount = amount
    pending.append(record)
  }

  /// The companion goes; what the slot receives is what the deciding code wants.
  func queueRetirement(_ slot: SlotRuntime) {
    queue(
      slot, cause: KEEL_SLOT_RETIRED, code: slot.companion, types: types(of: slot.liveInterests))
  }

  func types(of interests: Interests?) -> UInt64 { interests?.types ?? Self.allMarketData }

  func queue(
    _ slot: SlotRuntime, cause: Int, code: PluginInstance?, generation: UInt32? = nil,
    types: UInt64 = 0
  ) {
    var record = keel_rec_slot()
    record.h = keel_event(KEEL_REC_SLOT, of: keel_rec_slot.self)
    record.h.source = slot.number
    record.generation = generation ?? kernel.slots[slot.number].generation + 1
    record.cause = UInt32(cause)
    record.types = types
    FixedText.write(slot.name, to: &record.name)
    if let code {
      withUnsafeMutableBytes(of: &record.hash) { $0.copyBytes(from: code.build.hash) }
      FixedText.write(code.descriptor.id, to: &record.id)
      FixedText.write(code.descriptor.version, to: &record.version)
    }
    pending.append(record)
  }
}

extension Session {
  package var swapCount: Int { swapReports.count }
  package func swapReport(_ index: Int) -> SwapReport { swapReports[index] }
}
