import History
import Kernel
import PluginABI
import PluginBridge
import Testing

/// The kernel in a world that lies, forgets and repeats itself. KEEL_SIM_SEED picks one seed,
/// KEEL_SIM_TURNS how long it runs.
@Suite(.serialized) struct SimulatorTests {
  private static let turns = SimulatorRound.turns ?? 300

  @Test func theKernelEndsWithTheVenuesTruth() {
    if let seed = SimulatorRound.onlySeed {
      SimulatorRound.run(seed, turns: Self.turns)
      return
    }
    for seed in UInt64(1)...4 { SimulatorRound.run(seed, turns: Self.turns) }
    if let seed = SimulatorRound.commitSeed { SimulatorRound.run(seed, turns: Self.turns) }
  }

  /// A kernel that was built again goes on as the first one would have.
  @Test func restartsChangeNothing() throws {
    let seed = SimulatorRound.onlySeed ?? 5
    let one = try #require(SimulatorRound.run(seed, turns: Self.turns))
    let other = try #require(SimulatorRound.run(seed, turns: Self.turns, isRestarting: false))
    #expect(one.restartCount > 0 && other.restartCount == 0)
    #expect(one.host.hash.value == other.host.hash.value)
  }

  /// Equal seeds give equal effects, in this process or another; what a process brings of its own,
  /// such as the seed of its hash tables, reaches none of them.
  @Test func twoProcessesGiveOneHash() async throws {
    let here = try #require(SimulatorRound.run(6, turns: 200)).host.hash.value
    let next = try #require(SimulatorRound.run(7, turns: 200)).host.hash.value
    #expect(here != next)
    for _ in 0..<2 {
      let there = try await #require(
        processExitsWith: .success, observing: [\.standardOutputContent]
      ) {
        let simulator = try Simulator.run(seed: 6, turns: 200)
        print("hash \(simulator.host.hash.value) ends")
      }
      let said = String(decoding: there.standardOutputContent, as: UTF8.self)
      #expect(said.contains("hash \(here) ends"), "\(said)")
    }
  }

  /// Or the tests above prove less than they say.
  @Test func theSimulationsAreEventful() throws {
    var effects: [Int: Int] = [:]
    var refusals: [Int: Int] = [:]
    var refusedAmounts = 0
    var lateAnswers = 0
    for seed in UInt64(11)...14 {
      let simulator = try #require(SimulatorRound.run(seed, turns: 400))
      effects.merge(simulator.host.counts) { $0 + $1 }
      refusals.merge(simulator.host.refusals) { $0 + $1 }
      let counts = simulator.host.kernel.state.counts
      refusedAmounts += counts.refusedAmounts
      #expect(counts.duplicateFills > 20 && counts.unknownReports > 20)
      #expect(counts.externalFills > 0 && counts.externalOrders > 0)
      #expect(simulator.venue.executions.count > 10 && simulator.wire.faults > 10)
      #expect(simulator.oracle.duplicates > 20)
      lateAnswers += simulator.lateAnswers
    }
    let least = [
      KEEL_CMD_SUBMIT: 200, KEEL_CMD_AMEND: 15, KEEL_CMD_CANCEL: 80, KEEL_CMD_QUERY: 150,
      KEEL_REC_SLOT: 5,
    ]
    for (type, count) in least {
      #expect(effects[type, default: 0] > count, "records of type \(type)")
    }
    #expect(refusedAmounts > 0 && lateAnswers > 60)
    #expect(refusals.count > 15, "\(refusals.keys.map { ReasonText.name($0) }.sorted())")
  }
}
