import Glibc

/// How likely the configuration that was best in a backtest is worse than most outside of it: by
/// combinatorially symmetric cross-validation (Bailey, Borwein, López de Prado and Zhu, 2015).
///
/// The periods are cut into blocks. Every choice of half of the blocks is once what one saw, and
/// the other half what came after: the best of the one is ranked in the other.
package struct BacktestOverfitting: Sendable, Equatable {
  package static let blocksMax = 20

  package let configurations: Int
  package let blocks: Int
  package let combinations: Int
  /// The share of combinations in which the best seen was at or below the median of what came.
  package let probability: Double
  /// The share in which it lost money.
  package let probabilityOfLoss: Double
  /// Of a line through what came over what was seen, for the chosen; negative: the better it
  /// looked, the worse it did.
  package let degradation: Double?
  /// log(rank / (1 - rank)) for each combination, in a fixed order.
  package let logits: [Double]

  /// `returns` holds one series of equal length for each configuration. nil without two of them,
  /// with an odd number of blocks or more than `blocksMax`, or with fewer than two periods a block.
  package init?(_ returns: [[Double]], blocks: Int = 16) {
    guard returns.count > 1, let periods = returns.first?.count, blocks >= 2, blocks % 2 == 0,
      blocks <= Self.blocksMax, periods >= 2 * blocks,
      returns.allSatisfy({ $0.count == periods && $0.allSatisfy(\.isFinite) })
    else { return nil }
    let sums = BlockSums(returns, periods: periods, blocks: blocks)
    var logits: [Double] = []
    var seenRatios: [Double] = []
    var laterRatios: [Double] = []
    var mask = (1 << (blocks / 2)) - 1
    while mask < 1 << blocks {
      let seen = sums.sharpes(mask)
      let later = sums.sharpes(~mask & ((1 << blocks) - 1))
      let best = Self.indexOfMaximum(seen)
      let rank = Self.rank(of: best, in: later) / Double(returns.count + 1)
      logits.append(log(rank / (1 - rank)))
      seenRatios.append(seen[best])
      laterRatios.append(later[best])
      mask = Self.nextOfEqualCount(mask)
    }
    configurations = returns.count
    self.blocks = blocks
    combinations = logits.count
    self.logits = logits
    let count = Double(logits.count)
    probability = Double(logits.count { $0 <= 0 }) / count
    probabilityOfLoss = Double(laterRatios.count { $0 < 0 }) / count
    let (x, y) = (Moments(seenRatios), Moments(laterRatios))
    var products = 0.0
    for (a, b) in zip(seenRatios, laterRatios) { products += (a - x.mean) * (b - y.mean) }
    degradation = x.varies ? Ratio.of(products, x.second) : nil
  }

  private static func indexOfMaximum(_ values: [Double]) -> Int {
    var best = 0
    for index in values.indices where values[index] > values[best] { best = index }
    return best
  }

  /// From 1, the worst; equal values share the mean of their ranks.
  private static func rank(of index: Int, in values: [Double]) -> Double {
    var (below, equal) = (0, 0)
    for value in values {
      if value < values[index] { below += 1 } else if value == values[index] { equal += 1 }
    }
    return Double(below) + Double(equal + 1) / 2
  }

  /// The next larger number with as many bits set.
  private static func nextOfEqualCount(_ mask: Int) -> Int {
    let lowest = mask & -mask
    let carried = mask + lowest
    return carried | ((mask ^ carried) / lowest) >> 2
  }
}

/// Sums and squares of each block of each configuration, so that a choice of blocks costs additions
/// alone.
private struct BlockSums {
  private let configurations: Int
  private let blocks: Int
  private var sums: [Double]
  private var squares: [Double]
  private var counts: [Int]

  init(_ returns: [[Double]], periods: Int, blocks: Int) {
    configurations = returns.count
    self.blocks = blocks
    sums = Array(repeating: 0, count: returns.count * blocks)
    squares = sums
    counts = Array(repeating: 0, count: blocks)
    for block in 0..<blocks {
      let range = (block * periods / blocks)..<((block + 1) * periods / blocks)
      counts[block] = range.count
      for (index, series) in returns.enumerated() {
        var (sum, square) = (0.0, 0.0)
        for value in series[range] {
          sum += value
          square += value * value
        }
        sums[block * configurations + index] = sum
        squares[block * configurations + index] = square
      }
    }
  }

  /// Of one period; 0 where nothing varies.
  func sharpes(_ mask: Int) -> [Double] {
    var sum = Array(repeating: 0.0, count: configurations)
    var square = sum
    var count = 0
    for block in 0..<blocks where mask >> block & 1 == 1 {
      let start = block * configurations
      for index in 0..<configurations {
        sum[index] += sums[start + index]
        square[index] += squares[start + index]
      }
      count += counts[block]
    }
    let n = Double(count)
    for index in 0..<configurations {
      let variance = (square[index] - sum[index] * sum[index] / n) / (n - 1)
      let varies = variance > square[index] / n * 1e-12
      sum[index] = varies ? sum[index] / n / variance.squareRoot() : 0
    }
    return sum
  }
}
