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

  /// Verifies and loads the new code, saves the old code's state, and lets the coming turns do the
  /// rest. Nothing changes for the running code when this throws.
  package func beginSwap(
    slot name: String, to reference: PluginReference, options: SwapOptions = SwapOptions(),
    probe: ((String) -> PluginHostError?)? = nil
  ) throws(SessionError) {
    let slot = try slot(named: name)
    guard slot.swap == nil else {
      throw SessionError(
        .refused, name, "a swap of this slot is under way",
        remedy: "wait until it is confirmed, or roll it back")
    }
    try settle(slot)
    let old = slot.live.descriptor
    var report = SwapReport(slot: name, from: "\(old.id) \(old.version)", to: reference.text)
    let start = MonotonicClock.now()
    var probing: Int64 = 0
    let build: PluginBuild
    let descriptor: PluginDescriptor
    do throws(PluginHostError) {
      (build, descriptor) = try registry.resolve(
        reference, id: old.id, kind: slot.kind == .alpha ? .alpha : .strategy
      ) { copy in
        let before = MonotonicClock.now()
        defer { probing = MonotonicClock.now() - before }
        return probe?(copy)
      }
    } catch { throw SessionError(error, at: name) }
    let loading = MonotonicClock.now() - start - probing
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
    var swap = Swap(
      build: build, descriptor: descriptor, options: options,
      placement: placement(in: slot, options),
      phase: .saved(state: nil, version: 0, from: nil, sequence: kernel.sequence),
      carriesState: false, report: number)
    save(slot, for: &swap)
    slot.swap = swap
    swapsUnderWay += 1
    log(.info, name, "swap to \(descriptor.id) \(descriptor.version) begins")
  }

  private func placement(in slot: SlotRuntime, _ options: SwapOptions) -> Placement {
    guard let wanted = options.placement else { return slot.placement }
    var isolation = slot.isolation
    isolation.placement = wanted == .process ? .process : .inHost
    return isolation.placement(workers, isPaced: isPaced)
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

/// Which code to swap in.
package enum PluginReference: Sendable {
  case path(String)
  case id(String, version: String?)

  /// "PATH.so", "PATH.keel", "id" or "id@version".
  package init(_ text: String) {
    if text.hasSuffix(".so") || text.contains("/") || PluginBundle.isNamed(text) {
      self = .path(text)
    } else if let at = text.lastIndex(of: "@") {
      self = .id(String(text[..<at]), version: String(text[text.index(after: at)...]))
    } else {
      self = .id(text, version: nil)
    }
  }

  package var text: String {
    switch self {
    case .path(let path): path
    case .id(let id, let version): version.map { "\(id)@\($0)" } ?? id
    }
  }
}

extension Session {
  package var swapCount: Int { swapReports.count }
  package func swapReport(_ index: Int) -> SwapReport { swapReports[index] }
}
