package import Market

/// How long something travels between host and venue. Nothing overtakes what went before it.
package struct LatencyModel: Sendable {
  enum Rule: UInt8 { case constant, logNormal, normal, table }
  /// From `time` on, it takes so long.
  package struct Step: Sendable {
    package var time: Timestamp
    package var delay: Nanoseconds
    package init(time: Timestamp, delay: Nanoseconds) {
      self.time = time
      self.delay = delay
    }
  }

  let rule: Rule
  private let middle: Double
  private let spread: Double
  private let least: Int64
  private let most: Int64
  private let steps: [Step]

  package static let none = LatencyModel.constant(.zero)

  package static func constant(_ delay: Nanoseconds) -> LatencyModel {
    LatencyModel(.constant, least: delay, most: delay)
  }
  /// The logarithm is normally distributed around that of `median`.
  package static func logNormal(
    median: Nanoseconds, deviation: Double, most: Nanoseconds
  ) -> LatencyModel {
    precondition(median > .zero && deviation >= 0, "a median is positive, a deviation not negative")
    return LatencyModel(
      .logNormal, middle: RealFunctions.logarithm(Double(median.count)), spread: deviation,
      least: .zero, most: most)
  }
  /// Cut at `least` and `most`.
  package static func normal(
    mean: Nanoseconds, deviation: Nanoseconds, least: Nanoseconds, most: Nanoseconds
  ) -> LatencyModel {
    LatencyModel(
      .normal, middle: Double(mean.count), spread: Double(deviation.count), least: least,
      most: most)
  }
  /// As it was recorded; before the first step it takes as long as at it.
  package static func table(_ steps: [Step]) -> LatencyModel {
    precondition(!steps.isEmpty, "a table of latencies has a step")
    for (earlier, later) in zip(steps, steps.dropFirst()) {
      precondition(earlier.time < later.time, "the steps of a table follow each other")
    }
    precondition(steps.allSatisfy { $0.delay >= .zero }, "nothing arrives before it is sent")
    return LatencyModel(.table, least: .zero, most: .seconds(86_400), steps: steps)
  }

  private init(
    _ rule: Rule, middle: Double = 0, spread: Double = 0, least: Nanoseconds, most: Nanoseconds,
    steps: [Step] = []
  ) {
    precondition(least >= .zero && most >= least, "nothing arrives before it is sent")
    self.rule = rule
    self.middle = middle
    self.spread = spread
    self.least = least.count
    self.most = most.count
    self.steps = steps
  }

  /// Nothing takes any time.
  var isZero: Bool { rule == .constant && least == 0 }

  func delay(at time: Int64, _ random: inout RandomNumbers) -> Int64 {
    switch rule {
    case .constant: return least
    case .logNormal:
      return clamped(RealFunctions.exponential(middle + spread * random.normal()))
    case .normal: return clamped(middle + spread * random.normal())
    case .table: return recorded(at: time)
    }
  }

  private func clamped(_ value: Double) -> Int64 {
    value >= Double(most) ? most : Swift.max(least, Int64(value.rounded()))
  }

  private func recorded(at time: Int64) -> Int64 {
    var low = 0
    var high = steps.count
    while low < high {
      let middle = (low + high) / 2
      if steps[middle].time.nanoseconds <= time { low = middle + 1 } else { high = middle }
    }
    return steps[Swift.max(0, low - 1)].delay.count
  }
}
