import Kernel
import PluginBridge
import Storage

extension Snapshot {
  /// Counts up with every change of what a session's snapshot is made of; kernel and facts have
  /// schemas of their own inside.
  static let sessionSchema: UInt32 = 1

  /// Kernel and facts as they were; a snapshot that does not fit the journal is refused.
  func open(_ start: JournalStart) throws(SnapshotRefusal) -> RecoveredState {
    var state: RecoveredState?
    var refusal = SnapshotRefusal(.damaged, "it is empty")
    content.withUnsafeBytes { bytes in
      var codec = SnapshotCodec(reading: bytes)
      var facts = SessionFacts()
      codec.value(&facts)
      do throws(SnapshotRefusal) {
        let kernel = try Kernel(snapshot: &codec, session: start.session, limits: start.limits)
        codec.finish()
        if let found = codec.refusal { throw found }
        guard kernel.sequence == sequence else {
          throw SnapshotRefusal(.foreign, "it was taken after another sequence number")
        }
        state = RecoveredState(kernel: kernel, facts: facts)
      } catch { refusal = error }
    }
    guard let state else { throw refusal }
    return state
  }
}

/// What a snapshot holds.
struct RecoveredState: ~Copyable {
  var kernel: Kernel
  var facts: SessionFacts
}
