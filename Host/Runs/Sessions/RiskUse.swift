import Configuration
import Kernel
import Market

/// How much of a limit is used at this moment, where that can be said without an order at hand.
struct RiskUse {
  /// In the count in which the limit is held.
  var value: Int64
  /// In whole percent of the limit, rounded up.
  var percent: Int

  private init?(_ value: Int64, of limit: Int64?) {
    self.value = value
    guard let limit, limit > 0 else {
      percent = 0
      return
    }
    percent = Int(
      clamping: (Int128(Swift.max(0, value)) * 100 + Int128(limit) - 1) / Int128(limit))
  }

  /// A share of a whole; none where that is not known.
  private init?(_ value: Worth, in whole: Worth?, of limit: Int64?) {
    guard let whole, whole > .zero else { return nil }
    self.init(
      Int64(clamping: Int128(value.micros) * 1_000_000 / Int128(whole.micros)), of: limit)
  }
}

extension RiskUse {
  init?(
    _ name: RiskLimitName, _ scope: LimitScope, _ limit: Int64?, _ facts: RiskFacts,
    _ portfolio: borrowing Portfolio
  ) {
    switch scope {
    case .all: self.init(ofAll: name, limit, facts, portfolio)
    case .slot(let slot): self.init(of: slot, name, limit, facts, portfolio)
    case .assetClass(let raw):
      guard let assetClass = AssetClass(rawValue: raw) else { return nil }
      self.init(of: assetClass, name, limit, facts, portfolio)
    }
  }

  private init?(
    ofAll name: RiskLimitName, _ limit: Int64?, _ facts: RiskFacts,
    _ portfolio: borrowing Portfolio
  ) {
    let equity = portfolio.equity
    switch name {
    case .positionWorthMax:
      self.init(facts.largest { portfolio.exposure($0.id) }.micros, of: limit)
    case .equityShareMax:
      self.init(facts.largest { portfolio.exposure($0.id) }, in: equity, of: limit)
    case .grossExposureMax, .leverageMax: self.init(portfolio.grossExposure, in: equity, of: limit)
    case .correlatedExposureMax:
      self.init(
        facts.largest { $0.group == 0 ? .zero : portfolio.exposure(group: $0.group) }, in: equity,
        of: limit)
    case .sectorExposureMax:
      self.init(
        facts.largest { $0.sector == 0 ? .zero : portfolio.exposure(sector: $0.sector) },
        in: equity, of: limit)
    case .openRiskMax:
      self.init(portfolio.openRisk(unprotected: facts.unprotectedLoss), in: equity, of: limit)
    case .dailyLossMax:
      self.init(equity.map { portfolio.day.loss($0) } ?? .zero, in: portfolio.day.first, of: limit)
    case .dailyTradesMax: self.init(Int64(portfolio.day.entries), of: limit)
    case .drawdownWarning, .drawdownReduce, .drawdownStop:
      self.init(
        equity.map { portfolio.day.drawdown($0) } ?? .zero, in: portfolio.day.highest, of: limit)
    case .marginMax: self.init(portfolio.marginBound, in: equity, of: limit)
    default: return nil
    }
  }

  private init?(
    of slot: UInt32, _ name: RiskLimitName, _ limit: Int64?, _ facts: RiskFacts,
    _ portfolio: borrowing Portfolio
  ) {
    switch name {
    case .positionWorthMax:
      self.init(facts.largest { portfolio.exposure(slot, $0.id) }.micros, of: limit)
    case .equityShareMax:
      self.init(
        facts.largest { portfolio.exposure(slot, $0.id) }, in: portfolio.equity, of: limit)
    case .grossExposureMax:
      self.init(portfolio.grossExposure(slot: slot), in: portfolio.equity, of: limit)
    case .dailyLossMax:
      self.init(portfolio.dayLoss(slot: slot), in: portfolio.day.first, of: limit)
    case .dailyTradesMax: self.init(Int64(portfolio.day.entries(slot: slot)), of: limit)
    // What it made or lost is part of what it trades with.
    case .budget:
      let capital = limit.map { (Worth(micros: $0) + portfolio.realised(slot: slot)).micros }
      self.init(portfolio.grossExposure(slot: slot).micros, of: capital)
    default: return nil
    }
  }

  private init?(
    of assetClass: AssetClass, _ name: RiskLimitName, _ limit: Int64?, _ facts: RiskFacts,
    _ portfolio: borrowing Portfolio
  ) {
    switch name {
    case .classExposureMax:
      self.init(
        facts.largest { $0.assetClass == assetClass ? portfolio.exposure($0.id) : .zero },
        in: portfolio.equity, of: limit)
    case .leverageMax:
      self.init(portfolio.exposure(assetClass: assetClass), in: portfolio.equity, of: limit)
    default: return nil
    }
  }
}

/// What use is told from.
struct RiskFacts {
  let instruments: [Instrument]
  /// Parts per million.
  let unprotectedLoss: Int64

  func largest(_ worth: (Instrument) -> Worth) -> Worth { instruments.map(worth).max() ?? .zero }
}
