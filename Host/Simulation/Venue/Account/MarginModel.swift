/// Whether the venue watches what the account can bear. It does so by settlement asset: equity is
/// cash and what positions are worth beyond what they cost.
package struct MarginModel: Sendable {
  package enum Close: UInt8, Sendable {
    /// At the price the other side of the market offers.
    case market
    /// At the price that leaves nothing.
    case bankruptcy
  }

  package var isWatched: Bool
  package var close: Close
  /// Of the worth of what is closed.
  package var feePartsPerMillion: Int64

  package init(isWatched: Bool = false, close: Close = .market, feePartsPerMillion: Int64 = 0) {
    precondition((0...1_000_000).contains(feePartsPerMillion), "a fee is a share of the worth")
    self.isWatched = isWatched
    self.close = close
    self.feePartsPerMillion = feePartsPerMillion
  }
}
