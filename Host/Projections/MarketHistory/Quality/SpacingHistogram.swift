import Market

/// How far apart things come, counted in eight steps to each doubling, so that medians and sums are
/// known at the end in the space of a page. A quantile is exact to an eighth.
struct SpacingHistogram: Sendable {
  private static let stepsPerDoubling = 8
  private var counts = [Int](repeating: 0, count: 64 * Self.stepsPerDoubling)
  private var sums = [Int64](repeating: 0, count: 64 * Self.stepsPerDoubling)
  private(set) var count = 0

  mutating func add(_ spacing: Int64) {
    let step = Self.step(spacing)
    counts[step] += 1
    sums[step] = Self.sum(sums[step], spacing)
    count += 1
  }

  /// The step below which `share` parts of 100 of all spacings lie, as the least spacing of it.
  func quantile(percent: Int) -> Int64 {
    let rank = count * percent / 100
    var passed = 0
    for step in counts.indices {
      passed += counts[step]
      if passed > rank { return Self.least(step) }
    }
    return 0
  }

  /// The least spacing not below `spacing` at which a step begins: what `tail` counts from.
  static func stepBoundary(notBelow spacing: Int64) -> Int64 {
    let step = step(spacing)
    return least(step) == spacing || step + 1 == 64 * stepsPerDoubling ? spacing : least(step + 1)
  }

  /// Spacings of at least `boundary`, which is one of `stepBoundary`, and their sum.
  func tail(from boundary: Int64) -> (count: Int, sum: Int64) {
    var tail = (count: 0, sum: Int64(0))
    for step in Self.step(boundary)..<counts.count {
      tail.count += counts[step]
      tail.sum = Self.sum(tail.sum, sums[step])
    }
    return tail
  }

  private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }

  /// Small numbers have a step each; then come the three bits behind the leading one.
  private static func step(_ spacing: Int64) -> Int {
    guard spacing >= 8 else { return Int(Swift.max(0, spacing)) }
    let exponent = 63 - spacing.leadingZeroBitCount
    return (exponent - 2) * stepsPerDoubling + Int((spacing >> (exponent - 3)) & 7)
  }

  private static func least(_ step: Int) -> Int64 {
    guard step >= 8 else { return Int64(step) }
    let exponent = step / stepsPerDoubling + 2
    guard exponent < 63 else { return .max }
    return (Int64(8 + step % stepsPerDoubling)) << Int64(exponent - 3)
  }
}
