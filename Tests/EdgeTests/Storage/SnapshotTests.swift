import Foundation
import Glibc
import Storage
import TestSupport
import Testing

@Suite struct SnapshotTests {
  let scratch = Medium.memory.directory()
  var store: SnapshotStore { SnapshotStore(directory: scratch.path) }

  private func snapshot(_ sequence: UInt64, schema: UInt32 = 3, bytes: Int = 100) -> Snapshot {
    Snapshot(
      session: 42, sequence: sequence, position: JournalPosition(segment: 2, offset: 4184),
      schema: schema, content: (0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 7) })
  }

  private func file(_ sequence: Int) -> String {
    scratch.file("snapshot-0000000000000000000\(sequence).keel")
  }

  @Test(arguments: [0, 1, 100, 70_000]) func readsBackWhatWasWritten(_ bytes: Int) throws {
    try store.write(snapshot(7, bytes: bytes))
    let found = try store.newest(session: 42)
    #expect(found.snapshot == snapshot(7, bytes: bytes) && found.skipped.isEmpty)
  }

  @Test func keepsTheLastTwo() throws {
    for sequence in 1...5 { try store.write(snapshot(UInt64(sequence))) }
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
    #expect(
      names.sorted() == [
        "snapshot-00000000000000000004.keel", "snapshot-00000000000000000005.keel",
      ])
    #expect(try store.newest(session: 42).snapshot?.sequence == 5)
  }

  @Test func passesOverWhatItCannotUseAndSaysWhy() throws {
    let store = SnapshotStore(directory: scratch.path, keeping: 9)
    for sequence in 1...3 { try store.write(snapshot(UInt64(sequence))) }
    try store.write(snapshot(4, schema: 9))
    var foreign = snapshot(5)
    foreign.session = 1
    try store.write(foreign)
    var bytes = try TemporaryDirectory.bytes(of: file(3))
    bytes[4100] ^= 1
    try TemporaryDirectory.write(file(3), bytes)
    try TemporaryDirectory.write(file(2), Array(bytes.prefix(4000)))
    let found = try store.newest(session: 42, schemaMax: 3)
    #expect(found.snapshot?.sequence == 1)
    #expect(
      found.skipped.map(\.subject) == [file(5), file(4), file(3), file(2)])
    for (error, word) in zip(found.skipped, ["another journal", "schema 9", "content", "cut off"]) {
      #expect(error.message.contains(word), "\(error)")
    }
    #expect(found.skipped[1].code == .wrongSchema)
  }

  @Test(arguments: [FaultScript.Call.open, .write, .sync, .rename])
  func aFailureLeavesTheOldOne(_ call: FaultScript.Call) throws {
    try store.write(snapshot(1))
    let faults = FaultScript(call, from: 0, ENOSPC)
    let failing = SnapshotStore(directory: scratch.path, system: faults.system)
    let error = #expect(throws: StorageError.self) { try failing.write(snapshot(2)) }
    #expect(error?.code == .full)
    let found = try store.newest(session: 42)
    #expect(found.snapshot == snapshot(1) && found.skipped.isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).count == 1)
  }

  /// Every bit of the file: it is the snapshot that was written, or it is passed over by name.
  @Test(arguments: 0..<8) func noFlippedBitIsBelieved(_ bit: Int) throws {
    try store.write(snapshot(1))
    try store.write(snapshot(2))
    let whole = try TemporaryDirectory.bytes(of: file(2))
    let flipper = try BitFlipper(file(2))
    for index in whole.indices {
      try flipper.with(index, whole[index] ^ (1 << UInt8(bit)), whole[index]) {
        let found = try store.newest(session: 42)
        #expect(found.snapshot == snapshot(1), "byte \(index)")
        #expect(found.skipped.count == 1 && found.skipped[0].subject == file(2))
      }
    }
  }
}
