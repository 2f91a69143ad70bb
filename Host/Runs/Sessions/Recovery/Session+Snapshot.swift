import Kernel
import PluginBridge
package import Storage

extension Session {
  /// All the session knows, between two turns; nil where there is no journal to go on from.
  package func snapshot() -> Snapshot? {
    guard let journal else { return nil }
    snapshotCodec.restart()
    snapshotCodec.value(&facts)
    kernel.snapshot(into: &snapshotCodec)
    snapshotCodec.finish()
    return Snapshot(
      session: nonce, sequence: kernel.sequence, position: journal.position,
      schema: Snapshot.sessionSchema, content: Array(snapshotCodec.bytes))
  }

  /// Writes one beside the journal. The turn after it waits: for the walk through all tables, some
  /// milliseconds at their usual size, and for the disk, which must have the journal first. One
  /// that cannot be kept is no reason to stop trading: the journal holds everything.
  func keepSnapshot() {
    guard let period = snapshotEveryTurns, let journal, let snapshot = snapshot() else { return }
    nextSnapshot = turns + period
    do throws(StorageError) {
      try journal.sync()
      try SnapshotStore(directory: journal.path).write(snapshot)
    } catch {
      log(.error, "snapshot", "\(error.subject): \(error.message); \(error.remedy)")
    }
  }
}
