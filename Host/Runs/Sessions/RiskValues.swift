import Configuration
import Kernel
import Market
import PluginABI
import PluginBridge

/// Configured limits, rates and accounts as the records that make them.
extension RiskConfiguration {
  var changes: [LimitChange] {
    limits.changes(.all)
      + classes.flatMap { $0.limits.changes(.assetClass($0.assetClass.rawValue)) }
  }
}

extension RiskLimitValues {
  func changes(_ scope: LimitScope) -> [LimitChange] {
    all.map { LimitChange($0.name.key, scope, $0.value) }
  }
}

extension RateConfiguration {
  func record(_ asset: AssetID) -> keel_rec_rate {
    Self.fixed(asset, mantissa)
  }

  static func fixed(_ asset: AssetID, _ mantissa: Int64) -> keel_rec_rate {
    var record = keel_rec_rate()
    record.h = keel_event(KEEL_REC_RATE, of: keel_rec_rate.self)
    record.rate = mantissa
    record.asset = asset.rawValue
    record.kind = UInt32(KEEL_RATE_FIXED)
    return record
  }

  /// An asset that is worth what an instrument's market says.
  static func market(_ asset: AssetID, _ instrument: InstrumentID) -> keel_rec_rate {
    var record = keel_rec_rate()
    record.h = keel_event(KEEL_REC_RATE, of: keel_rec_rate.self, instrument: instrument)
    record.asset = asset.rawValue
    record.kind = UInt32(KEEL_RATE_MARKET)
    return record
  }
}

extension VenueConfiguration {
  /// Accounts are numbered as venues are.
  func account(_ number: Int) -> keel_rec_account {
    var record = keel_rec_account()
    record.h = keel_event(KEEL_REC_ACCOUNT, of: keel_rec_account.self)
    record.account = UInt32(number)
    for offer in account.offers { record.offers |= offer.bit }
    for type in account.orderTypes { record.order_types |= 1 << UInt32(type.abi.rawValue) }
    for time in account.timesInForce { record.times_in_force |= 1 << UInt32(time.abi.rawValue) }
    // What an order must be able to pay: the highest of the tiers.
    record.taker_fee = Int32(clamping: behaviour.tiers.map(\.taker).max() ?? 0)
    FixedText.write(account.name, to: &record.name)
    return record
  }
}

extension VenueAccountConfiguration.Offer {
  fileprivate var bit: UInt32 {
    switch self {
    case .amend: UInt32(KEEL_OFFER_AMEND)
    case .reduceOnly: UInt32(KEEL_OFFER_REDUCE_ONLY)
    case .postOnly: UInt32(KEEL_OFFER_POST_ONLY)
    case .hedging: UInt32(KEEL_OFFER_HEDGING)
    case .margin: UInt32(KEEL_OFFER_MARGIN)
    }
  }
}

extension VenueAccountConfiguration.OrderKind {
  fileprivate var abi: OrderType {
    switch self {
    case .market: .market
    case .limit: .limit
    case .stop: .stop
    case .stopLimit: .stopLimit
    case .trailingStop: .trailingStop
    case .takeProfit: .takeProfit
    case .ifTouched: .ifTouched
    }
  }
}

extension VenueAccountConfiguration.Time {
  fileprivate var abi: TimeInForce {
    switch self {
    case .goodTillCancelled: .goodTillCancelled
    case .immediateOrCancel: .immediateOrCancel
    case .fillOrKill: .fillOrKill
    case .goodTillDate: .goodTillDate
    case .day: .day
    }
  }
}

extension RiskLimitName {
  var key: LimitKey {
    switch self {
    case .orderWorthMax: .orderWorth
    case .orderLotsMax: .orderLots
    case .priceCollar: .priceCollar
    case .dataAgeMaxMilliseconds: .dataAge
    case .rateAgeMaxMilliseconds: .rateAge
    case .selfTrade: .selfTrade
    case .duplicateOrderMilliseconds: .duplicateTime
    case .slotOrdersMax: .slotOrders
    case .accountOrdersMax: .accountOrders
    case .venueOrdersMax: .venueOrders
    case .orderRateMilliseconds: .rateTime
    case .positionWorthMax: .positionWorth
    case .equityShareMax: .equityShare
    case .grossExposureMax: .grossExposure
    case .classExposureMax: .classExposure
    case .leverageMax: .leverage
    case .correlatedExposureMax: .correlated
    case .sectorExposureMax: .sector
    case .tradeRiskMax: .tradeRisk
    case .openRiskMax: .openRisk
    case .unprotectedLoss: .unprotectedLoss
    case .dailyLossMax: .dailyLoss
    case .dailyTradesMax: .dailyTrades
    case .dayStartMinutes: .dayStart
    case .drawdownWarning: .drawdownWarning
    case .drawdownReduce: .drawdownReduce
    case .drawdownStop: .drawdownStop
    case .marginMax: .margin
    case .breakerRejectsMax: .breakerRejects
    case .breakerMove: .breakerMove
    case .breakerMilliseconds: .breakerTime
    case .breakerPauseMilliseconds: .breakerPause
    case .budget: .budget
    case .answerMilliseconds: .answerTime
    case .crossing: .crossing
    }
  }
}
