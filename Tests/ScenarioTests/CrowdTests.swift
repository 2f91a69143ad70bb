import Foundation
import PluginHost
import Sessions
import TestSupport
import Testing

/// Many orders at once: the venue's word on each reaches its order, however many turns that takes.
@Suite struct CrowdTests {
  @Test func everyFillAndEveryCancelIsTold() throws {
    let fixture = try SessionFixture()
    let journal = fixture.journalPath()
    let crowd = try CPluginCompiler.compile("Tests/Fixtures/GoodPlugins/crowd.c")
    let session = try fixture.session(journal: journal) {
      $0 = $0.replacingOccurrences(of: "\"systematic\"", with: "\"research\"")
        .replacingOccurrences(of: "\"notionalMinimum\": \"5\"", with: "\"notionalMinimum\": \"0\"")
    }
    var options = SwapOptions()
    options.shadowBatches = 0
    options.probationBatches = 0
    options.orders = .adopt
    _ = try session.swap("watch", to: crowd, options)
    try session.run(until: "the market orders are filled") {
      session.tally(of: "watch").fills >= 300
    }
    try session.run(until: "the resting orders are placed") {
      session.openOrderIDs(slot: "watch").count >= 900
    }
    try session.run(until: "all are cancelled") { session.openOrderIDs(slot: "watch").isEmpty }
    try session.finish()
    try JournalFacts.expectReplay(journal)
  }
}
