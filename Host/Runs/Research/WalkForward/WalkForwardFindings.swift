import Glibc
import JSON
package import Market
package import Performance

/// What a walk-forward run says: how much of what was fitted was left in what came after.
package struct WalkForwardFindings: Sendable {
  package struct Segment: Sendable {
    package let window: WindowSplit.Window
    /// nil where no trial of the fit counted.
    package let point: SearchPoint?
    /// The objective in the fit, and in the test.
    package let fitted: Double?
    package let traded: Double?
    package let fitReturn: Double?
    package let testReturn: Double?
    package let trades: Int?
    package let failure: String?

    package var fitLength: Nanoseconds { window.fitEnd - window.fitStart }
    package var testLength: Nanoseconds { window.testEnd - window.testStart }
    /// Test over fit; nil where the fit brought nothing to keep.
    package var efficiency: Double? {
      guard let fitted, let traded, fitted > 0 else { return nil }
      return traded / fitted
    }
  }

  /// How much a parameter wandered.
  package struct Drift: Sendable, Equatable {
    package let name: String
    /// Of steps from one segment to the next, how many changed it.
    package let changes: Int
    package let steps: Int
    /// The mean size of such a step, as a share of all its values; nil for words.
    package let meanShare: Double?
  }

  package let space: SearchSpace
  package let objective: Objective
  package let segments: [Segment]
  package let currency: String
  /// The tests behind one another: each begins with what the last one left.
  package let curve: EquityCurve
  package let summary: PerformanceSummary
  /// The growth of a day in the tests over that in the fits, and the mean objective of tests over
  /// that of fits; nil where the fits brought nothing.
  package let returnEfficiency: Double?
  package let objectiveEfficiency: Double?
  package let drifts: [Drift]

  package init(
    _ windows: [WindowSplit.Window], fits: [SweepFindings], tests: [Int: TrialRecord],
    space: SearchSpace, objective: Objective
  ) {
    self.space = space
    self.objective = objective
    let segments = zip(windows, fits).map { window, fit in
      let best = fit.ranked.first
      let test = tests[window.number]
      return Segment(
        window: window, point: best?.record.point, fitted: best?.value,
        traded: test?.result.flatMap { objective.value($0.figures) },
        fitReturn: best?.record.result?.figures["total_return"]?.double,
        testReturn: test?.result?.figures["total_return"]?.double,
        trades: test?.result?.trades,
        failure: test?.failure?.text ?? (best == nil ? "no trial of its fit counted" : nil))
    }
    self.segments = segments
    let results = windows.map { tests[$0.number]?.result }
    currency = results.compactMap { $0 }.first?.currency ?? ""
    curve = Self.chain(results)
    summary = PerformanceSummary(curve)
    returnEfficiency = Self.returnEfficiency(segments)
    objectiveEfficiency = Self.objectiveEfficiency(segments)
    drifts = Self.drifts(segments.compactMap(\.point), space)
  }

  /// Segments without a test are left out: whoever traded them held cash.
  private static func chain(_ results: [TrialResult?]) -> EquityCurve {
    var curve = EquityCurve(period: .everySample)
    var level: Double?
    for result in results.compactMap({ $0 }) {
      guard let first = result.equity.first, first > 0, result.equity.count > 1 else { continue }
      let start = level ?? first
      let scale = start / first
      // Each begins flat where the last one ended: that is no period of its own.
      let skipped = level == nil ? 0 : 1
      for (time, value) in zip(result.times, result.equity).dropFirst(skipped) {
        curve.add(EquitySample(time: time, equity: value * scale))
        level = value * scale
      }
    }
    return curve
  }

  private static func days(_ length: Nanoseconds) -> Double { Double(length.count) / 86_400e9 }

  private static func returnEfficiency(_ segments: [Segment]) -> Double? {
    var (fit, fitDays, test, testDays) = (0.0, 0.0, 0.0, 0.0)
    for segment in segments {
      guard let fitted = segment.fitReturn, let tested = segment.testReturn, fitted > -1,
        tested > -1
      else { continue }
      fit += log(1 + fitted)
      fitDays += days(segment.fitLength)
      test += log(1 + tested)
      testDays += days(segment.testLength)
    }
    guard fit > 0, testDays > 0 else { return nil }
    return (test / testDays) / (fit / fitDays)
  }

  private static func objectiveEfficiency(_ segments: [Segment]) -> Double? {
    let pairs = segments.compactMap { segment in
      segment.fitted.flatMap { fitted in segment.traded.map { (fitted, $0) } }
    }
    let fitted = pairs.reduce(0) { $0 + $1.0 }
    guard fitted > 0 else { return nil }
    return pairs.reduce(0) { $0 + $1.1 } / fitted
  }

  private static func drifts(_ points: [SearchPoint], _ space: SearchSpace) -> [Drift] {
    space.parameters.enumerated().map { index, parameter in
      let values = points.map { $0.values[index] }
      let pairs = Array(zip(values, values.dropFirst()))
      let places = values.map { parameter.domain.place(of: $0) }
      let sizes = zip(places, places.dropFirst()).map { abs($1 - $0) }
      let mean = sizes.isEmpty ? 0 : sizes.reduce(0, +) / Double(sizes.count)
      return Drift(
        name: parameter.name, changes: pairs.count { $0 != $1 }, steps: pairs.count,
        meanShare: parameter.domain.isOrdered ? mean : nil)
    }
  }
}
