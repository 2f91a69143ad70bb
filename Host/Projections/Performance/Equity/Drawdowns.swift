package import Market

/// How far equity was below its highest value so far, over a whole course.
package struct Drawdowns: Sendable, Equatable {
  /// At or below zero, one for each value, the first included.
  package private(set) var curve: [Double] = []
  /// At or below zero: the deepest, where it was, and where the top before it was.
  package private(set) var deepest: Double?
  package private(set) var troughIndex: Int?
  package private(set) var peakIndex: Int?
  /// The root of the mean squared drawdown, in percent.
  package private(set) var ulcerIndex: Double?
  package private(set) var mean: Double?
  /// Every fall that was not yet made good when the next value came, in order of time.
  package private(set) var episodes: [DrawdownEpisode] = []

  /// Values beyond a top that is not above zero have no drawdown: they count as a total loss.
  package init(_ equity: [Double]) {
    guard let first = equity.first else { return }
    curve.reserveCapacity(equity.count)
    // A top that is touched again: the deepest fall is told from its first time, a fall that
    // follows begins at its last.
    var (peak, firstAt, lastAt) = (first, 0, 0)
    var (sum, squares, worst) = (0.0, 0.0, 0.0)
    var open: DrawdownEpisode?
    for (index, value) in equity.enumerated() {
      if value >= peak {
        if var ended = open {
          ended.recoveryIndex = index
          episodes.append(ended)
          open = nil
        }
        if value > peak { firstAt = index }
        (peak, lastAt) = (value, index)
      }
      let depth = peak > 0 ? Swift.max(-1, Swift.min(0, value / peak - 1)) : -1
      curve.append(depth)
      sum += depth
      squares += depth * depth
      if depth < worst {
        worst = depth
        (troughIndex, peakIndex) = (index, firstAt)
      }
      if depth < 0 {
        if open == nil { open = DrawdownEpisode(startIndex: lastAt, depth: 0) }
        if let deepest = open?.depth, depth < deepest {
          open?.depth = depth
          open?.troughIndex = index
        }
      }
    }
    if let open { episodes.append(open) }
    deepest = worst
    mean = sum / Double(equity.count)
    ulcerIndex = (squares / Double(equity.count)).squareRoot() * 100
  }

  /// Of what one unit becomes.
  init(returns: [Double]) {
    var equity = [1.0]
    equity.reserveCapacity(returns.count + 1)
    for value in returns { equity.append(equity[equity.count - 1] * (1 + value)) }
    self.init(equity)
  }

  /// The deepest falls first; equal ones in order of time.
  package func worst(_ count: Int) -> [DrawdownEpisode] {
    let sorted = episodes.sorted {
      ($0.depth, $0.startIndex) < ($1.depth, $1.startIndex)
    }
    return Array(sorted.prefix(count))
  }

  /// From a top to the time it was reached again, or to the end of the course where it was not.
  package func longest(times: [Timestamp]) -> Nanoseconds? {
    guard times.count == curve.count, let end = times.last else { return nil }
    let lengths = episodes.map { episode in
      (episode.recoveryIndex.map { times[$0] } ?? end) - times[episode.startIndex]
    }
    return lengths.max() ?? .zero
  }
}

/// One fall below a top. Indices are into the values it was found in.
package struct DrawdownEpisode: Sendable, Equatable {
  /// Where the top was.
  package var startIndex: Int
  package var troughIndex = 0
  /// Where the top was reached again; nil if it was not.
  package var recoveryIndex: Int?
  /// At or below zero.
  package var depth: Double
}
