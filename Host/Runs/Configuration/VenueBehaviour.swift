/// How a simulated venue differs from an ideal one, as the file says it: numbers are mantissas of
/// 10^-6 where nothing else is said, times nanoseconds.
package struct VenueBehaviour: Sendable, Equatable {
  package enum Taking: String, Sendable, CaseIterable { case nextData, standingPrices }
  package enum BarPath: String, Sendable, CaseIterable { case nearestFirst, pessimistic }
  package enum SelfTrade: String, Sendable, CaseIterable {
    case ignore, cancelNewest, cancelOldest, cancelBoth, decrement
  }
  package enum Queue: String, Sendable, CaseIterable {
    case front, riskAverse, probability, logProbability
  }
  package enum Slippage: String, Sendable, CaseIterable { case none, ticks, share, squareRoot }
  package enum Liquidation: String, Sendable, CaseIterable { case off, market, bankruptcy }
  package enum FeeCurrency: String, Sendable, CaseIterable { case settlement, received, asset }

  package struct FeeTier: Sendable, Equatable {
    /// Of 10^-16.
    package var volume: Int128
    package var maker: Int64
    package var taker: Int64
  }
  package struct Outage: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable { case delays, loses }
    package var start: Int64
    package var end: Int64
    package var kind: Kind
  }

  package var taking: Taking
  package var barPath: BarPath
  /// 0: no bound.
  package var barShare: Int64
  /// 0: none is too old.
  package var priceAgeMax: Int64
  package var selfTrade: SelfTrade
  package var queue: Queue
  package var queuePower: Double
  package var orderLatency: LatencyConfiguration
  package var reportLatency: LatencyConfiguration
  package var feedLatency: LatencyConfiguration
  package var tiers: [FeeTier]
  package var feeCurrency: FeeCurrency
  package var feeAsset: String
  /// Of 10^-8.
  package var feeAssetRate: Int64
  package var slippage: Slippage
  package var slippageAmount: Int64
  package var slippageWindow: Int64
  package var slippageDecay: Int64
  /// 0: funding comes from the data alone.
  package var fundingInterval: Int64
  package var fundingRate: Int64
  package var liquidation: Liquidation
  package var liquidationFee: Int64
  package var rejects: Int64
  package var losses: Int64
  package var outages: [Outage]
}

/// How long one leg takes.
package struct LatencyConfiguration: Sendable, Equatable {
  package enum Model: String, Sendable, CaseIterable { case constant, logNormal, normal, table }
  package struct Step: Sendable, Equatable {
    package var time: Int64
    package var delay: Int64
  }
  package var model: Model
  /// Constant, median or mean.
  package var middle: Int64
  /// Of a normal distribution in nanoseconds, of a log-normal one in 10^-6 of the logarithm.
  package var deviation: Int64
  package var least: Int64
  package var most: Int64
  package var steps: [Step]
}
