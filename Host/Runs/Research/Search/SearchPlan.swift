import Performance

package enum SearchMethod: String, Sendable, CaseIterable { case grid, random, model }

/// Which points a search tries, in their order.
package struct SearchPlan: Sendable {
  package let space: SearchSpace
  package let method: SearchMethod
  /// How many are to be tried.
  package let trials: Int
  package let seed: UInt64
  /// How many may be under way beside a point that a model chooses: it knows the others. A model
  /// that took whatever had ended by chance would not choose the same twice.
  package let concurrency: Int
  private let fixed: [SearchPoint]

  /// `trials` is nil for a grid, which is tried whole.
  package init(
    space: SearchSpace, method: SearchMethod, trials: Int?, seed: UInt64, concurrency: Int
  ) throws(ResearchError) {
    precondition(concurrency > 0, "at least one trial at a time")
    self.space = space
    self.method = method
    self.seed = seed
    self.concurrency = concurrency
    switch method {
    case .grid:
      guard trials == nil else {
        throw ResearchError(
          .usage, "--trials", "a grid is tried whole",
          remedy: "leave --trials out, or use --search random or model")
      }
      fixed = try space.grid()
      self.trials = fixed.count
    case .random:
      fixed = try Self.draw(space, try Self.checked(trials), seed)
      self.trials = fixed.count
    case .model:
      // Drawn once, so that conditions nothing satisfies are met before the first trial.
      var generator = ResamplingGenerator(seed: seed)
      guard space.draw(&generator) != nil else { throw SearchSpace.nothingAllowed }
      fixed = []
      self.trials = try Self.checked(trials)
    }
  }

  private static func checked(_ trials: Int?) throws(ResearchError) -> Int {
    let trials = trials ?? 100
    guard (1...SearchSpace.pointsMax).contains(trials) else {
      throw ResearchError(
        .usage, "--trials", "\(trials) trials", remedy: "ask for 1 to \(SearchSpace.pointsMax)")
    }
    return trials
  }

  /// Different points; fewer than asked for where there are no more.
  private static func draw(
    _ space: SearchSpace, _ count: Int, _ seed: UInt64
  ) throws(ResearchError) -> [SearchPoint] {
    var generator = ResamplingGenerator(seed: seed)
    var points: [SearchPoint] = []
    var seen: Set<SearchPoint> = []
    var repeats = 0
    while points.count < count {
      guard let point = space.draw(&generator) else { break }
      if seen.insert(point).inserted {
        points.append(point)
        repeats = 0
      } else {
        repeats += 1
        if let size = space.size, seen.count >= size { break }
        if repeats > 10_000 { break }
      }
    }
    guard !points.isEmpty else { throw SearchSpace.nothingAllowed }
    return points
  }

  /// What is needed to know before `point(index, ...)`: the results of that many first points.
  package func resultsNeeded(for index: Int) -> Int {
    method == .model ? Swift.max(0, index - concurrency + 1) : 0
  }

  /// `points` are those before this one, and `values` what the first `resultsNeeded` of them came
  /// to. nil where nothing is left.
  package func point(
    _ index: Int, points: [SearchPoint], values: [Double?]
  ) -> SearchPoint? {
    guard index < trials else { return nil }
    guard method == .model else { return fixed[index] }
    let known = resultsNeeded(for: index)
    let observations = (0..<known).map { ModelSearch.Observation(points[$0], values[$0]) }
    return ModelSearch(space: space, seed: seed).point(
      index, after: observations, underWay: Array(points[known..<index]))
  }
}
