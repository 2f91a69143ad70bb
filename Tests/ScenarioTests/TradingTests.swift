import Foundation
import PluginABI
import Storage
import TestSupport
import JSON
import Testing

@testable import Sessions

/// A session from its first event to its last, without a swap.
@Suite struct TradingTests {
  static let turns = 1_500

  @Test func ordersFillsAndPositionsAgree() throws {
    let fixture = try SessionFixture()
    let journal = fixture.journalPath()
    let session = try fixture.session(journal: journal)
    try session.run(turns: Self.turns)
    let facts = try session.watched()
    #expect(facts.batches == session.batches(of: "watch"))
    try session.finish()
    #expect(fixture.errors == [])

    let trend = session.tally(of: "trend")
    let watch = session.tally(of: "watch")
    let momentum = session.tally(of: "momentum")
    #expect(momentum.signals > 100)
    #expect(trend.orders > 20 && trend.fills > 5)
    #expect(watch.orders > 5 && watch.fills > 5)

    let report = try JournalFacts.expectReplay(journal)
    #expect(report.orders == trend.orders + watch.orders)
    #expect(report.fills == trend.fills + watch.fills)
    #expect(report.turns == Int(session.turns))
    #expect(report.openOrders == session.openOrderCount)
    let given = try WatcherFacts(journal: journal, instrument: 1)
    #expect(facts.records == given.records && facts.sum == given.sum)
  }

  @Test func equalConfigurationsWriteEqualBytes() throws {
    func run() throws -> (bytes: [UInt8], status: String) {
      let fixture = try SessionFixture()
      let journal = fixture.journalPath()
      let session = try fixture.session(journal: journal)
      try session.run(turns: 600)
      try session.finish()
      return (try Self.bytes(of: journal), session.status()["cash"]?.text() ?? "")
    }
    let first = try run()
    let second = try run()
    #expect(first.bytes.count > 100_000)
    #expect(first.bytes == second.bytes)
    #expect(first.status == second.status)
  }

  @Test func anotherSeedIsAnotherSession() throws {
    let fixture = try SessionFixture()
    let journals = [fixture.journalPath(), fixture.journalPath()]
    for (journal, seed) in zip(journals, ["7", "9"]) {
      let session = try fixture.session(journal: journal) { text in
        text = text.replacingOccurrences(of: "\"seed\": 7", with: "\"seed\": \(seed)")
      }
      try session.run(turns: 300)
      try session.finish()
    }
    #expect(try JournalFacts(journals[0]) != JournalFacts(journals[1]))
  }

  @Test func aRecordedTapeGivesTheSameOrders() throws {
    let fixture = try SessionFixture()
    let tape = fixture.folder.file("day.tape")
    let recorded = fixture.journalPath()
    let session = try fixture.session(journal: recorded)
    session.record(
      to: try TapeWriter(path: tape, instruments: session.directory.instruments, created: 0))
    try session.run(turns: 800)
    try session.finish()

    let replayed = fixture.journalPath()
    let again = try fixture.session(tape: tape, journal: replayed)
    try again.run(turns: 5_000)
    try again.finish()
    let facts = try JournalFacts(recorded)
    #expect(facts.orders.count > 20)
    #expect(try JournalFacts(replayed) == facts)
    #expect(again.eventCount == session.eventCount)

    let plugged = try runThroughPlugin(fixture, tape)
    #expect(plugged == facts)
    try JournalFacts.expectReplay(replayed)
  }

  /// The same tape, read by the data provider in C.
  private func runThroughPlugin(_ fixture: SessionFixture, _ tape: String) throws -> JournalFacts {
    let library = try CPluginCompiler.compile("Plugins/DataProviders/TapeReplay/tape_replay.c")
    try FileManager.default.copyItem(
      atPath: library, toPath: fixture.folder.file("plugins/tape_replay.so"))
    let journal = fixture.journalPath()
    let session = try fixture.session(journal: journal) { text in
      let start = text.range(of: "\"data\": [")!.upperBound
      let end = text.range(of: "],\n  \"venues\"")!.lowerBound
      text.replaceSubrange(
        start..<end,
        with: """
          { "name": "tape", "plugin": "dev.keel.tape-replay",
            "instruments": ["BTCUSDT", "ETHUSDT"], "parameters": { "path": "\(tape)" } }
          """)
    }
    try session.run(turns: 5_000)
    try session.finish()
    return try JournalFacts(journal)
  }

  /// More slots than a kernel has by default: a replay makes room for what the journal names.
  @Test func aSessionOfManySlotsReplays() throws {
    let fixture = try SessionFixture()
    let journal = fixture.journalPath()
    let session = try fixture.session(journal: journal) { text in
      let more = (1...62).map {
        #", { "name": "more\#($0)", "plugin": "test.watcher", "instruments": ["ETHUSDT"] }"#
      }
      let first = #""plugin": "test.watcher", "instruments": ["ETHUSDT"] }"#
      text = text.replacingOccurrences(of: first, with: first + more.joined())
      // Sixty-two slots on one instrument are more than one account may hold.
      text = text.replacingOccurrences(of: "\"systematic\"", with: "\"research\"")
    }
    try session.run(turns: 60)
    #expect(session.tally(of: "more62").orders > 0)
    try session.finish()
    try JournalFacts.expectReplay(journal)
  }

  static func bytes(of journal: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for name in try FileManager.default.contentsOfDirectory(atPath: journal).sorted() {
      bytes += try TemporaryDirectory.bytes(of: "\(journal)/\(name)")
    }
    return bytes
  }
}
