import Foundation
import JSON
import Kernel
import Storage
import TestSupport
import Testing

@testable import Sessions

/// Other code beside a recorded session, and what else `keel journal` learned.
@Suite struct JournalTrialTests {
  private let fixture: SessionFixture
  private var folder: TemporaryDirectory { fixture.folder }

  /// The session that all of them look at, recorded once.
  private static let recorded = Result { () throws -> TemporaryDirectory in
    let folder = try SessionFixture().folder
    let words = ["backtest", "--events", "1200", "--journal", "a.journal"]
    let run = try SpawnedKeel.run(words, in: folder)
    try #require(run.status == 0, "\(run.errors)")
    return folder
  }

  init() throws {
    fixture = try SessionFixture()
    try FileManager.default.copyItem(
      atPath: try Self.recorded.get().file("a.journal"), toPath: folder.file("a.journal"))
  }

  private func keel(_ arguments: String...) throws -> SpawnedKeel.Outcome {
    try SpawnedKeel.run(arguments, in: folder)
  }

  private func trial(_ plugin: String, slot: String, _ more: String...) throws
    -> SpawnedKeel.Outcome
  {
    try SpawnedKeel.run(
      ["journal", "replay", "a.journal", "--candidate", plugin, "--slot", slot] + more, in: folder)
  }

  @Test(arguments: [
    ("dev.keel.sma-crossover@1.0.0", "trend"), ("dev.keel.momentum", "momentum"),
  ]) func theSameCodeAnswersAlike(_ plugin: String, _ slot: String) throws {
    let answer = try trial(plugin, slot: slot, "--json")
    #expect(answer.status == 0, "\(answer.output) \(answer.errors)")
    let json = try answer.json
    #expect(json["isEqual"]?.bool == true && json["differentTurns"]?.integer == 0)
    #expect(json["equalTurns"]?.integer ?? 0 > 200)
    #expect(json["intents"]?["recorded"] == json["intents"]?["candidate"])
    #expect(json["intents"]?["recorded"]?.integer ?? 0 > 3)
    #expect(json["differences"]?.elements?.isEmpty == true)
  }

  @Test func otherCodeShowsWhereItDiffers() throws {
    let name = "dev.keel.sma-crossover"
    let answer = try trial(name, slot: "trend", "--set", "quantity=0.06", "--limit", "2", "--json")
    #expect(answer.status == 1, "\(answer.errors)")
    let json = try answer.json
    let differences = try #require(json["differences"]?.elements)
    #expect(differences.count == 2 && json["differentTurns"]?.integer ?? 0 > 2)
    #expect(json["equalTurns"]?.integer ?? 0 > 200)
    let (recorded, candidate) = (differences[0]["recorded"]?[0], differences[0]["candidate"]?[0])
    #expect(recorded?.string?.contains("0.05") == true, "\(differences[0])")
    #expect(candidate?.string?.contains("0.06") == true, "\(differences[0])")
    #expect(candidate?.string?.contains("BTCUSDT") == true)
    #expect((differences[0]["turn"]?.integer ?? 0) < (differences[1]["turn"]?.integer ?? 0))
    let text = try trial(name, slot: "trend", "--set", "quantity=0.06", "--limit", "1")
    #expect(text.output.contains("candidate: ") && text.output.contains("(--limit)"))
  }

  @Test func codeThatFailsIsNamed() throws {
    let path = try SessionFixture.watcher(["TRAP_MODE": "KEEL_SHADOW", "TRAP_AT": "30"])
    let answer = try trial(path, slot: "watch", "--json")
    #expect(answer.status == 1, "\(answer.errors)")
    #expect(try answer.json["fault"]?["turn"]?.integer ?? 0 >= 30)
  }

  /// A swap in the recording: whoever decided, the candidate is given what the slot was given.
  @Test func aRecordedSwapIsNotInTheWay() throws {
    let journal = fixture.journalPath()
    let session = try fixture.session(journal: journal)
    try session.run(turns: 100)
    let next = try SessionFixture.watcher(["VERSION": "\"2.0.0\""])
    #expect(try session.swap("watch", to: next).outcome == .confirmed)
    try session.run(turns: 100)
    let batches = session.batches(of: "watch")
    try session.finish()
    let slot = try RecordedSlot(named: "watch", in: journal)
    let trial = try CandidateTrial.make(
      .path(next), in: slot, of: try fixture.configuration(), storeDirectory: folder.file("store"),
      given: [], differencesMax: 5, probe: { _ in nil }, log: { _, text in Issue.record("\(text)") }
    )
    let report = try JournalReplay.run(directory: journal, trial: trial)
    #expect(report.difference == nil && trial.fault == nil)
    #expect(UInt64(trial.equalTurns + trial.differentTurns) == batches)
    #expect(trial.candidate.intents > 1)
    trial.finish()
  }

