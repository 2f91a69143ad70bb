package import Market

/// How the simulated venue differs from an ideal one. Each part is a model of its own; all
/// randomness comes from `seed`, so that equal models see equal markets the same way.
package struct VenueModel: Sendable {
  /// Which prices an order may take when it arrives.
  package enum Taking: UInt8, Sendable {
    /// Those of the next record of market data: never what triggered the order.
    case nextData
    /// What stands when it arrives: without latency, that is what triggered it.
    case standingPrices
  }
  /// How the inside of a bar is walked.
  package enum BarPath: UInt8, Sendable {
    /// Open, the extreme nearer to it, the other one, close.
    case nearestFirst
    /// Before that, every stop sees the extreme that it fears.
    case pessimistic
  }
  /// What happens when an order would meet another one of the same account.
  package enum SelfTrade: UInt8, Sendable {
    /// They pass each other by.
    case ignore
    case cancelNewest, cancelOldest, cancelBoth
    /// Both shrink by the smaller of the two, which ends.
    case decrement
  }

  package var seed: UInt64 = 0
  /// The account that this venue trades for.
  package var account: UInt16 = 0
  /// Of this start of the host, in execution ids: none is given twice to one journal. 0: not told.
  package var start: UInt32 = 0
  package var taking = Taking.nextData
  package var barPath = BarPath.nearestFirst
  package var selfTrade = SelfTrade.ignore
  /// Of a bar's volume, in parts per million, what own orders may fill; 0 is no bound.
  package var barShare: Int64 = 0
  /// Prices older than this fill no market order; nil: none is too old.
  package var priceAgeMax: Nanoseconds?
  /// When trading days end, in nanoseconds after midnight UTC, for orders that do not say it.
  package var dayStart = Nanoseconds.zero
  package var queue = QueueModel()
  package var orderLatency = LatencyModel.none
  package var reportLatency = LatencyModel.none
  package var feedLatency = LatencyModel.none
  /// Whether market data reaches the host later than the venue.
  package var delaysData: Bool { !feedLatency.isZero }
  package var fees = FeeModel()
  package var slippage = SlippageModel()
  package var funding = FundingModel()
  package var margin = MarginModel()
  package var faults = FaultModel()

  package init() {}
}
