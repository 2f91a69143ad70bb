import Configuration
import Foundation
import PluginHost
import TestSupport
import Testing

@testable import Sessions

/// Slots whose code runs in workers because of where it came from, or because its bundle asks.
@Suite struct ConfinedSessionTests {
  private let fixture: SessionFixture

  /// The watcher lies among strangers' code.
  init() throws {
    fixture = try SessionFixture()
    let folder = fixture.folder
    try FileManager.default.createDirectory(
      atPath: folder.file("strange"), withIntermediateDirectories: true)
    try FileManager.default.moveItem(
      atPath: folder.file("plugins/watcher.so"), toPath: folder.file("strange/watcher.so"))
  }

  private static func directories(_ text: inout String) {
    text = text.replacingOccurrences(
      of: "[\"plugins\"]",
      with: "[\"plugins\", { \"path\": \"strange\", \"policy\": \"workers\" }]")
  }

  /// What stands in the slot `watch`, beside its plugin.
  private static func slot(_ words: String) -> (inout String) -> Void {
    { text in
      directories(&text)
      text = text.replacingOccurrences(
        of: "{ \"name\": \"watch\", ", with: "{ \"name\": \"watch\", \(words), ")
    }
  }

  private func place(_ version: String) throws -> String {
    let library = try TemporaryDirectory.bytes(
      of: SessionFixture.watcher(["VERSION": "\"\(version)\""]))
    return try fixture.folder.write("strange/watcher-\(version).so", library)
  }

  private func live(_ session: Session, _ slot: String = "watch") throws -> PluginInstance {
    try #require(session.slots.first { $0.name == slot }).live
  }

  /// Of all that this session ever loaded from strangers.
  private func isAnyMapped(_ session: Session) throws -> Bool {
    let maps = String(
      decoding: try TemporaryDirectory.bytes(of: "/proc/self/maps"), as: UTF8.self)
    return session.registry.builds.contains {
      $0.standing.confinement != nil && maps.contains($0.storedPath)
    }
  }

  @Test func withoutAWordTheOriginDecides() throws {
    let journal = fixture.journalPath()
    let session = try fixture.session(journal: journal, Self.directories)
    #expect(try live(session).placement.isWorker && !live(session, "trend").placement.isWorker)
    try session.run(turns: 200)
    #expect(session.tally(of: "watch").orders > 0)
    #expect(try !isAnyMapped(session))
    try session.finish()
    #expect(fixture.errors == [])
    try JournalFacts.expectReplay(journal)
  }

  @Test func guardWrittenOutIsAnErrorWithItsPlace() throws {
    let error = #expect(throws: SessionError.self) {
      try fixture.session(Self.slot("\"isolation\": \"guard\""))
    }
    #expect(error?.subject == "strategies[1].isolation")
    #expect(error?.message.hasPrefix("\"guard\" is not for this code: the policy of") == true)
    #expect(error?.remedy == "write \"process\", or leave it out")
  }

  @Test func aProviderOfStrangersIsRefused() throws {
    let folder = fixture.folder
    try FileManager.default.moveItem(
      atPath: folder.file("plugins/SyntheticMarket.so"), toPath: folder.file("strange/market.so"))
    let error = #expect(throws: SessionError.self) { try fixture.session(Self.directories) }
    #expect(error?.message.contains("runs in worker processes alone") == true)
  }

  /// By its path, by its id from what is on offer, and for a slot that says "guard".
  @Test(arguments: ["path", "offer", "guard"])
  func aSwapPlacesItInAWorkerByItself(_ way: String) throws {
    let trusted = try SessionFixture.watcher()
    try FileManager.default.removeItem(atPath: fixture.folder.file("strange/watcher.so"))
    try fixture.folder.write("plugins/watcher.so", TemporaryDirectory.bytes(of: trusted))
    let session = try fixture.session(
      journal: fixture.journalPath(),
      way == "guard" ? Self.slot("\"isolation\": \"guard\"") : Self.directories)
    try session.run(turns: 50)
    #expect(try !live(session).placement.isWorker)
    let path = try place("2.0.0")
    if way == "offer" {
      _ = session.registry.offer(path: path)
      try session.beginSwap(
        slot: "watch", to: PluginReference("test.watcher@2.0.0"), options: .brief(),
        probe: { _ in PluginHostError(.probe, "it", "was probed", remedy: "do not") })
      try session.runUntilSwapEnds("watch")
    } else {
      _ = try session.swap("watch", to: path)
    }
    #expect(session.lastSwap.outcome == .confirmed && session.version(of: "watch") == "2.0.0")
    #expect(try live(session).placement.isWorker && !isAnyMapped(session))
    let steps = session.lastSwap.steps.map(\.detail)
    #expect(steps.contains { $0.hasPrefix("it runs in a worker process: the policy of") })
    // Back to code that is trusted, the slot's own word counts again.
    let next = try SessionFixture.watcher(["VERSION": "\"3.0.0\""])
    _ = try session.swap("watch", to: next)
    #expect(try !live(session).placement.isWorker && session.version(of: "watch") == "3.0.0")
    try session.finish()
  }

  @Test func aSwapIntoTheHostIsRefused() throws {
    let session = try fixture.session(Self.directories)
    try session.run(turns: 20)
    var options = SwapOptions.brief()
    options.placement = .inHost
    let path = try place("2.0.0")
    let error = #expect(throws: SessionError.self) {
      try session.beginSwap(slot: "watch", to: .path(path), options: options)
    }
    #expect(error?.message.hasPrefix("this code does not run in the host") == true)
    #expect(session.swapCount == 0 && !session.isSwapping(slot: "watch"))
  }

  @Test func aRestartStaysInAWorker() throws {
    let session = try fixture.session(journal: fixture.journalPath(), Self.directories)
    try session.run(turns: 60)
    kill(try #require(try live(session).workerID), SIGKILL)
    try session.run(until: "parked") { session.isParked("watch") }
    try session.run(until: "started again") { !session.isParked("watch") }
    #expect(try live(session).placement.isWorker && !isAnyMapped(session))
    try session.finish()
  }
}
