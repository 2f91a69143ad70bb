import JSON
import Market
package import Performance

/// What the trials of a search say together: which was best, and how much that is worth.
package struct SweepFindings: Sendable {
  package struct Ranked: Sendable, Equatable {
    package let record: TrialRecord
    package let value: Double
  }

  /// What lies around the best.
  package struct Neighbours: Sendable, Equatable {
    package let count: Int
    package let mean: Double
    package let worst: Double
  }

  package let space: SearchSpace
  package let objective: Objective
  package let isGrid: Bool
  /// The best first; equal ones in order of their numbers.
  package let ranked: [Ranked]
  package let finished: Int
  package let failed: Int
  /// Of those that finished: with too few trades, and without the figure that is searched for.
  package let rejected: Int
  package let unrated: Int
  package let neighbours: Neighbours?
  package let selection: BacktestReport.Selection
  /// Why there is no probability of overfitting; nil where there is one.
  package let overfittingUnknown: String?
  /// The first failure by number.
  package let firstFailure: TrialRecord?

  package init(
    _ trials: [TrialRecord], space: SearchSpace, objective: Objective, tradesMin: Int,
    isGrid: Bool
  ) {
    self.space = space
    self.objective = objective
    self.isGrid = isGrid
    let results = trials.compactMap { trial in trial.result.map { (trial, $0) } }
    finished = results.count
    failed = trials.count - results.count
    firstFailure = trials.first { $0.failure != nil }
    let enough = results.filter { $0.1.trades >= tradesMin }
    rejected = results.count - enough.count
    let ranked = enough.compactMap { trial, result in
      objective.value(result.figures).map { Ranked(record: trial, value: $0) }
    }.sorted { ($0.value, $1.record.number) > ($1.value, $0.record.number) }
    unrated = enough.count - ranked.count
    self.ranked = ranked
    neighbours = Self.neighbours(ranked, space, isGrid: isGrid)
    let overfitting = Self.overfitting(ranked)
    overfittingUnknown = overfitting.unknown
    let sharpes = ranked.map { SharpeInference($0.record.result?.curve.returns ?? [])?.sharpe ?? 0 }
    let best = (ranked.first?.record.result?.curve.returns).flatMap { SharpeInference($0) }
    selection = BacktestReport.Selection(
      trials: finished, deflatedSharpe: best?.deflated(trials: sharpes),
      overfitting: overfitting.found)
  }

  /// On a grid those one step away along one parameter; among scattered points the nearest few
  /// within a quarter of the whole.
  private static func neighbours(
    _ ranked: [Ranked], _ space: SearchSpace, isGrid: Bool
  ) -> Neighbours? {
    guard let best = ranked.first else { return nil }
    let home = space.place(best.record.point)
    let steps = space.parameters.map { parameter in
      parameter.domain.count.map { $0 > 1 ? 1 / Double($0 - 1) : 1 } ?? 1
    }
    var near: [(distance: Double, value: Double)] = []
    for other in ranked.dropFirst() {
      var (square, moved, isStep) = (0.0, 0, true)
      for (index, place) in space.place(other.record.point).enumerated() {
        let isOrdered = space.parameters[index].domain.isOrdered
        let along = isOrdered ? place - home[index] : (place == home[index] ? 0 : 1)
        guard along != 0 else { continue }
        moved += 1
        square += along * along
        if !isOrdered || along.magnitude > steps[index] * 1.001 { isStep = false }
      }
      if isGrid ? moved == 1 && isStep : square <= 0.0625 { near.append((square, other.value)) }
    }
    if !isGrid {
      near.sort { ($0.distance, $1.value) < ($1.distance, $0.value) }
      near = Array(near.prefix(2 * space.parameters.count))
    }
    guard !near.isEmpty else { return nil }
    let values = near.map(\.value)
    return Neighbours(
      count: values.count, mean: values.reduce(0, +) / Double(values.count),
      worst: values.min() ?? 0)
  }

  private static func overfitting(
    _ ranked: [Ranked]
  ) -> (found: BacktestOverfitting?, unknown: String?) {
    guard ranked.count > 1 else { return (nil, "it takes two trials that count") }
    guard let returns = AlignedReturns(ranked.compactMap(\.record.result)) else {
      return (nil, "the trials have no time in common")
    }
    let blocks = Swift.min(16, returns.periods / 2 / 2 * 2)
    guard blocks >= 4, let found = BacktestOverfitting(returns.series, blocks: blocks) else {
      return (nil, "\(returns.periods) periods are too few: it takes 8, and tells by 32")
    }
    return (found, nil)
  }
}

/// The returns of several trials over the same periods.
struct AlignedReturns {
  let series: [[Double]]
  var periods: Int { series.first?.count ?? 0 }
  /// Where courses differ in their times, they are read at so many even times.
  private static let gridPeriods = 256

  /// nil where the trials have no time in common.
  init?(_ results: [TrialResult]) {
    guard let first = results.first, first.times.count > 1 else { return nil }
    if results.allSatisfy({ $0.times == first.times }) {
      series = results.map { Self.returns($0.equity) }
      return
    }
    guard let start = results.map({ $0.times.first ?? .distantFuture }).max(),
      let end = results.map({ $0.times.last ?? .distantPast }).min(), start < end
    else { return nil }
    let most = results.map { $0.times.count - 1 }.max() ?? 1
    let periods = Swift.max(1, Swift.min(Self.gridPeriods, most))
    let length = Double((end - start).count) / Double(periods)
    series = results.map { result in
      var at = 0
      let values = (0...periods).map { period -> Double in
        let time = start + Nanoseconds(Int64(Double(period) * length))
        while at + 1 < result.times.count, result.times[at + 1] <= time { at += 1 }
        return result.equity[at]
      }
      return Self.returns(values)
    }
  }

  /// As long as there are periods: nothing is earned from nothing.
  private static func returns(_ values: [Double]) -> [Double] {
    let returns = EquityCurve.returns(values)
    return returns + Array(repeating: 0, count: values.count - 1 - returns.count)
  }
}
