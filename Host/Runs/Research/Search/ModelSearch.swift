import Glibc
import Performance

/// Chooses the next point by what was seen so far: a Gaussian process is fitted to the objective,
/// and the point is tried from which most improvement is expected (Jones, Schonlau, Welch, 1998).
/// Trials under way are taken to end as the process expects, so that several at once do not all
/// ask the same. Which points come follows from the seed and from what was observed, nothing else.
package struct ModelSearch: Sendable {
  package struct Observation: Sendable, Equatable {
    package var point: SearchPoint
    /// nil where the trial failed or does not count.
    package var value: Double?

    package init(_ point: SearchPoint, _ value: Double?) {
      self.point = point
      self.value = value
    }
  }

  package let space: SearchSpace
  package let seed: UInt64
  /// A process over more observations costs more than it tells: the best and the newest stay.
  private static let observationsMax = 200
  /// As many points as are all looked at, where there are no more.
  private static let enumerableMax = 2_000
  private static let drawsMax = 600
  /// Every so many points one is drawn for the room around it: a process that is sure of itself
  /// may be wrong.
  private static let spreadEvery = 10

  package init(space: SearchSpace, seed: UInt64) {
    self.space = space
    self.seed = seed
  }

  /// Points before the first process is fitted.
  var beginning: Int { 2 * space.parameters.count + 3 }

  /// The point with that index; nil where nothing is left to try.
  package func point(
    _ index: Int, after observations: [Observation], underWay: [SearchPoint]
  ) -> SearchPoint? {
    var generator = ResamplingGenerator(seed: seed &+ UInt64(index) &* 0xD134_2543_DE82_EF95)
    var tried = Set(underWay)
    for observation in observations { tried.insert(observation.point) }
    let useful = observations.compactMap { $0.value }.filter(\.isFinite)
    if index < beginning || useful.count < 3 || index % Self.spreadEvery == Self.spreadEvery - 1 {
      return spread(tried, &generator)
    }
    let (places, values) = targets(observations)
    let isOrdered = space.parameters.map(\.domain.isOrdered)
    guard
      let seen = GaussianProcess.fitted(places, values, isOrdered: isOrdered, &generator)
    else { return spread(tried, &generator) }
    let pending = underWay.map { space.place($0) }
    let believed = pending.map { seen.predict($0).mean }
    let process =
      GaussianProcess(
        places + pending, values + believed, isOrdered: isOrdered, settings: seen.settings)
      ?? seen
    let best = values.max() ?? 0
    func gain(_ point: SearchPoint) -> Double {
      let (mean, deviation) = process.predict(space.place(point))
      return Self.expectedImprovement(mean, deviation, over: best)
    }
    let leaders = zip(observations, 0...).filter { $0.0.value?.isFinite == true }
      .sorted { ($0.0.value ?? 0, $1.1) > ($1.0.value ?? 0, $0.1) }.prefix(5).map(\.0.point)
    let near = candidates(around: Array(leaders), tried, &generator)
    guard let first = Self.best(of: near, by: gain) else { return nil }
    guard (space.size ?? .max) > Self.enumerableMax else { return first }
    var closer = [first]
    for _ in 0..<60 {
      let moved = move(first, by: generator.share() < 0.5 ? 0.01 : 0.04, &generator)
      if space.allows(moved), !tried.contains(moved) { closer.append(moved) }
    }
    return Self.best(of: closer, by: gain)
  }

  /// Of the points that are left, or of some drawn ones, the one furthest from all that were tried.
  private func spread(
    _ tried: Set<SearchPoint>, _ generator: inout ResamplingGenerator
  ) -> SearchPoint? {
    var left = drawn(24, tried, &generator)
    if left.isEmpty { left = enumerated(tried) ?? [] }
    // The order of a set does not matter: of the distances only the least is used.
    let places = tried.map { space.place($0) }
    return Self.best(of: left) { point in
      let place = space.place(point)
      return places.map { distance($0, place) }.min() ?? 0
    }
  }

  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for (index, parameter) in space.parameters.enumerated() {
      let along = parameter.domain.isOrdered ? a[index] - b[index] : (a[index] == b[index] ? 0 : 1)
      sum += along * along
    }
    return sum
  }

  private func drawn(
    _ count: Int, _ tried: Set<SearchPoint>, _ generator: inout ResamplingGenerator
  ) -> [SearchPoint] {
    var points: [SearchPoint] = []
    for _ in 0..<count {
      guard let point = space.draw(&generator) else { break }
      if !tried.contains(point) { points.append(point) }
    }
    return points
  }

  /// All that is left, where that is few enough to look at; nil where it is not.
  private func enumerated(_ tried: Set<SearchPoint>) -> [SearchPoint]? {
    guard let size = space.size, size <= Self.enumerableMax,
      let grid = try? space.grid()
    else { return nil }
    return grid.filter { !tried.contains($0) }
  }

  private func candidates(
    around leaders: [SearchPoint], _ tried: Set<SearchPoint>,
    _ generator: inout ResamplingGenerator
  ) -> [SearchPoint] {
    if let all = enumerated(tried) { return all }
    var points = drawn(Self.drawsMax, tried, &generator)
    for leader in leaders {
      for scale in [0.02, 0.08, 0.25] {
        for _ in 0..<16 {
          let moved = move(leader, by: scale, &generator)
          if space.allows(moved), !tried.contains(moved) { points.append(moved) }
        }
      }
    }
    return points
  }

  /// A neighbour: along each ordered parameter a normal step of that size, at least to the next
  /// value now and then; a word is exchanged now and then.
  private func move(
    _ point: SearchPoint, by scale: Double, _ generator: inout ResamplingGenerator
  ) -> SearchPoint {
    var moved = point
    for (index, parameter) in space.parameters.enumerated() {
      let domain = parameter.domain
      let normal = NormalDistribution.quantile(Swift.max(generator.share(), 1e-12)) ?? 0
      let exchange = generator.share()
      let drawn = domain.value(atShare: generator.share())
      guard domain.isOrdered else {
        if exchange < 0.15 { moved.values[index] = drawn }
        continue
      }
      let spacing = domain.count.map { $0 > 1 ? 1 / Double($0 - 1) : 1 } ?? 0
      let step = normal * Swift.max(scale, spacing * 0.7)
      moved.values[index] = domain.value(nearest: domain.place(of: point.values[index]) + step)
    }
    return moved
  }

  /// Places and values for a process. A failure counts as the worst that was seen, and what is far
  /// below the rest is raised: a ruin must not flatten the differences among the good.
  private func targets(
    _ observations: [Observation]
  ) -> (places: [[Double]], values: [Double]) {
    let known = observations.compactMap(\.value).filter(\.isFinite).sorted()
    let lower = known[known.count / 4]
    let middle = known[known.count / 2]
    let floor = Swift.max(known[0], middle - 4 * Swift.max(middle - lower, 1e-12))
    var kept = Array(observations.enumerated())
    if kept.count > Self.observationsMax {
      let newest = kept.suffix(Self.observationsMax / 2)
      let best = kept.dropLast(Self.observationsMax / 2).sorted {
        ($0.element.value ?? -.infinity, $1.offset) > ($1.element.value ?? -.infinity, $0.offset)
      }.prefix(Self.observationsMax / 2)
      kept = (best + newest).sorted { $0.offset < $1.offset }
    }
    return (
      kept.map { space.place($0.element.point) },
      kept.map { kept -> Double in
        guard let value = kept.element.value, value.isFinite else { return floor }
        return Swift.max(value, floor)
      }
    )
  }

  private static func expectedImprovement(
    _ mean: Double, _ deviation: Double, over best: Double
  ) -> Double {
    guard deviation > 1e-12 else { return Swift.max(mean - best, 0) }
    let distance = (mean - best) / deviation
    let density = exp(-distance * distance / 2) / (2 * Double.pi).squareRoot()
    let gain = deviation * (distance * NormalDistribution.cumulative(distance) + density)
    // So far below the best that nothing is left of it: the nearest to it is still preferred.
    return gain > 1e-300 ? gain : distance * 1e-300
  }

  /// The first of the best.
  private static func best(
    of points: [SearchPoint], by score: (SearchPoint) -> Double
  ) -> SearchPoint? {
    var found: (point: SearchPoint, score: Double)?
    for point in points {
      let score = score(point)
      if score > found?.score ?? -.infinity { found = (point, score) }
    }
    return found?.point
  }
}