  @Test(arguments: [
    ("--candidate none.so --slot trend", 1, "none.so"),
    ("--candidate dev.keel.none --slot trend", 3, "dev.keel.none"),
    ("--candidate dev.keel.sma-crossover --slot tren", 1, "\"trend\""),
    ("--candidate dev.keel.sma-crossover", 2, "--slot"), ("--slot trend", 2, "--candidate"),
    ("--candidate dev.keel.sma-crossover --slot trend --set fats=3", 3, "fats"),
    ("--candidate dev.keel.sma-crossover --slot trend --config none.json", 3, "none.json"),
  ]) func whatCannotBeTriedSaysWhy(_ line: String, _ status: Int32, _ named: String) throws {
    let words = ["journal", "replay", "a.journal"] + line.split(separator: " ").map(String.init)
    let answer = try SpawnedKeel.run(words, in: folder)
    #expect(answer.status == status && answer.errors.contains(named), "\(answer.errors)")
  }

  // MARK: seals

  @Test func theHeadOfAJournalIsExpected() throws {
    let verified = try keel("journal", "verify", "a.journal", "--json").json
    let head = try #require(verified["head"]?.string)
    #expect(head.count == 64 && verified["unsealedBytes"]?.integer == 0)
    #expect(verified["sealedBytes"]?.integer ?? 0 > 10_000)
    #expect(try keel("journal", "verify", "a.journal", "--expect", head).status == 0)
    let other = String(head.dropLast()) + (head.hasSuffix("0") ? "1" : "0")
    let refused = try keel("journal", "verify", "a.journal", "--expect", other)
    #expect(refused.status == 1 && refused.errors.contains(head), "\(refused.errors)")
    #expect(try keel("journal", "verify", "a.journal", "--expect", "abc").status == 2)
  }

  /// A block's value stays that block's while the journal grows.
  @Test func anEarlierHeadIsKnown() throws {
    let options = JournalOptions(segmentBytes: 128 << 10, hasThread: false)
    let journal = fixture.journalPath()
    let session = try fixture.session(journal: journal, writing: options)
    try session.run(turns: 1_500)
    let early = try JournalChain.verify(directory: journal)
    try session.run(turns: 1_500)
    try session.finish()
    let late = try JournalChain.verify(directory: journal, expecting: early.head)
    #expect(early.segments > 1 && early.head != late.head)
    #expect(late.mismatch == nil && late.holdsExpected)
    #expect(try keel("journal", "verify", journal, "--expect", "\(early.head)").status == 0)
  }

  @Test func whatWasSealedAndIsAnotherNowIsNamed() throws {
    let seal = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("a.journal"))
        .first { $0.hasSuffix(".seal") })
    var bytes = try TemporaryDirectory.bytes(of: folder.file("a.journal/\(seal)"))
    bytes[bytes.count - 1] ^= 1
    try folder.write("a.journal/\(seal)", bytes)
    let answer = try keel("journal", "verify", "a.journal")
    #expect(answer.status == 1 && answer.errors.contains("bytes"), "\(answer.errors)")
    #expect(answer.errors.contains("not what was sealed"))
  }

  // MARK: pruning

  @Test func onlyWhatASnapshotMakesNeedlessIsPruned() throws {
    let options = JournalOptions(segmentBytes: 128 << 10, hasThread: false)
    let journal = fixture.journalPath()
    let session = try fixture.session(journal: journal, writing: options)
    try session.run(turns: 3_000)
    let position = try #require(session.journal?.position)
    let sequence = session.kernel.sequence
    try session.run(turns: 10)
    try session.finish()
    let segments = try JournalChain.verify(directory: journal).segments
    try #require(position.segment >= 2)
    let without = try keel("journal", "prune", journal, "--json").json
    #expect(without["removed"]?.elements?.isEmpty == true)
    try SnapshotStore(directory: journal).write(
      Snapshot(
        session: try JournalReader(directory: journal).session, sequence: sequence,
        position: position, schema: 1, content: [1]))
    let dry = try keel("journal", "prune", journal, "--dry-run", "--json").json
    #expect(dry["removed"]?.elements?.count == position.segment)
    #expect(try JournalChain.verify(directory: journal).segments == segments)
    let kept = try keel("journal", "prune", journal, "--keep-days", "1", "--json").json
    #expect(kept["removed"]?.elements?.isEmpty == true)
    let pruned = try keel("journal", "prune", journal)
    #expect(pruned.status == 0 && pruned.output.contains("removed"), "\(pruned.output)")
    #expect(try JournalChain.verify(directory: journal).segments == segments - position.segment)
    #expect(try keel("journal", "verify", journal).status == 0)
    #expect(try keel("journal", "prune", "none").status == 1)
  }
}
