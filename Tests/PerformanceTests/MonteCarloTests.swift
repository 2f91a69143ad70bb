import Performance
import Testing

@Suite struct MonteCarloTests {
  private let returns: [Double] = {
    var random = ResamplingGenerator(seed: 5)
    return (0..<250).map { _ in Double.random(in: -0.02...0.022, using: &random) }
  }()

  private static let resamplings: [MonteCarlo.Resampling] = [
    .single, .blocks(6), .stationary(6), .blocks(250),
  ]

  @Test(arguments: resamplings)
  func oneSeedIsOneResult(_ resampling: MonteCarlo.Resampling) throws {
    var settings = MonteCarlo()
    settings.paths = 300
    settings.periodsPerYear = 252
    let first = try #require(settings.run(returns, resampling))
    #expect(settings.run(returns, resampling) == first)
    settings.seed = 2
    #expect(
      settings.run(returns, resampling)?.finalReturn != first.finalReturn
        || resampling == .blocks(250))
  }

  @Test(arguments: resamplings)
  func bandsLieInOrderAndBeginAtOne(_ resampling: MonteCarlo.Resampling) throws {
    var settings = MonteCarlo()
    settings.paths = 500
    let result = try #require(settings.run(returns, resampling))
    #expect(result.checkpoints.first == 0 && result.checkpoints.last == 250)
    #expect(result.checkpoints.count == 121 && result.bands.allSatisfy { $0.count == 121 })
    #expect(result.bands.allSatisfy { $0[0] == 1 })
    for index in result.checkpoints.indices {
      let column = result.bands.map { $0[index] }
      #expect(column == column.sorted())
    }
    #expect(isNear(result.bands[2][120], (result.finalReturn?.median).map { $0 + 1 }))
  }

  /// Each value once round: whatever the start, a path has them all.
  @Test func blocksAsLongAsTheCourseKeepItsProduct() throws {
    var settings = MonteCarlo()
    settings.paths = 50
    settings.periodsPerYear = 252
    let result = try #require(settings.run(returns, .blocks(250)))
    let statistics = ReturnStatistics(returns, periodsPerYear: 252)
    for value in result.finalReturn?.percentiles ?? [] {
      #expect(isNear(value, statistics.totalReturn, 1e-8))
    }
    #expect(isNear(result.sharpe?.median, statistics.sharpe, 1e-8))
  }

  /// The mean of many sums of single draws is what the values' own mean says.
  @Test func profitsAddUpToTheirMean() throws {
    var settings = MonteCarlo()
    settings.accumulation = .adding
    settings.steps = 100
    let result = try #require(settings.run([0.03, -0.02], .single))
    let mean = try #require(result.finalReturn?.mean)
    // 100 steps of 0.005, deviation 0.025 * 10 over the root of 10,000 paths: four of those.
    #expect(abs(mean - 0.5) < 4 * 0.0025)
  }

  @Test func drawdownRuinAndLossAreThoseOfThePath() throws {
    var settings = MonteCarlo()
    (settings.paths, settings.steps, settings.ruin) = (100, 3, 0.4)
    let falling = try #require(settings.run([-0.2, -0.2], .single))
    #expect(falling.probabilityOfLoss == 1 && falling.probabilityOfRuin == 1)
    #expect(isNear(falling.maxDrawdown?.median, 0.8 * 0.8 * 0.8 - 1))
    settings.ruin = 0.5
    #expect(settings.run([-0.2, -0.2], .single)?.probabilityOfRuin == 0)
    let rising = try #require(settings.run([0.1, 0.1], .stationary(2)))
    #expect(rising.probabilityOfLoss == 0 && rising.maxDrawdown?.percentiles[0] == 0)
  }

  /// Long blocks keep what hangs together: a trend varies more than its shuffled pieces.
  @Test func blocksKeepMemory() throws {
    let trend = (0..<200).map { ($0 / 20) % 2 == 0 ? 0.01 : -0.01 }
    var settings = MonteCarlo()
    settings.paths = 2_000
    func spread(_ resampling: MonteCarlo.Resampling) throws -> Double {
      let found = try #require(settings.run(trend, resampling)?.finalReturn?.percentiles)
      return found[4] - found[0]
    }
    let single = try spread(.single)
    #expect(try spread(.blocks(20)) > 2 * single)
    #expect(try spread(.stationary(20)) > 1.5 * single)
    #expect(try spread(.stationary(1)) < 1.2 * single)
  }

  @Test func withoutValuesThereIsNoResult() {
    #expect(MonteCarlo().run([], .single) == nil && MonteCarlo().run([0.1], .single) == nil)
    #expect(MonteCarlo().run([0.1, .nan], .single) == nil)
    #expect(MonteCarlo.blockLength(1_000) == 10 && MonteCarlo.blockLength(0) == 1)
  }
}
