import Configuration
import Market
import Simulation

/// A configured venue in the terms of the simulation. Its form is checked already.
extension VenueBehaviour {
  /// Accounts are numbered as venues are; each venue has random numbers of its own.
  func model(account: Int, seed: UInt64, assets: [String]) -> VenueModel {
    var model = VenueModel()
    model.seed = seed &+ UInt64(account) &* 0x9E37_79B9_7F4A_7C15
    model.account = UInt16(account)
    model.taking = taking == .nextData ? .nextData : .standingPrices
    model.barPath = barPath == .pessimistic ? .pessimistic : .nearestFirst
    model.barShare = barShare
    model.priceAgeMax = priceAgeMax == 0 ? nil : Nanoseconds(priceAgeMax)
    model.selfTrade = selfTradeMode
    model.queue = QueueModel(queueRule, power: queuePower)
    model.orderLatency = orderLatency.leg
    model.reportLatency = reportLatency.leg
    model.feedLatency = feedLatency.leg
    model.fees = FeeModel(
      tiers: tiers.map {
        FeeModel.Tier(volumeMin: $0.volume, maker: $0.maker, taker: $0.taker)
      }, currency: currency(assets))
    model.slippage = SlippageModel(
      slippageRule, amount: slippageAmount, window: Nanoseconds(slippageWindow),
      decay: Nanoseconds(slippageDecay))
    model.funding = FundingModel(
      every: fundingInterval == 0 ? nil : Nanoseconds(fundingInterval),
      partsPerMillion: fundingRate)
    model.margin = MarginModel(
      isWatched: liquidation != .off, close: liquidation == .bankruptcy ? .bankruptcy : .market,
      feePartsPerMillion: liquidationFee)
    model.faults = FaultModel(
      rejectsPerMillion: rejects, lossesPerMillion: losses,
      outages: outages.map {
        FaultModel.Window(
          start: Timestamp(nanoseconds: $0.start), end: Timestamp(nanoseconds: $0.end),
          $0.kind == .delays ? .delays : .loses)
      })
    return model
  }

  private var selfTradeMode: VenueModel.SelfTrade {
    switch selfTrade {
    case .ignore: .ignore
    case .cancelNewest: .cancelNewest
    case .cancelOldest: .cancelOldest
    case .cancelBoth: .cancelBoth
    case .decrement: .decrement
    }
  }

  private var queueRule: QueueModel.Rule {
    switch queue {
    case .front: .front
    case .riskAverse: .riskAverse
    case .probability: .probability
    case .logProbability: .logProbability
    }
  }

  private var slippageRule: SlippageModel.Rule {
    switch slippage {
    case .none: .none
    case .ticks: .ticks
    case .share: .share
    case .squareRoot: .squareRoot
    }
  }

  private func currency(_ assets: [String]) -> FeeModel.Currency {
    switch feeCurrency {
    case .settlement: .settlement
    case .received: .received
    case .asset:
      .asset(
        AssetID(rawValue: UInt32(assets.firstIndex(of: feeAsset) ?? 0)), rate: feeAssetRate)
    }
  }
}

extension LatencyConfiguration {
  fileprivate var leg: LatencyModel {
    switch model {
    case .constant: .constant(Nanoseconds(middle))
    case .logNormal:
      .logNormal(
        median: Nanoseconds(middle), deviation: Double(deviation) / 1e6, most: Nanoseconds(most))
    case .normal:
      .normal(
        mean: Nanoseconds(middle), deviation: Nanoseconds(deviation), least: Nanoseconds(least),
        most: Nanoseconds(most))
    case .table:
      .table(
        steps.map {
          LatencyModel.Step(
            time: Timestamp(nanoseconds: $0.time), delay: Nanoseconds($0.delay))
        })
    }
  }
}
