import Configuration
import History
import Kernel
import Market
import PluginHost
import Storage

/// A worker that failed is started again from its last state, as a swap of the slot's code for the
/// same code: warmed up with what it missed, and journaled like any other.
extension Session {
  /// After a turn: saves the state of code that may have to be started again.
  func keepStates() {
    for slot in slots where slot.live.placement.isWorker && slot.live.hasState {
      let batches = kernel.slots[slot.number].batches
      guard batches >= slot.restart.nextSave, !slot.live.isQuarantined, !kernel.isBehind,
        !kernel.slots[slot.number].isAwaited
      else { continue }
      slot.restart.nextSave = batches + UInt64(slot.isolation.stateEveryBatches)
      do {
        slot.restart.kept = WorkerRestart.Kept(
          state: try slot.live.saveState(sequence: kernel.sequence),
          version: slot.live.descriptor.stateVersion, position: journal?.position,
          sequence: kernel.sequence)
      } catch { log(.warning, slot.name, "no state is kept for a restart: \(error.message)") }
    }
  }

  /// A slot without healthy code is parked; where a worker failed, another may do better.
  func planRestart(_ slot: SlotRuntime) {
    guard slot.live.placement.isWorker, kernel.slots[slot.number].isParked,
      slot.restart.due == nil
    else { return }
    let restart = slot.restart
    guard restart.count < slot.isolation.restarts else {
      log(
        .error, slot.name, "its worker is not started again: \(restart.count) restarts were tried")
      return
    }
    let wait = Nanoseconds.milliseconds(
      slot.isolation.restartAfterMilliseconds << Int64(Swift.min(restart.count, 10)))
    slot.restart.due = now + wait
    log(
      .warning, slot.name,
      "its worker is started again in \(wait.count / 1_000_000) ms "
        + "(\(restart.count + 1) of \(slot.isolation.restarts))")
  }

  /// Before a turn.
  func prepareRestarts() {
    for slot in slots {
      guard let due = slot.restart.due, slot.swap == nil else { continue }
      guard kernel.slots[slot.number].isParked else {
        slot.restart.due = nil
        continue
      }
      if due <= now { beginRestart(slot) }
    }
  }

  private func beginRestart(_ slot: SlotRuntime) {
    slot.restart.due = nil
    slot.restart.count += 1
    let descriptor = slot.live.descriptor
    let version = "\(descriptor.id) \(descriptor.version)"
    swapReports.append(SwapReport(slot: slot.name, from: version, to: version))
    let number = swapReports.count - 1
    let kept = slot.restart.kept
    note(
      slot, number, .snapshot, nil,
      "restart \(slot.restart.count) of \(slot.isolation.restarts): "
        + (kept.map { "\($0.state.count) bytes, state after event \($0.sequence)" }
          ?? "no state was saved"),
      amount: UInt64(kept?.state.count ?? 0))
    var options = SwapOptions()
    options.orders = .adopt
    options.shadowBatches = 0
    options.probationBatches = 0
    slot.swap = Swap(
      build: slot.live.build, descriptor: descriptor, options: options,
      placement: slot.live.placement,
      phase: .saved(
        state: kept?.state, version: kept?.version ?? 0, from: kept?.position,
        sequence: kept?.sequence ?? kernel.sequence),
      carriesState: kept != nil, report: number)
    swapsUnderWay += 1
    log(.info, slot.name, "its worker is started again")
  }
}
