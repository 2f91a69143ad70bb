/// What the paths came to.
package struct MonteCarloResult: Sendable, Equatable {
  package struct Distribution: Sendable, Equatable {
    package let mean: Double
    /// At `MonteCarloResult.shares`.
    package let percentiles: [Double]

    package var median: Double { percentiles[2] }

    init?(_ values: [Double]) {
      guard !values.isEmpty,
        let percentiles = Percentiles.of(values, MonteCarloResult.shares)
      else { return nil }
      self.percentiles = percentiles
      var sum = 0.0
      for value in values { sum += value }
      mean = sum / Double(values.count)
    }
  }

  package static let shares = [0.05, 0.25, 0.5, 0.75, 0.95]

  package let settings: MonteCarlo
  package let resampling: MonteCarlo.Resampling
  /// How many values were drawn from, and how many each path drew.
  package let values: Int
  package let steps: Int
  /// The steps at which the bands are told, from 0.
  package let checkpoints: [Int]
  /// One curve for each of `shares`, in multiples of the starting equity.
  package let bands: [[Double]]
  package let finalReturn: Distribution?
  /// At or below zero.
  package let maxDrawdown: Distribution?
  package let sharpe: Distribution?
  package let probabilityOfLoss: Double
  package let probabilityOfRuin: Double

  init(
    _ settings: MonteCarlo, _ resampling: MonteCarlo.Resampling, _ values: Int,
    _ checkpoints: [Int], _ outcome: PathOutcomes
  ) {
    self.settings = settings
    self.resampling = resampling
    self.values = values
    steps = checkpoints[checkpoints.count - 1]
    self.checkpoints = checkpoints
    var bands = Array(repeating: [Double](), count: Self.shares.count)
    for checkpoint in checkpoints.indices {
      let found = Percentiles.of(outcome.at(checkpoint), Self.shares) ?? []
      for (index, value) in found.enumerated() { bands[index].append(value) }
    }
    self.bands = bands
    finalReturn = Distribution(outcome.finals)
    maxDrawdown = Distribution(outcome.drawdowns)
    sharpe = Distribution(outcome.sharpes)
    let paths = Double(settings.paths)
    probabilityOfLoss = Double(outcome.finals.count { $0 < 0 }) / paths
    probabilityOfRuin = Double(outcome.ruined) / paths
  }
}

/// Where the paths stood at the checkpoints, and how they ended.
struct PathOutcomes {
  private let paths: Int
  private var equity: [Double]
  private(set) var finals: [Double]
  private(set) var drawdowns: [Double]
  private(set) var sharpes: [Double] = []
  private(set) var ruined = 0

  init(paths: Int, checkpoints: Int) {
    self.paths = paths
    equity = Array(repeating: 0, count: paths * checkpoints)
    finals = Array(repeating: 0, count: paths)
    drawdowns = Array(repeating: 0, count: paths)
    sharpes.reserveCapacity(paths)
  }

  mutating func note(_ value: Double, _ path: Int, _ checkpoint: Int) {
    equity[checkpoint * paths + path] = value
  }

  mutating func finish(
    _ path: Int, final: Double, drawdown: Double, isRuined: Bool, sharpe: Double?
  ) {
    finals[path] = final
    drawdowns[path] = drawdown
    if isRuined { ruined += 1 }
    if let sharpe { sharpes.append(sharpe) }
  }

  func at(_ checkpoint: Int) -> [Double] {
    Array(equity[(checkpoint * paths)..<((checkpoint + 1) * paths)])
  }
}
