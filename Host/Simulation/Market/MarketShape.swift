package import Market

/// What an invented market is like.
package struct MarketShape: Sendable {
  package var seed: UInt64 = 1
  package var start = Timestamp(nanoseconds: 0)
  /// Between two steps of the price behind quotes and books.
  package var step = Nanoseconds.seconds(1)
  /// Of returns, a year: 0.6 is 60 %.
  package var volatility = 0.6
  /// Of the returns of any two instruments.
  package var correlation = 0.0
  /// Steps between two jumps, on average.
  package var jumpSteps = 5_000.0
  /// From bid to ask in basis points of the price, when the market is as volatile as usual.
  package var spread = 1.0
  /// Books: between two doings of an agent, on average.
  package var agentSpacing = Nanoseconds.milliseconds(50)
  /// Books: price levels a side.
  package var levels = 40

  package init() {}

  /// nil when the numbers cannot be those of a market.
  package var ifSound: MarketShape? {
    let isSound =
      (Nanoseconds(1_000)...Self.stepMax).contains(step)
      && (Nanoseconds(1)...Self.stepMax).contains(agentSpacing) && volatility >= 0
      && volatility <= 100
      && correlation >= 0 && correlation <= 1 && jumpSteps >= 1 && spread > 0 && spread <= 1_000
      && (BookLadder.levelsMin...1_000).contains(levels)
    return isSound ? self : nil
  }

  private static let stepMax = Nanoseconds.seconds(7 * 86_400)

  /// Standard deviation of a step's return.
  var stepDeviation: Double {
    volatility * (Double(step.count) / 31_557_600e9).squareRoot()
  }
}
