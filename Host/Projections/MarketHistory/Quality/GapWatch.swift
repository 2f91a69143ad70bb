import Market

/// Silences of one stream. Without a bound from outside what is long is known only at the end, from
/// the spacing of the whole: until then the longest ones are kept.
struct GapWatch: Sendable {
  private struct Silence {
    let length: Int64
    let began: Timestamp
    let record: Int
  }

  private let gapMax: Nanoseconds?
  private let options: QualityOptions
  private var histogram = SpacingHistogram()
  private var last: Timestamp?
  /// The longest, greatest first.
  private var longest: [Silence] = []
  private(set) var first: Timestamp?
  private(set) var count = 0
  /// Those that may be closings.
  private var closings: ClosingTable
  /// Of the silences beyond `gapMax`.
  private var beyond = (count: 0, sum: Int64(0))

  init(_ options: QualityOptions) {
    self.options = options
    gapMax = options.gapMax
    closings = ClosingTable(isOfDays: false, examplesMax: options.examplesMax)
  }

  var lastTime: Timestamp? { last }
  var medianSpacing: Nanoseconds? {
    histogram.count > 0 ? Nanoseconds(histogram.quantile(percent: 50)) : nil
  }

  mutating func take(_ time: Timestamp, record: Int) {
    count += 1
    guard let before = last else {
      (first, last) = (time, time)
      return
    }
    guard time >= before else { return }
    last = time
    let length = (time - before).count
    histogram.add(length)
    if let gapMax, length > gapMax.count {
      beyond.count += 1
      let (sum, overflow) = beyond.sum.addingReportingOverflow(length)
      beyond.sum = overflow ? .max : sum
    }
    let hole = ClosingTable.Hole(
      began: before, length: Nanoseconds(length), record: record, bars: 0)
    if !options.isAlwaysOpen, closings.take(hole) { return }
    keep(Silence(length: length, began: before, record: record))
  }

  private mutating func keep(_ silence: Silence) {
    let isFull = longest.count >= options.examplesMax
    if isFull, let least = longest.last, silence.length <= least.length { return }
    guard options.examplesMax > 0 else { return }
    let rank = longest.firstIndex { $0.length < silence.length } ?? longest.count
    longest.insert(silence, at: rank)
    if longest.count > options.examplesMax { longest.removeLast() }
  }

  /// Tells the gaps, and the share of time that is covered.
  mutating func finish(_ instrument: InstrumentID, into log: inout FindingLog) -> Double {
    var tail = beyond
    var bound = gapMax?.count ?? 0
    if gapMax == nil {
      bound = usualBound()
      tail = histogram.tail(from: bound)
      bound -= 1
    }
    for kind in closings.kinds {
      if kind.isClosing, let longest = kind.examples.first, longest.length.count > bound {
        log.add(longest.closing(instrument), count: kind.count)
        // Those of the same hours differ by less than an hour: all are beyond the bound, or none
        // that matters is.
        tail.count = Swift.max(0, tail.count - kind.count)
        tail.sum = Swift.max(0, tail.sum - Int64(Swift.min(kind.sum, 9e18)))
      } else {
        for hole in kind.examples {
          keep(Silence(length: hole.length.count, began: hole.began, record: hole.record))
        }
      }
    }
    let examples = longest.filter { $0.length > bound }
    for (index, silence) in examples.enumerated() {
      // All that are counted come with the first example.
      log.add(
        Finding(
          .gap, instrument, at: silence.began, record: silence.record,
          .duration(Nanoseconds(silence.length))),
        count: index == 0 ? tail.count : 0)
    }
    if examples.isEmpty, tail.count > 0 {
      log.add(
        Finding(.gap, instrument, at: first ?? .distantPast, record: nil), count: tail.count)
    }
    guard let first, let last, last > first else { return 1 }
    return 1 - Double(tail.sum) / Double((last - first).count)
  }

  private func usualBound() -> Int64 {
    func times(_ factor: Int64, _ spacing: Int64) -> Int64 {
      let (product, overflow) = factor.multipliedReportingOverflow(by: spacing)
      return overflow ? .max : product
    }
    let bound = Swift.max(
      times(options.gapMedians, histogram.quantile(percent: 50)),
      times(options.gapTails, histogram.quantile(percent: 99)), options.gapLeast.count)
    return SpacingHistogram.stepBoundary(notBelow: bound)
  }
}

extension GapWatch {
  mutating func summary(_ key: StreamKey, into log: inout FindingLog) -> StreamSummary {
    StreamSummary(
      key: key, records: count, first: first, last: lastTime, medianSpacing: medianSpacing,
      coverage: finish(key.instrument, into: &log), missing: 0)
  }
}
