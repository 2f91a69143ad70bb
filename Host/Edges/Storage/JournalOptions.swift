/// How a journal is written.
package struct JournalOptions: Sendable {
  package var policy: JournalPolicy
  package var segmentBytes: Int
  /// Syncing, hashing and preparing the next segment happen on a thread of their own. Without it
  /// the appending thread does them, at the end of each segment and in `commit`; the files are
  /// the same.
  package var hasThread: Bool
  package var system: StorageSystem

  package init(
    policy: JournalPolicy = .usual, segmentBytes: Int = 64 << 20, hasThread: Bool = true,
    system: StorageSystem = .real
  ) {
    precondition(
      segmentBytes >= 2 * FileHeader.bytes && segmentBytes % 8 == 0,
      "a segment has room for its header and some records, and ends on a frame boundary")
    self.policy = policy
    self.segmentBytes = segmentBytes
    self.hasThread = hasThread
    self.system = system
  }
}
