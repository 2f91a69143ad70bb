import Foundation
import Storage
import PluginHost
import TestSupport
import Testing

@testable import Sessions

/// Swaps at many moments, and many swaps. KEEL_SOAK_SWAPS says how many.
@Suite struct SwapSoakTests {
  private static let asked = ProcessInfo.processInfo.environment["KEEL_SOAK_SWAPS"].flatMap(
    Int.init)

  /// One short recorded market; a swap begun at every turn of it, or at a seeded sample.
  @Test func soakSwapsAtEveryTurn() throws {
    let fixture = try SessionFixture()
    let tape = fixture.folder.file("short.tape")
    let recording = try fixture.session()
    recording.record(
      to: try TapeWriter(path: tape, instruments: recording.directory.instruments, created: 0))
    try recording.run(turns: 160)
    try recording.finish()

    let next = try SessionFixture.watcher(["VERSION": "\"2.0.0\""])
    let crossover = try BuiltProducts.library("SMACrossover2")
    var generator = SeededGenerator(seed: 11)
    var starts = Array(0..<130)
    if (Self.asked ?? 0) < starts.count {
      starts = Array(starts.shuffled(using: &generator).prefix(Swift.max(Self.asked ?? 0, 12)))
    }
    for start in starts {
      let journal = fixture.journalPath()
      let session = try fixture.session(tape: tape, journal: journal)
      try session.run(turns: start)
      try session.beginSwap(
        slot: "watch", to: .path(next), options: .brief(shadow: 3, probation: 4))
      try session.beginSwap(
        slot: "trend", to: .path(crossover), options: .brief(shadow: 2, probation: 5))
      try session.run(turns: 1_000)
      let facts = try session.watched()
      #expect(session.outcome(0) == .confirmed && session.outcome(1) == .confirmed, "at \(start)")
      try session.finish()
      let given = try WatcherFacts(journal: journal, instrument: 1)
      #expect(facts.records == given.records && facts.sum == given.sum, "at \(start)")
      try JournalFacts.expectReplay(journal)
      try FileManager.default.removeItem(atPath: journal)
    }
    #expect(fixture.errors == [])
  }

  /// Two builds in turn in one session: what is resident does not grow, and no order is lost.
  @Test func soakManySwapsKeepTheOrderAndTheMemory() throws {
    let fixture = try SessionFixture()
    let journal = fixture.journalPath()
    let session = try fixture.session(journal: journal) { text in
      text = text.replacingOccurrences(of: "\"events\": 30000", with: "\"events\": 1000000")
    }
    let builds = [
      try SessionFixture.watcher(["VERSION": "\"2.0.0\""]), try SessionFixture.watcher(),
    ]
    try session.runUntilOrderRests("watch")
    let resting = session.restingOrderIDs("watch")
    let swaps = Self.asked ?? 200
    var resident = 0
    for index in 0..<swaps {
      let report = try session.swap("watch", to: builds[index % 2], .brief(shadow: 1, probation: 1))
      #expect(report.outcome == .confirmed && report.pauseNanoseconds != nil)
      if index == 20 { resident = try Self.residentKilobytes() }
    }
    #expect(session.generation(of: "watch") == UInt32(swaps + 1))
    #expect(session.restingOrderIDs("watch") == resting)
    #expect(session.registry.builds.count == 5)
    let grown = try Self.residentKilobytes() - resident
    #expect(grown < 32 * 1_024 + 64 * swaps, "\(grown) KiB more after \(swaps) swaps")
    let facts = try session.watched()
    try session.finish()
    #expect(fixture.errors == [])
    let given = try WatcherFacts(journal: journal, instrument: 1)
    #expect(facts.records == given.records && facts.sum == given.sum)
    try JournalFacts.expectReplay(journal)
  }

  /// Builds that differ stay mapped until the host ends, so their number is bounded.
  @Test func residentBuildsAreBounded() throws {
    let fixture = try SessionFixture()
    let session = try fixture.session { text in
      text = text.replacingOccurrences(
        of: "\"trust\": \"unsigned\"", with: "\"trust\": \"unsigned\", \"residentMax\": 5")
    }
    try session.run(turns: 20)
    let second = try SessionFixture.watcher(["VERSION": "\"2.0.0\""])
    #expect(try session.swap("watch", to: second).outcome == .confirmed)
    #expect(throws: SessionError.self) {
      try session.beginSwap(
        slot: "watch", to: .path(try SessionFixture.watcher(["VERSION": "\"3.0.0\""])))
    }
    // What is there already needs no new place.
    #expect(try session.swap("watch", to: try SessionFixture.watcher()).outcome == .confirmed)
    try session.finish()
  }

  private static func residentKilobytes() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("RssAnon:") })
    return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) })
  }
}
