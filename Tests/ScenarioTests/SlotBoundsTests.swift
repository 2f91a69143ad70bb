import PluginABI
import Sessions
import TestSupport
import Testing

/// A slot's code stays inside what the slot is configured for.
@Suite struct SlotBoundsTests {
  @Test func aSlotTradesItsOwnInstruments() throws {
    let fixture = try SessionFixture()
    let session = try fixture.session(journal: fixture.journalPath())
    let stranger = try CPluginCompiler.compile("Tests/Fixtures/GoodPlugins/stranger.c")
    _ = try session.swap("watch", to: stranger)
    try session.run(until: "it was refused") { session.tally(of: "watch").refusals > 0 }
    let tally = session.tally(of: "watch")
    #expect(tally.reasons == [KEEL_REASON_UNKNOWN_INSTRUMENT: 1])
    try session.finish()
  }
}
