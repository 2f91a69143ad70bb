import Glibc

/// The snapshots beside a journal.
package struct SnapshotStore: Sendable {
  /// The newest that is whole, and why newer ones were passed over.
  package struct Found: Sendable {
    package let snapshot: Snapshot?
    package let skipped: [StorageError]
  }

  private let directory: JournalDirectory
  private let keptMax: Int

  package init(directory path: String, keeping keptMax: Int = 2, system: StorageSystem = .real) {
    precondition(keptMax > 0, "the one just written is kept")
    directory = JournalDirectory(path: path, system: system)
    self.keptMax = keptMax
  }

  /// On the disk, whole and under its name, once this has returned; until then the older ones
  /// count. The journal must be on the disk up to the snapshot's position before: the writer's
  /// `sync` sees to that.
  package func write(_ snapshot: Snapshot) throws(StorageError) {
    precondition(
      snapshot.position.segment >= 0 && snapshot.position.offset >= FileHeader.bytes,
      "a snapshot stands where a record can begin")
    let path = directory.snapshot(snapshot.sequence)
    let temporary = path + ".new"
    _ = directory.system.remove(temporary)
    do {
      let file = try FileDescriptor(
        path: temporary, flags: O_RDWR | O_CREAT | O_EXCL, system: directory.system)
      try Self.write(snapshot.page(), to: file, at: 0)
      try Self.write(snapshot.content, to: file, at: FileHeader.bytes)
      try file.sync()
      try StorageSystem.check(directory.system.rename(temporary, path), path, "put it in place")
    } catch {
      _ = directory.system.remove(temporary)
      throw error
    }
    try directory.sync()
    for sequence in try directory.snapshots().filter({ $0 < snapshot.sequence })
      .dropLast(keptMax - 1)
    {
      try directory.remove(directory.snapshot(sequence))
    }
  }

  private static func write(
    _ bytes: [UInt8], to file: borrowing FileDescriptor, at offset: Int
  ) throws(StorageError) {
    var failure: StorageError?
    bytes.withUnsafeBytes { buffer in
      do throws(StorageError) { try file.write(buffer, at: offset) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// `session` is the journal's, `schemaMax` the newest content that the caller reads.
  package func newest(session: UInt64, schemaMax: UInt32 = .max) throws(StorageError) -> Found {
    var skipped: [StorageError] = []
    for sequence in try directory.snapshots().reversed() {
      let path = directory.snapshot(sequence)
      do throws(StorageError) {
        let snapshot = try Snapshot(reading: path, schemaMax: schemaMax)
        guard snapshot.session == session, snapshot.sequence == sequence else {
          throw StorageError(
            .damaged(offset: 0), path, "it belongs to another journal, or has another's name",
            remedy: "keep each journal in a directory of its own")
        }
        return Found(snapshot: snapshot, skipped: skipped)
      } catch { skipped.append(error) }
    }
    return Found(snapshot: nil, skipped: skipped)
  }
}
