import Configuration
import Kernel
import Market
import PluginABI
import PluginHost

/// The code behind one slot: the instance that decides, the one beside it, and how to make more.
final class SlotRuntime {
  let number: UInt32
  let name: String
  let kind: Slot.Kind
  /// What every instance of this slot is configured with.
  let parameters: [(name: String, value: ParameterValue)]
  let config: String
  var liveInterests: Interests?
  var companionInterests: Interests?
  var instruments: [InstrumentID] = []
  var live: PluginInstance { didSet { changes.count += 1 } }
  var companion: PluginInstance? { didSet { changes.count += 1 } }
  /// Counts changes of the two, so that the session knows when to look.
  let changes: InstanceChanges
  /// The generations the two decided in first, or would decide in: how the kernel names them.
  var liveAuthor: UInt32 = 1
  var companionAuthor: UInt32 = 0
  /// Timers the companion asked for: they count once it decides.
  var companionTimers: [(id: UInt64, due: Timestamp?)] = []
  /// Kept so that nothing they hand out dies under them; retired code is never unmapped.
  var retired: [PluginInstance] = []
  var swap: Swap?
  var pauseMeter: PauseMeter?
  let isolation: IsolationConfiguration
  var restart = WorkerRestart()
  /// The record that the live code's late answer has come is on its way.
  var isAnswerQueued = false

  init(
    number: UInt32, name: String, kind: Slot.Kind,
    parameters: [(name: String, value: ParameterValue)], config: String, live: PluginInstance,
    interests: Interests?, changes: InstanceChanges, isolation: IsolationConfiguration
  ) {
    self.number = number
    self.name = name
    self.kind = kind
    self.parameters = parameters
    self.config = config
    self.live = live
    liveInterests = interests
    self.changes = changes
    self.isolation = isolation
  }

  /// The kernel has exchanged the two; so do we.
  func exchange() {
    guard let next = companion else { return }
    companion = live
    live = next
    Swift.swap(&liveAuthor, &companionAuthor)
    Swift.swap(&liveInterests, &companionInterests)
  }

  /// Ends the companion's life, and says how: its library stays mapped in any case. Code that
  /// failed, or does not end, is fenced: never called again, never destroyed.
  func retireCompanion() -> String {
    guard let instance = companion else { return "nothing to retire" }
    companion = nil
    companionTimers.removeAll()
    retired.append(instance)
    defer { instance.destroy() }
    if instance.phase == .created { return "never activated; discarded" }
    if instance.isQuarantined { return "fenced: it failed, and is never called again" }
    do { try instance.deactivate() } catch { return "fenced: \(error.message)" }
    return "deactivated; its library stays mapped"
  }
}

/// How often the code behind any slot of a session has changed.
final class InstanceChanges {
  var count = 0
}

extension PluginInstance {
  /// How the kernel calls it.
  var port: PluginPort { PluginPort(process: process, context: processContext) }
}
