import Market
import MarketHistory
import PluginABI
import PluginBridge
import Simulation
import TestSupport
import Testing

private typealias Statistics = InventedTapeStatistics

/// What a market of regimes is like, measured.
@Suite struct RegimeMarketTests {
  private static let long = InventedTape(.regimes, seed: 11, records: 80_000)

  @Test func theSameSeedIsTheSameBytesAndAnotherIsNot() {
    for model in InventedMarket.Model.allCases {
      let first = InventedTape(model, seed: 4, records: 3_000, instruments: 3)
      #expect(first.bytes == InventedTape(model, seed: 4, records: 3_000, instruments: 3).bytes)
      #expect(first.bytes != InventedTape(model, seed: 5, records: 3_000, instruments: 3).bytes)
    }
  }

  /// A change of the model shows here, and so does a machine that computes otherwise.
  @Test func theBytesAreThoseOfEveryMachine() {
    func hash(_ model: InventedMarket.Model) -> UInt64 {
      var hash = FNV1a()
      InventedTape(model, seed: 7, records: 2_000, instruments: 2) { $0.correlation = 0.5 }
        .bytes.withBytes { hash.add(contentsOf: $0) }
      return hash.value
    }
    #expect(hash(.regimes) == 12_772_502_693_704_897_352)
    #expect(hash(.book) == 13_816_270_184_163_603_474)
  }

  @Test func volatilityClusters() {
    let sizes = InventedTape.returns(Self.long.mids()).map(\.magnitude)
    for lag in [1, 5, 20] {
      #expect(Statistics.autocorrelation(sizes, lag: lag) > 0.05, "at lag \(lag)")
    }
    let signed = InventedTape.returns(Self.long.mids())
    #expect(Statistics.autocorrelation(signed, lag: 1).magnitude < 0.1)
  }

  @Test func itIsAsVolatileAsAsked() {
    var year: [Double] = []
    for seed in UInt64(1)...8 {
      let tape = InventedTape(.regimes, seed: seed, records: 40_000) { $0.jumpSteps = 1e12 }
      year.append(
        Statistics.deviation(InventedTape.returns(tape.mids())) * 31_557_600.0.squareRoot())
    }
    #expect((0.4...0.85).contains(Statistics.mean(year)), "\(year)")
  }

  @Test func thereAreJumps() {
    let with = InventedTape(.regimes, seed: 2, records: 60_000) { $0.jumpSteps = 3_000 }
    let without = InventedTape(.regimes, seed: 2, records: 60_000) { $0.jumpSteps = 1e12 }
    #expect(with.jumps > 5 && without.jumps == 0)
    let (wild, tame) = (InventedTape.returns(with.mids()), InventedTape.returns(without.mids()))
    #expect(Statistics.kurtosis(wild) > Statistics.kurtosis(tame) + 1)
    let far = 9 * Statistics.deviation(tame)
    let beyond = wild.count { $0.magnitude > far }
    #expect(beyond >= with.jumps / 2)
  }

  @Test func regimesDiffer() {
    let tape = InventedTape(.regimes, seed: 3, records: 120_000) { $0.jumpSteps = 1e12 }
    let returns = InventedTape.returns(tape.mids())
    // The first quote is made behind the first step, and a return ends with the step of its regime.
    func part(_ regime: MarketRegime) -> [Double] {
      zip(returns, tape.regimes.dropFirst()).filter { $1 == regime }.map(\.0)
    }
    let (calm, volatile, trending) = (part(.calm), part(.volatile), part(.trending))
    #expect(calm.count > 5_000 && volatile.count > 2_000 && trending.count > 5_000)
    #expect(Statistics.deviation(volatile) > 2 * Statistics.deviation(calm))
    // Over a trend's length the path goes farther than the same steps in no order would.
    let strides = Self.strides(tape.mids(), tape.regimes, .trending, 600)
    let calmStrides = Self.strides(tape.mids(), tape.regimes, .calm, 600)
    let scale = Statistics.deviation(trending) * 600.0.squareRoot()
    let calmScale = Statistics.deviation(calm) * 600.0.squareRoot()
    #expect(
      Statistics.mean(strides.map(\.magnitude)) / scale
        > 1.3 * Statistics.mean(calmStrides.map(\.magnitude)) / calmScale)
  }

  /// Moves over so many steps of one regime on end.
  private static func strides(
    _ mids: [Double], _ regimes: [MarketRegime], _ wanted: MarketRegime, _ length: Int
  ) -> [Double] {
    var found: [Double] = []
    var start = 1
    while start + length < mids.count {
      if regimes[start...start + length].allSatisfy({ $0 == wanted }) {
        found.append(mids[start + length] / mids[start] - 1)
        start += length
      } else {
        start += 10
      }
    }
    return found
  }

  @Test(arguments: [0.0, 0.5, 0.9]) func instrumentsGoTogetherAsAsked(_ asked: Double) {
    let tape = InventedTape(.regimes, seed: 6, records: 120_000, instruments: 3) {
      $0.correlation = asked
      $0.jumpSteps = 1e12
    }
    let returns = (0..<3).map { InventedTape.returns(tape.mids(UInt32($0))) }
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
      let count = min(returns[a].count, returns[b].count)
      let found = Statistics.correlation(
        Array(returns[a].prefix(count)), Array(returns[b].prefix(count)))
      #expect((found - asked).magnitude < 0.08, "\(a) with \(b): \(found)")
    }
  }

  @Test func itIsInOrderAndPassesTheCheck() {
    for seed in UInt64(1)...3 {
      let tape = InventedTape(.regimes, seed: seed, records: 15_000, instruments: 3)
      let report = tape.check()
      #expect(report.errors == 0 && report.warnings == 0, "\(report.log.found)")
      #expect(report.streams.count == 6)
      #expect(report.streams.allSatisfy { $0.coverage == 1 })
    }
  }

  @Test func shapesThatCannotBeAreRefused() {
    for change: (inout MarketShape) -> Void in [
      { $0.step = .zero }, { $0.correlation = 1.1 }, { $0.volatility = -1 }, { $0.spread = 0 },
      { $0.levels = 2 }, { $0.volatility = .nan }, { $0.agentSpacing = .zero },
    ] {
      var shape = MarketShape()
      #expect(shape.ifSound != nil)
      change(&shape)
      #expect(shape.ifSound == nil)
    }
  }
}
