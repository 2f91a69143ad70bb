package import Market

/// How much worse than the price it finds an order that takes is filled: what the data does not
/// show of its own effect. Never beyond the order's limit; rounded to whole ticks, away from it.
package struct SlippageModel: Sendable {
  package enum Rule: UInt8, Sendable {
    case none
    /// So many ticks.
    case ticks
    /// So many parts per million of the price.
    case share
    /// `amount` parts per million times the square root of participation: the fill's quantity
    /// against what the market traded in `window`. It stays in the price for what is taken after,
    /// and fades in a straight line within `decay`.
    case squareRoot
  }

  package var rule: Rule
  package var amount: Int64
  package var window: Nanoseconds
  package var decay: Nanoseconds

  package init(
    _ rule: Rule = .none, amount: Int64 = 0, window: Nanoseconds = .seconds(86_400),
    decay: Nanoseconds = .seconds(60)
  ) {
    precondition(amount >= 0 && amount <= 1_000_000, "slippage is a share of the price, or ticks")
    precondition(window > .zero && decay >= .zero, "the market is counted over some time")
    self.rule = rule
    self.amount = amount
    self.window = window
    self.decay = decay
  }

  /// Parts per million that a fill of `quantity` adds where the market traded `volume`.
  func effect(_ quantity: Int64, of volume: Int64) -> Double {
    // Where nothing was seen to trade, the fill is the whole market.
    let participation = volume > 0 ? Double(quantity) / Double(volume) : 1
    return Double(amount) * participation.squareRoot()
  }
}
