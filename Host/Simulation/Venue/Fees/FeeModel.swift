package import Market

/// What the venue charges for a fill, as shares of its worth in parts per million; negative is a
/// rebate. Of several tiers the last one holds that the volume of the last 30 days reaches; volume
/// is counted in prices times quantities as they stand, over all instruments.
package struct FeeModel: Sendable {
  package struct Tier: Sendable {
    /// Of traded worth, in units of 10^-16.
    package var volumeMin: Int128
    package var makerPartsPerMillion: Int64
    package var takerPartsPerMillion: Int64
    package init(volumeMin: Int128 = 0, maker: Int64, taker: Int64) {
      precondition(
        Swift.max(maker.magnitude, taker.magnitude) <= 1_000_000, "a fee is a share of the worth")
      self.volumeMin = volumeMin
      makerPartsPerMillion = maker
      takerPartsPerMillion = taker
    }
  }
  /// What the fee is paid in.
  package enum Currency: Sendable {
    case settlement
    /// The asset that a fill brings: base for who buys spot, else the settlement asset.
    case received
    /// Another one; one of it is worth `rate` of the settlement asset, a mantissa of 10^-8.
    case asset(AssetID, rate: Int64)
  }

  package var tiers: [Tier]
  package var currency = Currency.settlement

  package init(maker: Int64 = 0, taker: Int64 = 0) {
    tiers = [Tier(maker: maker, taker: taker)]
  }
  package init(tiers: [Tier], currency: Currency = .settlement) {
    precondition(tiers.first?.volumeMin == 0, "the first tier holds from no volume on")
    for (lower, higher) in zip(tiers, tiers.dropFirst()) {
      precondition(lower.volumeMin < higher.volumeMin, "tiers rise with the volume")
    }
    if case .asset(_, let rate) = currency { precondition(rate > 0, "a rate is positive") }
    self.tiers = tiers
    self.currency = currency
  }

  /// The tier that this volume has reached.
  func tier(_ volume: Int128) -> Tier {
    var reached = tiers[0]
    for tier in tiers.dropFirst() where tier.volumeMin <= volume { reached = tier }
    return reached
  }
}
