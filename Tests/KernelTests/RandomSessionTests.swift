import Kernel
import PluginABI
import PluginBridge
import TestSupport
import Testing

/// Thousands of events: the ledger stays exact, equal inputs give equal bytes, and what was
/// recorded replays to the same.
@Suite struct RandomSessionTests {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func equityIsExactAfterEveryEvent(_ seed: UInt64) {
    var session = RandomSession(seed: seed)
    for _ in 0..<2_000 { session.step() }
    #expect(session.scenario.orderIDs.count > 150)
    #expect(session.scenario.kernel.state.counts.duplicateFills > 20)
    #expect(session.scenario.kernel.state.turns > 2_000)
  }

  @Test func equalInputsGiveEqualBytes() {
    var one = RandomSession(seed: 9)
    var other = RandomSession(seed: 9)
    for _ in 0..<500 {
      one.step()
      other.step()
    }
    #expect(one.scenario.produced == other.scenario.produced)
    var third = RandomSession(seed: 10)
    for _ in 0..<500 { third.step() }
    #expect(one.scenario.produced != third.scenario.produced)
  }

  @Test(arguments: [4, 5] as [UInt64])
  func recordedAnswersReplayToTheSameBytes(_ seed: UInt64) {
    var session = RandomSession(seed: seed)
    for _ in 0..<1_000 { session.step() }
    let replayed = KernelScenario(replaying: session.scenario)
    #expect(replayed.produced == session.scenario.produced)
    #expect(replayed.kernel.sequence == session.scenario.kernel.sequence)
    for asset in UInt32(0)..<8 {
      let asset = String(asset)
      #expect(replayed.ask("cash", [asset]) == session.scenario.ask("cash", [asset]))
    }
  }

  /// Swaps happened, faults and rollbacks too, or the sessions above prove less than they say.
  @Test func theSessionsAreEventful() {
    var session = RandomSession(seed: 4)
    for _ in 0..<1_000 { session.step() }
    var causes: Set<UInt32> = []
    for effects in session.scenario.produced {
      effects.withRecords { records in
        for record in records where record.type == KEEL_REC_SLOT {
          if let raw = record.cast(to: keel_rec_slot.self) { causes.insert(raw.pointee.cause) }
        }
      }
    }
    #expect(causes.isSuperset(of: [UInt32(KEEL_SLOT_FAULT), UInt32(KEEL_SLOT_ROLLED_BACK)]))
    #expect(session.scenario.kernel.slots[2].generation > 10)
  }
}
