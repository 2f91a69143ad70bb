package import Market

/// Equity as it came, kept at the end of each period. What needs every sample, the deepest drawdown
/// and the time spent in the market, is counted as they come; memory is bounded by `pointsMax`.
package struct EquityCurve: Sendable {
  package let period: SamplingPeriod
  package let pointsMax: Int
  /// The first sample, then the last one of each period.
  package private(set) var points: [EquitySample] = []
  package private(set) var samples = 0
  /// Samples that are no numbers, or came before the one before them.
  package private(set) var refused = 0
  /// How many periods stand between two points: doubled whenever the points reach their bound.
  package private(set) var coarseness = 1
  /// At or below zero, of all samples.
  package private(set) var deepestDrawdown = 0.0

  /// When nothing was left for the first time, of all samples.
  package private(set) var ruined: Timestamp?

  private var peak = 0.0
  private var last: EquitySample?
  /// The period of each point.
  private var buckets: [Int64] = []
  private var (exposedTime, wholeTime) = (0.0, 0.0)
  private var (leverageTime, leverageMax) = (0.0, 0.0)

  package init(period: SamplingPeriod = .day, pointsMax: Int = 1 << 20) {
    precondition(pointsMax >= 4, "a curve keeps some points")
    if case .every(let length) = period {
      precondition(length > .zero, "a period has a length")
    }
    self.period = period
    self.pointsMax = pointsMax
  }

  package mutating func add(_ sample: EquitySample) {
    guard sample.isFinite, last.map({ $0.time <= sample.time }) ?? true else {
      refused += 1
      return
    }
    count(sample)
    let bucket = bucket(of: sample.time)
    // The first sample is what the first period's return is measured from: it is never replaced.
    var opensPeriod = points.count < 2 || isNew(bucket)
    while opensPeriod, points.count == pointsMax {
      coarsen()
      opensPeriod = isNew(bucket)
    }
    if opensPeriod {
      points.append(sample)
      buckets.append(bucket)
    } else {
      points[points.count - 1] = sample
      buckets[buckets.count - 1] = bucket
    }
    last = sample
    samples += 1
  }

  private mutating func count(_ sample: EquitySample) {
    if let last {
      let time = Double((sample.time - last.time).count)
      wholeTime += time
      if last.gross > 0 { exposedTime += time }
      if last.equity > 0 {
        let leverage = last.gross / last.equity
        leverageTime += leverage * time
        leverageMax = Swift.max(leverageMax, leverage)
      }
    }
    if samples == 0 || sample.equity > peak { peak = sample.equity }
    if ruined == nil, peak > 0, sample.equity <= 0 { ruined = sample.time }
    let depth = peak > 0 ? Swift.max(-1, sample.equity / peak - 1) : -1
    deepestDrawdown = Swift.min(deepestDrawdown, depth)
  }

  /// Which period a sample belongs to, were none of them joined.
  private func bucket(of time: Timestamp) -> Int64 {
    switch period {
    case .everySample: return Int64(samples - 1)
    case .every(let length):
      let (quotient, rest) = time.nanoseconds.quotientAndRemainder(dividingBy: length.count)
      return rest < 0 ? quotient - 1 : quotient
    }
  }

  private func coarse(_ bucket: Int64) -> Int64 {
    let (quotient, rest) = bucket.quotientAndRemainder(dividingBy: Int64(coarseness))
    return rest < 0 ? quotient - 1 : quotient
  }

  private func isNew(_ bucket: Int64) -> Bool {
    coarse(bucket) != coarse(buckets[buckets.count - 1])
  }

  /// Joins two periods each: of both, the later point is kept.
  private mutating func coarsen() {
    coarseness *= 2
    var kept = 1
    for index in 1..<points.count {
      let isLast = index + 1 == points.count
      guard isLast || coarse(buckets[index]) != coarse(buckets[index + 1]) else { continue }
      points[kept] = points[index]
      buckets[kept] = buckets[index]
      kept += 1
    }
    points.removeLast(points.count - kept)
    buckets.removeLast(buckets.count - kept)
  }

  package var times: [Timestamp] { points.map(\.time) }
  package var equity: [Double] { points.map(\.equity) }

  /// Of each period. They end where nothing was left to earn from.
  package var returns: [Double] { Self.returns(equity) }

  /// Of the benchmark over the same periods; nil where a point does not tell it.
  package var benchmarkReturns: [Double]? {
    let values = points.compactMap(\.benchmark)
    guard values.count == points.count, values.allSatisfy({ $0 > 0 }) else { return nil }
    return Array(Self.returns(values).prefix(returns.count))
  }

  /// Share of the time in which something was held; nil without two times.
  package var timeInMarket: Double? { Ratio.of(exposedTime, wholeTime) }
  /// Gross worth over equity, averaged over time, and the most it was.
  package var averageLeverage: Double? { Ratio.of(leverageTime, wholeTime) }
  package var highestLeverage: Double? { wholeTime > 0 ? leverageMax : nil }

  package static func returns(_ values: [Double]) -> [Double] {
    guard values.count > 1 else { return [] }
    var returns: [Double] = []
    returns.reserveCapacity(values.count - 1)
    var before = values[0]
    for value in values.dropFirst() {
      guard before > 0 else { break }
      returns.append(value / before - 1)
      before = value
    }
    return returns
  }
}
