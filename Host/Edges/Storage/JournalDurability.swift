/// How far a journal is on the disk, for any thread. Many that wait share one sync.
package struct JournalDurability: Sendable {
  let exchange: JournalExchange

  package var position: JournalPosition { exchange.durablePosition }

  /// Until everything before the position is on the disk. The writer must not be closed meanwhile.
  package func wait(for position: JournalPosition) throws(StorageError) {
    try exchange.wait(for: exchange.mark(position))
  }
}
