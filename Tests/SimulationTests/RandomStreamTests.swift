import Market
import PluginBridge
import Simulation
import TestSupport
import Testing

/// The venue against the obvious one, on random streams of every source and every kind of order.
@Suite struct RandomStreamTests {
  enum Source: CaseIterable { case quotes, books, trades, bars, mixed }

  @Test(arguments: Source.allCases, [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func theVenueDoesTheObvious(_ source: Source, _ seed: UInt64) {
    for selfTrade: VenueModel.SelfTrade in [
      .ignore, .cancelNewest, .cancelOldest, .cancelBoth, .decrement,
    ] {
      var model = VenueModel()
      model.selfTrade = selfTrade
      model.queue = QueueModel(seed % 2 == 0 ? .front : .riskAverse)
      model.barPath = seed % 3 == 0 ? .pessimistic : .nearestFirst
      let latency = seed % 4 < 2 ? 0 : 7
      model.orderLatency = .constant(Nanoseconds(Int64(latency)))
      var stream = RandomStream(seed: seed, source, model, latency: latency)
      var reported = 0
      for _ in 0..<600 {
        let step = stream.step()
        if step.venue != "nothing" { reported += 1 }
        guard step.venue == step.obvious else {
          Issue.record("\(selfTrade) \(step.text): \(step.venue), not \(step.obvious)")
          return
        }
      }
      #expect(reported > 120)
      #expect(Set(stream.venue.executions).count == stream.venue.executions.count)
    }
  }

  @Test func equalModelsAndStreamsGiveEqualBytes() {
    func bytes() -> [UInt8] {
      var model = VenueModel()
      model.seed = 9
      model.orderLatency = .logNormal(median: Nanoseconds(5), deviation: 0.5, most: Nanoseconds(50))
      model.reportLatency = .normal(
        mean: Nanoseconds(4), deviation: Nanoseconds(2), least: .zero, most: Nanoseconds(9))
      model.faults = FaultModel(rejectsPerMillion: 50_000, lossesPerMillion: 50_000)
      model.queue = QueueModel(.logProbability)
      var stream = RandomStream(seed: 3, .mixed, model, latency: 0)
      var all: [UInt8] = []
      for _ in 0..<2_000 {
        _ = stream.step()
        all += Array(stream.venue.reports.bytes)
      }
      return all
    }
    let first = bytes()
    #expect(first.count > 10_000)
    #expect(first == bytes())
  }
}
