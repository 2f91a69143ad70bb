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
  let interests: Interests?
  var instruments: [InstrumentID] = []
  var live: PluginInstance
  var companion: PluginInstance?
  /// The generations the two decided in first, or would decide in: how the kernel names them.
  var liveAuthor: UInt32 = 1
  var companionAuthor: UInt32 = 0
  /// Kept so that nothing they hand out dies under them; retired code is never unmapped.
  var retired: [PluginInstance] = []
  var swap: Swap?
  var pauseMeter: PauseMeter?

  init(
    number: UInt32, name: String, kind: Slot.Kind,
    parameters: [(name: String, value: ParameterValue)], config: String, live: PluginInstance,
    interests: Interests?
  ) {
    self.number = number
    self.name = name
    self.kind = kind
    self.parameters = parameters
    self.config = config
    self.live = live
    self.interests = interests
  }

  /// The kernel has exchanged the two; so do we.
  func exchange() {
    guard let next = companion else { return }
    companion = live
    live = next
    Swift.swap(&liveAuthor, &companionAuthor)
  }

  /// Ends the companion's life: deactivated and destroyed, its library left mapped.
  func retireCompanion() -> PluginHostError? {
    guard let instance = companion else { return nil }
    companion = nil
    retired.append(instance)
    var failure: PluginHostError?
    if !instance.isQuarantined {
      do { try instance.deactivate() } catch { failure = error }
    }
    instance.destroy()
    return failure
  }
}

extension PluginInstance {
  /// How the kernel calls it.
  var port: PluginPort { PluginPort(process: process, context: processContext) }
}
