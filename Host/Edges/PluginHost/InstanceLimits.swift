/// What one plugin instance may use up.
package struct InstanceLimits: Sendable {
  /// Thread CPU time of one process() call. For runaways, not for pacing.
  package var eventDeadline: UInt64 = 50_000_000
  /// The same of one control call: create, activate, load, poll.
  package var controlDeadline: UInt64 = 5_000_000_000
  /// What one process() call may answer.
  package var sinkBytes = 64 << 10
  /// What a data provider may publish between two polls.
  package var feedBytes = 4 << 20
  package var stateBytesMax = 16 << 20
  /// A plugin that writes into its input batch is a fault. Reads each batch twice more: for tests
  /// and conformance runs.
  package var verifiesBatch = false
  /// State moves at most so many bytes at a time; 0: as many as asked. 1 proves that it loops.
  package var stateStep = 0

  package init() {}
  package static let standard = InstanceLimits()
}
