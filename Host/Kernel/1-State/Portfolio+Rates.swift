package import Market
import PluginABI
import PluginBridge

/// One asset: its cash, its rate into the reporting asset, and who depends on it.
struct RatedAsset: Sendable {
  var rate: Rate?
  /// A fixed rate does not grow old.
  var isFixed = false
  var updated: Timestamp = .distantPast
  var balance: Int128 = 0
  var worth = Worth.zero
  /// Came or went while there was no rate: valued with the first.
  var unvaluedFlow: Int128 = 0
  /// What working orders will take, at most.
  var reserved: Int128 = 0
  /// There is cash, and no rate for it.
  var isUnrated = false
  /// The instrument whose price the rate is.
  var market: UInt32 = .max
  var firstHeld = UInt32.max
}

/// What an account pays and may owe.
package struct AccountTerms: Sendable {
  package internal(set) var takerFee: Int64 = 0
  package internal(set) var mayOwe = false
}

extension Portfolio {
  package func terms(of account: UInt16) -> AccountTerms {
    Int(account) < accounts.count ? accounts[Int(account)] : AccountTerms()
  }

  /// What one unit of an asset is worth, for statistics; nil without a rate.
  package func rate(of asset: AssetID) -> Double? {
    guard let rate = assets[Int(asset.rawValue)].rate else { return nil }
    var value = Double(rate.mantissa)
    for _ in 0..<rate.exponent.magnitude { value = rate.exponent < 0 ? value / 10 : value * 10 }
    return value
  }

  package func hasRate(_ asset: AssetID) -> Bool { assets[Int(asset.rawValue)].rate != nil }

  /// When the rate of an asset was last told; nil where it is fixed, or where there is none.
  package func rateTime(_ asset: AssetID) -> Timestamp? {
    let rated = assets[Int(asset.rawValue)]
    return rated.isFixed || rated.rate == nil ? nil : rated.updated
  }
  /// The oldest among the rates that equity hangs on; nil where all of them are fixed.
  package var oldestRateTime: Timestamp? {
    var oldest: Timestamp?
    for index in movingRates {
      let asset = Int(index)
      guard assets[asset].balance != 0 || assets[asset].firstHeld != .max else { continue }
      oldest = Swift.min(oldest ?? assets[asset].updated, assets[asset].updated)
    }
    return oldest
  }

  /// Records that say what things are worth, and what accounts may do.
  mutating func apply(_ record: Record, _ price: Price?) {
    switch record.type {
    case KEEL_REC_SESSION:
      guard let raw = record.cast(to: keel_rec_session.self)?.pointee, raw.reporting != 0,
        raw.reporting < assets.count
      else { return }
      rateFixed(Int(raw.reporting), .one)
    case KEEL_REC_RATE:
      guard let raw = record.cast(to: keel_rec_rate.self)?.pointee, raw.asset != 0,
        raw.asset < assets.count
      else { return }
      rate(raw, record, price)
    case KEEL_REC_ACCOUNT:
      guard let raw = record.cast(to: keel_rec_account.self)?.pointee,
        raw.account < accounts.count
      else { return }
      accounts[Int(raw.account)].takerFee = Int64(Swift.max(0, raw.taker_fee))
      accounts[Int(raw.account)].mayOwe = Int(raw.offers) & KEEL_OFFER_MARGIN != 0
    default: break
    }
  }

  private mutating func rateFixed(_ asset: Int, _ rate: Rate) {
    unfollow(asset)
    fix(asset, true)
    self.rate(UInt32(asset), rate)
  }

  private mutating func rate(_ raw: keel_rec_rate, _ record: Record, _ price: Price?) {
    let asset = Int(raw.asset)
    switch Int(raw.kind) {
    case KEEL_RATE_FIXED:
      if let rate = Rate(raw.rate, exponent: -8) { rateFixed(asset, rate) }
    case KEEL_RATE_QUOTED:
      guard let rate = Rate(raw.rate, exponent: -8) else { return }
      unfollow(asset)
      fix(asset, false)
      assets[asset].updated = record.time
      self.rate(raw.asset, rate)
    case KEEL_RATE_MARKET:
      let index = record.instrument.index
      guard index < rows.count, let instrument = rows[index].instrument else { return }
      unfollow(asset)
      rows[index].ratedAsset = raw.asset
      isWatched[index] = true
      assets[asset].market = UInt32(index)
      fix(asset, false)
      guard let price else {
        self.rate(raw.asset, nil)
        return
      }
      assets[asset].updated = record.time
      self.rate(raw.asset, Rate(price.mantissa, exponent: instrument.priceExponent))
    default: break
    }
  }

  private mutating func fix(_ asset: Int, _ isFixed: Bool) {
    assets[asset].isFixed = isFixed
    movingRates.removeAll { $0 == UInt32(asset) }
    if !isFixed { movingRates.append(UInt32(asset)) }
  }

  private mutating func unfollow(_ asset: Int) {
    guard assets[asset].market != .max else { return }
    let index = Int(assets[asset].market)
    rows[index].ratedAsset = 0
    isWatched[index] = rows[index].isHeld
    assets[asset].market = .max
  }

  /// A new rate: cash is revalued, and all that settles in the asset.
  mutating func rate(_ asset: UInt32, _ rate: Rate?) {
    let index = Int(asset)
    let before = assets[index].worth
    assets[index].rate = rate
    valueCash(index)
    totals.revaluation += assets[index].worth.difference(from: before)
    if let rate, assets[index].unvaluedFlow != 0 {
      let flow = WorthProduct.roundedDown(assets[index].unvaluedFlow, at: rate)
      assets[index].unvaluedFlow = 0
      // It is no profit that this money is worth something at last.
      totals.revaluation -= Int128(flow.micros)
      flowed(Int128(flow.micros))
    }
    var held = assets[index].firstHeld
    while held != .max {
      value(Int(held), exposed: true)
      held = rows[Int(held)].next
    }
  }

  /// The balance of an asset changed, `flow` of it by deposit or withdrawal.
  mutating func cash(_ balance: Money, flow: Int128 = 0) {
    let index = Int(balance.asset.rawValue)
    let before = assets[index].worth
    assets[index].balance = balance.units
    if balance.units != 0 { totals.hasCash = true }
    valueCash(index)
    guard flow != 0 else { return }
    if assets[index].rate == nil {
      assets[index].unvaluedFlow += flow
    } else {
      flowed(assets[index].worth.difference(from: before))
    }
  }

  private mutating func valueCash(_ index: Int) {
    let worth =
      assets[index].rate.map { WorthProduct.roundedDown(assets[index].balance, at: $0) } ?? .zero
    totals.cash += worth.difference(from: assets[index].worth)
    assets[index].worth = worth
    let isUnrated = assets[index].balance != 0 && assets[index].rate == nil
    if isUnrated != assets[index].isUnrated { totals.unrated += isUnrated ? 1 : -1 }
    assets[index].isUnrated = isUnrated
  }

  private mutating func flowed(_ change: Int128) {
    totals.flows += change
    day.flowed(change)
  }
}
