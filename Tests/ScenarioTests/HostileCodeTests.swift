import Foundation
import History
import Market
import PluginHost
import TestSupport
import Testing

@testable import Sessions

/// All of the corpus, one after the other, in one slot of one session: whatever it does, the host,
/// the other slots and the journal are what they were.
@Suite(.serialized) struct HostileCodeTests {
  private let fixture: SessionFixture

  init() throws { fixture = try SessionFixture() }

  private func session(_ journal: String, _ place: SwapPlacement) throws -> Session {
    let isolation =
      place == .inHost
      ? ""
      : """
      "isolation": "process", "worker":
        { "deadlineMilliseconds": 2000, "memoryMegabytes": 64, "restarts": 0 },
      """
    try FileManager.default.copyItem(
      atPath: try HostileCode.build(""), toPath: fixture.folder.file("plugins/subject.so"))
    return try fixture.session(journal: journal, isPaced: true) { text in
      text = text.replacingOccurrences(
        of: "{ \"name\": \"watch\",",
        with: """
          { "name": "subject", \(isolation) "plugin": "test.checked", "instruments": ["BTCUSDT"] },
          { "name": "watch",
          """)
    }
  }

  @Sendable private static func probe(_ path: String) -> PluginHostError? {
    do throws(PluginHostError) {
      guard let keel = try? BuiltProducts.keel else { return nil }
      _ = try PluginProbe.run(
        executable: keel, arguments: ["plugin", "probe", path], timeout: .seconds(2))
      return nil
    } catch { return error }
  }

  /// How a swap ended, and all that was said of it.
  private func swap(
    _ session: Session, to path: String, _ options: SwapOptions
  ) throws -> (outcome: String, said: String) {
    let known = fixture.errors.count
    do throws(SessionError) {
      try session.beginSwap(
        slot: "subject", to: .path(path), options: options, probe: Self.probe)
    } catch { return ("throws", error.message) }
    var turns = 0
    while session.isSwapping(slot: "subject") || turns < 50 {
      turns += 1
      let goesOn = try session.step()
      try #require(goesOn && turns < 2_000)
    }
    session.checkInvariants()
    let report = session.lastSwap
    let thefts = PluginInstance.takeTheft().map { "handler of \($0) while it ran" }
    let said =
      fixture.errors.dropFirst(known) + report.steps.map(\.detail) + [thefts].compactMap(\.self)
    return (report.outcome.rawValue, said.joined(separator: "\n"))
  }

  @Test(arguments: [SwapPlacement.inHost, .process])
  func nobodyElseIsDisturbed(_ place: SwapPlacement) throws {
    let journal = fixture.journalPath()
    let session = try session(journal, place)
    let sound = try HostileCode.build("")
    var kind = SwapOptions.brief()
    kind.placement = place
    var tried = 0
    try session.runUntilOrderRests("watch")
    for code in HostileCode.corpus {
      guard let wish = code.ending(place == .process ? "process" : "guard") else { continue }
      tried += 1
      let before = session.tally(of: "subject").reasons
      let ending = try swap(session, to: HostileCode.build(code.source), kind)
      #expect(ending.outcome == wish.outcome, "\(code.name): \(ending)")
      #expect(wish.words.map(ending.said.contains) ?? true, "\(code.name): \(ending)")
      if let refusal = code.refusal {
        let after = session.tally(of: "subject").reasons
        let names = after.filter { $0.value > before[$0.key] ?? 0 }.map { ReasonText.name($0.key) }
        #expect(names.contains(refusal), "\(code.name): \(names)")
      }
      guard ending.outcome == "confirmed" else { continue }
      var back = SwapOptions.brief()
      back.saveBudget = .milliseconds(100)
      let away = try swap(session, to: sound, back)
      let outcome = code.parksItsSlot ? "parked" : "confirmed"
      #expect(away.outcome == outcome, "leaving \(code.name): \(away)")
      if code.parksItsSlot {
        let again = try swap(session, to: sound, back)
        #expect(again.outcome == "confirmed", "after \(code.name): \(again)")
      }
      #expect(code.leaving.map(away.said.contains) ?? true, "leaving \(code.name): \(away)")
    }
    #expect(tried > 25)
    #expect(session.tally(of: "trend").orders > 10)
    try expectOthersWhole(session, journal)
  }

  private func expectOthersWhole(_ session: Session, _ journal: String) throws {
    let facts = try session.watched()
    let parked = session.isParked("watch") || session.isParked("trend")
    #expect(!parked)
    try session.finish()
    let given = try WatcherFacts(journal: journal, instrument: 1)
    #expect(facts.records == given.records && facts.sum == given.sum)
    #expect(!fixture.errors.contains { $0.hasPrefix("watch") || $0.hasPrefix("trend") })
    try JournalFacts.expectReplay(journal)
  }
}
