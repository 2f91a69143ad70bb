import Foundation
import Performance
import Testing

@testable import Research

/// Functions whose best is known, searched with few trials.
@Suite struct ModelSearchTests {
  struct Function: Sendable, CustomStringConvertible {
    let description: String
    /// At most.
    let most: Double
    let parameters: [String]
    var constraints: [String] = []
    let value: @Sendable ([TrialValue]) -> Double?
  }

  static func number(_ value: TrialValue) -> Double { value.number ?? 0 }

  static let functions = [
    // Three equal hollows in a curved valley (Branin), turned upside down: at most -0.398.
    Function(description: "branin", most: -0.398, parameters: ["f.x=-5.0..10.0", "f.y=0.0..15.0"]) {
      values in
      let (x, y) = (number(values[0]), number(values[1]))
      let a = y - 5.1 / (4 * .pi * .pi) * x * x + 5 / .pi * x - 6
      return -(a * a + 10 * (1 - 1 / (8 * .pi)) * cos(x) + 10)
    },
    // An integer, a ratio over four decades, and a word that shifts the best: at most 0.
    Function(
      description: "mixed", most: 0,
      parameters: ["f.n=2..60", "f.rate=log:0.0001..1.0", "f.kind=a,b,c"]
    ) { values in
      let n = number(values[0]) / 60
      let rate = log10(number(values[1])) / 4
      let (shift, loss) =
        values[2] == .word("b") ? (0.2, 0.0) : values[2] == .word("a") ? (0.5, 0.15) : (0.8, 0.3)
      return -(n - shift - 0.1) * (n - shift - 0.1) - (rate + 0.6) * (rate + 0.6) - loss
    },
    // Two averages, of which one must be shorter: a ridge on a lattice, rough, and failing where
    // both are long: at most 1.
    Function(
      description: "averages", most: 1.03,
      parameters: ["f.fast=5:100:5", "f.slow=10:400:10"],
      constraints: ["f.fast<f.slow"]
    ) { values in
      let (fast, slow) = (number(values[0]), number(values[1]))
      guard fast + slow < 450 else { return nil }
      let (a, b) = (fast / 35 - 1, slow / 140 - 1)
      return 1 - a * a - b * b + 0.6 * a * b + 0.03 * sin(fast * 1.7) * sin(slow * 0.9)
    },
  ]

  /// The best of that many trials, with `concurrency` of them always under way.
  static func best(
    _ function: Function, _ method: SearchMethod, trials: Int, seed: UInt64, concurrency: Int
  ) throws -> Double {
    let plan = try SearchPlan(
      space: try SearchSpace(
        parameters: function.parameters, constraints: function.constraints),
      method: method, trials: trials, seed: seed, concurrency: concurrency)
    var points: [SearchPoint] = []
    var values: [Double?] = []
    for index in 0..<trials {
      guard let point = plan.point(index, points: points, values: values) else { break }
      #expect(plan.space.allows(point))
      points.append(point)
      values.append(function.value(point.values))
    }
    #expect(Set(points).count == points.count, "a point was tried twice")
    return values.compactMap { $0 }.max() ?? -.infinity
  }

