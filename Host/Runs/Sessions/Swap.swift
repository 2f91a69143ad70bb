package import Market
package import PluginHost
import Storage

/// How one swap is to go.
package struct SwapOptions: Sendable {
  package enum Orders: String, Sendable, CaseIterable {
    /// Open orders stay in the market and belong to the new code.
    case adopt
    case cancelFirst = "cancel-first"
  }
  /// nil: adopt when the state was carried over, else cancel first.
  package var orders: Orders?
  /// Batches the new code is watched beside the old one before it decides.
  package var shadowBatches: UInt64 = 20
  /// Batches the old code stands by afterwards.
  package var probationBatches: UInt64 = 200
  /// A save that takes longer is abandoned, and the new code warms up from history.
  package var saveBudget = Nanoseconds.milliseconds(1)
  /// Parameters for the new code, beside or instead of the slot's own.
  package var parameters: [(name: String, value: ParameterValue)] = []
  /// Where the new code runs; nil: where the slot is configured to run its code.
  package var placement: SwapPlacement?
  /// Refuse to switch when the two answered differently in shadow: for a pure refactoring.
  package var requireEqual = false

  package init() {}
}

/// In the host, or in a process of its own.
package enum SwapPlacement: String, Sendable, CaseIterable { case inHost = "guard", process }

/// A swap under way, as a state: what happens next, and what is kept for it.
struct Swap {
  enum Phase {
    /// The old state has been saved after `sequence`; the new instance is still to be made.
    case saved(state: [UInt8]?, version: UInt32, from: JournalPosition?, sequence: UInt64)
    /// The new instance receives the same batches until `until` of the slot's count.
    case shadow(until: UInt64)
    /// Waiting for the venue to confirm that the slot's orders are gone, at most until `until`.
    case cancelling(until: UInt64)
    /// The switch record is queued for the next turn.
    case switching
    /// The new code decides, the old one stands by until `until`.
    case probation(until: UInt64)
    /// The operator wants the old code back: the record is queued for the next turn.
    case rollingBack
  }

  static let cancelBatchesMax: UInt64 = 1_000

  let build: PluginBuild
  let descriptor: PluginDescriptor
  let options: SwapOptions
  let placement: Placement
  var phase: Phase
  var carriesState: Bool
  /// Index into the session's reports.
  let report: Int
}
