import Glibc

/// What might have happened, had the same returns or trades come in another order and mixture.
package struct MonteCarlo: Sendable, Equatable {
  package enum Resampling: Sendable, Equatable {
    /// Each step alone: for trades, which are taken to be independent.
    case single
    /// Blocks of that length, beginning anywhere, round the end: keeps what hangs together.
    case blocks(Int)
    /// Blocks whose length varies about that mean, so that no seam is more likely than another.
    case stationary(Int)
  }

  package enum Accumulation: Sendable, Equatable {
    /// Steps are returns.
    case compounding
    /// Steps are profits, as shares of the starting equity.
    case adding
  }

  package var paths = 10_000
  package var seed: UInt64 = 1
  package var accumulation = Accumulation.compounding
  /// nil: as many as there are values.
  package var steps: Int?
  /// A path is ruined when it ever loses this share of where it began.
  package var ruin = 0.5
  /// For the Sharpe ratio of paths; nil: there is none.
  package var periodsPerYear: Double?
  /// At how many times the bands are told, the start included.
  package var bandPoints = 121

  package init() {}

  /// The cube root of the count: long enough to hold short memory, short enough to mix.
  package static func blockLength(_ count: Int) -> Int {
    Swift.max(1, Int(cbrt(Double(count)).rounded()))
  }

  /// nil without two values, or where a value is no number. `paths` times the band points, and
  /// three numbers a path, is all the memory it takes.
  package func run(_ values: [Double], _ resampling: Resampling) -> MonteCarloResult? {
    let steps = steps ?? values.count
    guard values.count > 1, steps > 0, paths > 1, values.allSatisfy(\.isFinite) else { return nil }
    let checkpoints = checkpoints(steps)
    var outcome = PathOutcomes(paths: paths, checkpoints: checkpoints.count)
    var random = ResamplingGenerator(seed: seed)
    let isAdding = accumulation == .adding
    let floor = 1 - ruin
    values.withUnsafeBufferPointer { values in
      for path in 0..<paths {
        var walk = Walk(resampling, values.count)
        var (equity, peak, peakFloor, worst) = (1.0, 1.0, 1.0, 0.0)
        var (sum, squares, lowest) = (0.0, 0.0, 1.0)
        var (step, checkpoint) = (0, 1)
        outcome.note(1, path, 0)
        while checkpoint < checkpoints.count {
          let end = checkpoints[checkpoint]
          while step < end {
            let value = values[walk.next(&random)]
            equity = isAdding ? equity + value : equity * (1 + value)
            sum += value
            squares += value * value
            if equity > peak {
              peak = equity
              peakFloor = peak * (1 + worst)
            } else if equity < peakFloor {
              worst = Swift.max(-1, equity / peak - 1)
              peakFloor = equity
            }
            lowest = Swift.min(lowest, equity)
            step += 1
          }
          outcome.note(equity, path, checkpoint)
          checkpoint += 1
        }
        outcome.finish(
          path, final: equity - 1, drawdown: worst, isRuined: lowest <= floor,
          sharpe: sharpe(sum, squares, steps))
      }
    }
    return MonteCarloResult(self, resampling, values.count, checkpoints, outcome)
  }

  private func sharpe(_ sum: Double, _ squares: Double, _ steps: Int) -> Double? {
    guard let periodsPerYear, steps > 1 else { return nil }
    let n = Double(steps)
    let variance = (squares - sum * sum / n) / (n - 1)
    guard variance > squares / n * 1e-12 else { return nil }
    return (sum / n / variance.squareRoot() * periodsPerYear.squareRoot()).ifFinite
  }

  private func checkpoints(_ steps: Int) -> [Int] {
    let count = Swift.max(2, Swift.min(bandPoints, steps + 1))
    return (0..<count).map { $0 * steps / (count - 1) }
  }
}

/// Which value comes next.
private struct Walk {
  private let count: Int
  private let length: Int
  /// Out of 2^64: how likely a block ends behind a value. 0 counts the length down instead.
  private let ending: UInt64
  private var at = 0
  private var left = 0

  init(_ resampling: MonteCarlo.Resampling, _ count: Int) {
    self.count = count
    switch resampling {
    case .single: (length, ending) = (1, 0)
    case .blocks(let length): (self.length, ending) = (Swift.max(1, length), 0)
    case .stationary(let mean):
      length = Swift.max(1, mean)
      ending = length == 1 ? 0 : UInt64.max / UInt64(length)
    }
  }

  @inline(__always)
  mutating func next(_ random: inout ResamplingGenerator) -> Int {
    if left == 0 {
      at = random.index(below: count)
      left = length
    } else {
      at += 1
      if at == count { at = 0 }
    }
    if ending == 0 {
      left -= 1
    } else if random.next() < ending {
      left = 0
    }
    return at
  }
}