  @Test(arguments: functions, [1, 4])
  func aModelFindsMoreThanChanceInAsManyTrials(function: Function, concurrency: Int) throws {
    let seeds: [UInt64] = Array(1...5)
    func mean(_ method: SearchMethod) throws -> Double {
      let found = try seeds.map {
        try Self.best(function, method, trials: 30, seed: $0, concurrency: concurrency)
      }
      return found.reduce(0, +) / Double(found.count)
    }
    let (model, random) = (try mean(.model), try mean(.random))
    // Not by a hair: at least half of what chance leaves to the best is found.
    let most = function.most
    #expect(model > random, "\(function) at \(concurrency): \(model) against \(random)")
    #expect(
      most - model < 0.5 * (most - random),
      "\(function) at \(concurrency): \(model) against \(random)")
  }

  @Test func equalSeedsChooseEqualPoints() throws {
    let plan = try SearchPlan(
      space: try SearchSpace(parameters: ["a.x=0.0..1.0", "a.y=1:9"]), method: .model, trials: 20,
      seed: 3, concurrency: 2)
    func run(_ seed: UInt64) throws -> [SearchPoint] {
      let plan = try SearchPlan(
        space: plan.space, method: .model, trials: 20, seed: seed, concurrency: 2)
      var points: [SearchPoint] = []
      var values: [Double?] = []
      for index in 0..<20 {
        let point = try #require(plan.point(index, points: points, values: values))
        points.append(point)
        values.append(ModelSearchTests.number(point.values[0]))
      }
      return points
    }
    #expect(try run(3) == run(3))
    #expect(try run(3) != run(4))
  }

  @Test func aModelEndsWhenNothingIsLeft() throws {
    let plan = try SearchPlan(
      space: try SearchSpace(parameters: ["a.x=1:3", "a.y=u,v"]), method: .model, trials: 50,
      seed: 1, concurrency: 1)
    var points: [SearchPoint] = []
    while let point = plan.point(
      points.count, points: points, values: points.map { ModelSearchTests.number($0.values[0]) })
    {
      points.append(point)
    }
    #expect(points.count == 6)
    #expect(Set(points).count == 6)
  }

  @Test func aModelGoesOnWhereEveryTrialFailsOrAllAreEqual() throws {
    for value in [nil, 1.0] as [Double?] {
      let plan = try SearchPlan(
        space: try SearchSpace(parameters: ["a.x=0.0..1.0"]), method: .model, trials: 30, seed: 1,
        concurrency: 1)
      var points: [SearchPoint] = []
      for index in 0..<30 {
        let point = plan.point(
          index, points: points, values: Array(repeating: value, count: index))
        points.append(try #require(point))
      }
      #expect(Set(points).count == 30)
    }
  }

  @Test func randomPointsAreDifferentAndEndWithTheSpace() throws {
    let space = try SearchSpace(parameters: ["a.x=1:5", "a.y=1:5"], constraints: ["a.x<a.y"])
    let plan = try SearchPlan(
      space: space, method: .random, trials: 500, seed: 9, concurrency: 1)
    #expect(plan.trials == 10)
    let longer = try SearchPlan(
      space: try SearchSpace(parameters: ["a.x=0.0..1.0"]), method: .random, trials: 30, seed: 9,
      concurrency: 1)
    let shorter = try SearchPlan(
      space: longer.space, method: .random, trials: 10, seed: 9, concurrency: 1)
    for index in 0..<10 {
      #expect(
        longer.point(index, points: [], values: [])
          == shorter.point(index, points: [], values: []))
    }
  }

  @Test func aSearchThatCannotBeIsRefused() throws {
    let space = try SearchSpace(parameters: ["a.x=1:5", "a.y=1:5"], constraints: ["a.x>9"])
    for method in SearchMethod.allCases {
      #expect(throws: SearchSpace.nothingAllowed) {
        try SearchPlan(
          space: space, method: method, trials: method == .grid ? nil : 5, seed: 1, concurrency: 1)
      }
    }
    let small = try SearchSpace(parameters: ["a.x=1:5"])
    for (method, trials) in [(SearchMethod.grid, 5), (.random, 0), (.model, -1)] {
      #expect(throws: ResearchError.self) {
        try SearchPlan(space: small, method: method, trials: trials, seed: 1, concurrency: 1)
      }
    }
  }

  @Test func aProcessPassesThroughWhatItSawAndDoubtsTheRest() throws {
    let places = [[0.0], [0.3], [0.55], [1.0]]
    let values = [1.0, 2.5, 0.5, -1.0]
    let process = try #require(
      GaussianProcess(
        places, values, isOrdered: [true], settings: .init(scales: [0.3], noise: 1e-8)))
    for (place, value) in zip(places, values) {
      let seen = process.predict(place)
      #expect(abs(seen.mean - value) < 1e-5 && seen.deviation < 1e-2)
    }
    #expect(process.predict([0.8]).deviation > 0.2)
    // By hand: two points a distance of one scale apart, k = (1 + √5 + 5/3) e^-√5.
    let k = (1 + 5.0.squareRoot() + 5.0 / 3) * exp(-5.0.squareRoot())
    let two = try #require(
      GaussianProcess(
        [[0.0], [0.5]], [1, -1], isOrdered: [true], settings: .init(scales: [0.5], noise: 0)))
    // The mean is 0; the weights are ±1 / (1 - k); at 1.0 the distances are 2 and 1 scales.
    let far = (1 + 20.0.squareRoot() + 20.0 / 3) * exp(-20.0.squareRoot())
    #expect(abs(two.predict([1.0]).mean - (far - k) / (1 - k)) < 1e-9)
  }
}
