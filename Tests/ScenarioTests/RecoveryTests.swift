import Foundation
import JSON
import Kernel
import Storage
import TestSupport
import Testing

@testable import Sessions

/// A session that stopped, however it did, is known again from its journal, and faster from a
/// snapshot; both come to the same.
@Suite struct RecoveryTests {
  @Test func aSnapshotAndTheRestOfTheJournalAreTheWholeJournal() throws {
    let fixture = try SessionFixture()
    let path = fixture.journalPath()
    let session = try fixture.session(journal: path)
    var snapshots: [Snapshot] = []
    for _ in 0..<12 {
      try session.run(turns: 60)
      snapshots.append(try #require(session.snapshot()))
    }
    let live = try #require(session.snapshot())
    #expect(session.tally(of: "watch").fills > 2)
    var whole = try Recovery.run(directory: path)
    #expect(whole.snapshot == nil && whole.cutRecords == 0 && whole.turns == Int(session.turns))
    let expected = whole.state
    #expect(whole.snapshotBytes() == live.content)
    for snapshot in snapshots {
      var recovered = try Recovery.run(directory: path, snapshots: [snapshot])
      #expect(recovered.snapshot?.sequence == snapshot.sequence)
      #expect(recovered.turns < Int(session.turns))
      #expect(recovered.state == expected)
      #expect(recovered.end == live.position)
      #expect(recovered.snapshotBytes() == live.content)
    }
    try session.finish()
  }

  @Test func swapsAndFaultsAreRecoveredToo() throws {
    let fixture = try SessionFixture()
    let path = fixture.journalPath()
    let session = try fixture.session(journal: path)
    try session.run(turns: 100)
    var snapshots: [Snapshot] = []
    func keep() throws { snapshots.append(try #require(session.snapshot())) }
    let next = try SessionFixture.watcher(["VERSION": "\"2.0.0\""])
    try session.beginSwap(slot: "watch", to: .path(next), options: .brief(shadow: 20))
    for _ in 0..<40 {
      try session.run(turns: 3)
      try keep()
    }
    try session.runUntilSwapEnds("watch")
    let faulty = try BuiltProducts.library("SMACrossoverFaulty")
    try session.beginSwap(slot: "trend", to: .path(faulty), options: .brief(probation: 500))
    for _ in 0..<40 where session.isSwapping(slot: "trend") {
      try session.run(turns: 10)
      try keep()
    }
    #expect(session.generation(of: "trend") == 3)
    try session.finish()
    let expected = try Recovery.run(directory: path).state
    #expect(expected["slots"]?.elements?.last?["version"]?.string == "2.0.0")
    #expect(expected["slots"]?.elements?[1]["version"]?.string == "1.0.0")
    for snapshot in snapshots {
      #expect(try Recovery.run(directory: path, snapshots: [snapshot]).state == expected)
    }
  }

  @Test func aSnapshotThatIsNoneGivesWayToTheOneBefore() throws {
    let fixture = try SessionFixture()
    let path = fixture.journalPath()
    let session = try fixture.session(journal: path)
    try session.run(turns: 100)
    let good = try #require(session.snapshot())
    try session.run(turns: 100)
    var bad = try #require(session.snapshot())
    bad.content[bad.content.count / 2] ^= 4
    try session.finish()
    let recovered = try Recovery.run(directory: path, snapshots: [bad, good])
    #expect(recovered.snapshot?.sequence == good.sequence)
    #expect(recovered.refusedSnapshots.count == 1)
    let whole = try Recovery.run(directory: path, snapshots: [bad])
    #expect(whole.snapshot == nil && whole.refusedSnapshots.count == 1)
    #expect(whole.state == recovered.state)
  }

  /// A turn whose end is not on record never happened.
  @Test func aTurnCutOffIsLeftOut() throws {
    let fixture = try SessionFixture()
    let path = fixture.journalPath()
    let session = try fixture.session(journal: path)
    try session.run(turns: 150)
    try session.finish()
    let segment = "\(path)/journal-000000.keel"
    let bytes = try Data(contentsOf: URL(fileURLWithPath: segment))
    var cuts = 0
    var random = SeededGenerator(seed: 3)
    for _ in 0..<25 {
      let length = Int.random(in: bytes.count * 3 / 4..<bytes.count, using: &random) & ~7
      let cut = fixture.journalPath()
      try FileManager.default.createDirectory(atPath: cut, withIntermediateDirectories: true)
      try (bytes[..<length] + Data(count: 4_096)).write(
        to: URL(fileURLWithPath: "\(cut)/journal-000000.keel"))
      let recovered = try Recovery.run(directory: cut)
      if recovered.cutRecords > 0 { cuts += 1 }
      #expect(recovered.turns <= 151 && recovered.turns > 75)
    }
    #expect(cuts > 0)
  }

  @Test func snapshotsAreKeptEverySoManyTurnsAndAtTheEnd() throws {
    let fixture = try SessionFixture()
    let path = fixture.journalPath()
    var options = SessionOptions(
      storeDirectory: fixture.folder.file("store"), journalDirectory: path)
    options.snapshotEveryTurns = 50
    let session = try Session.make(try fixture.configuration(), options) { _, _, _ in }
    func newest() throws -> Snapshot? {
      try SnapshotStore(directory: path).newest(session: session.nonce).snapshot
    }
    try session.run(turns: 45)
    #expect(try newest() == nil)
    try session.run(turns: 175)
    let last = try #require(try newest())
    #expect(try Recovery.run(directory: path).turns == Int(session.turns) % 50)
    try session.finish()
    #expect(try newest()?.sequence ?? 0 > last.sequence)
    let recovered = try Recovery.run(directory: path)
    #expect(recovered.turns == 0)
    #expect(try recovered.state == Recovery.run(directory: path, snapshots: []).state)
  }
}

extension Recovery {
  mutating func snapshotBytes() -> [UInt8] {
    var codec = SnapshotCodec()
    codec.value(&facts)
    kernel.snapshot(into: &codec)
    codec.finish()
    return Array(codec.bytes)
  }
}
