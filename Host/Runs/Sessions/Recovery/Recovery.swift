package import Kernel
import Market
import PluginABI
import PluginBridge
package import Storage

/// A session as its journal leaves it: the newest snapshot that is good, and every whole turn
/// behind it done again, its output compared byte by byte with the record.
///
/// A turn without its end is cut: its effects were never released, so it never happened. What the
/// venues did meanwhile is the business of reconciliation.
package struct Recovery: ~Copyable {
  package internal(set) var kernel: Kernel
  package internal(set) var facts: SessionFacts
  package let session: UInt64
  package let limits: Limits
  /// Behind the last whole turn: where a writer goes on.
  package let end: JournalPosition
  /// Records of a turn that did not end, behind it.
  package let cutRecords: Int
  package let tail: JournalReader.Tail
  /// The snapshot it began from; nil when it read the whole journal.
  package let snapshot: (position: JournalPosition, sequence: UInt64)?
  /// Why other snapshots were not used.
  package let refusedSnapshots: [String]
  /// Done again, and the records read for it.
  package let turns: Int
  package let records: Int

  /// From the newest snapshot that is kept beside the journal.
  package static func run(directory: String) throws(StorageError) -> Recovery {
    let start = try JournalStart(directory)
    let found = try SnapshotStore(directory: directory)
      .newest(session: start.session, schemaMax: Snapshot.sessionSchema)
    let skipped = found.skipped.map { "\($0.subject): \($0.message)" }
    return try run(
      directory: directory, snapshots: found.snapshot.map { [$0] } ?? [], skipped: skipped)
  }

  /// `snapshots`: newest first. One that is refused gives way to the next, and to the journal's
  /// beginning after the last.
  package static func run(
    directory: String, snapshots: [Snapshot], skipped: [String] = []
  ) throws(StorageError) -> Recovery {
    let start = try JournalStart(directory)
    var refused = skipped
    for snapshot in snapshots {
      let state: RecoveredState
      do throws(SnapshotRefusal) { state = try snapshot.open(start) } catch {
        refused.append("\(snapshot.position): \(error)")
        continue
      }
      return try replay(directory, start, state, from: snapshot, refused)
    }
    let state = RecoveredState(
      kernel: Kernel(session: start.session, limits: start.limits), facts: SessionFacts())
    return try replay(directory, start, state, from: nil, refused)
  }
}

extension Recovery {
  private static func replay(
    _ directory: String, _ start: JournalStart, _ state: consuming RecoveredState,
    from snapshot: Snapshot?, _ refused: [String]
  ) throws(StorageError) -> Recovery {
    var reader = try JournalReader(directory: directory, from: snapshot?.position)
    var facts = state.facts
    var replay = TurnReplay(state.kernel, limits: start.limits)
    var end = reader.position
    var inside = 0
    while let record = try reader.next() {
      inside += 1
      switch replay.take(record) {
      case .inside: continue
      case .impossible(let why): throw refuse(directory, why)
      case .ended: break
      }
      if let difference = replay.difference { throw refuse(directory, difference) }
      for record in replay.input { facts.learn(record) }
      if replay.changedCode { for record in replay.output { facts.learn(record) } }
      end = reader.position
      inside = 0
    }
    let turns = replay.turns
    let used = snapshot.map { (position: $0.position, sequence: $0.sequence) }
    return Recovery(
      kernel: replay.finish(), facts: facts, session: start.session, limits: start.limits,
      end: end, cutRecords: inside, tail: try reader.tail, snapshot: used,
      refusedSnapshots: refused, turns: turns, records: reader.recordsRead - inside)
  }

  /// A state that the record contradicts is nobody's to trade on.
  private static func refuse(_ directory: String, _ why: String) -> StorageError {
    StorageError(
      .damaged(offset: 0), directory, "it does not lead to the state it tells of: \(why)",
      remedy: "recover it with the keel that wrote it, or report this as a bug")
  }
}
