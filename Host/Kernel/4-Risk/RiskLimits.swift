import PluginABI
package import PluginBridge

/// What may be limited; file.h says what each value counts. Raw values are the C ABI's.
package enum LimitKey: UInt16, Sendable, CaseIterable {
  case orderWorth = 1, orderLots, priceCollar, dataAge, rateAge, selfTrade, duplicateTime
  case slotOrders, accountOrders, venueOrders, rateTime
  case positionWorth, equityShare, grossExposure, classExposure, leverage, correlated, sector
  case tradeRisk, openRisk, unprotectedLoss
  case dailyLoss, dailyTrades, dayStart, drawdownWarning, drawdownReduce, drawdownStop, margin
  case breakerRejects, breakerMove, breakerTime, breakerPause
  case budget, answerTime, crossing
}

extension LimitKey {
  /// Whose it can be: of all, of each slot, of each asset class. A slot's share is one of the
  /// account's equity; what it is held against is the slot's own.
  package var scopes: (all: Bool, slot: Bool, assetClass: Bool) {
    switch self {
    case .orderWorth, .orderLots, .priceCollar, .dataAge, .duplicateTime, .slotOrders,
      .positionWorth, .equityShare, .grossExposure, .tradeRisk, .dailyLoss, .dailyTrades:
      (true, true, false)
    case .budget: (false, true, false)
    case .classExposure: (false, false, true)
    case .leverage: (true, false, true)
    case .rateAge, .selfTrade, .accountOrders, .venueOrders, .rateTime, .correlated, .sector,
      .openRisk, .unprotectedLoss, .dayStart, .drawdownWarning, .drawdownReduce, .drawdownStop,
      .margin, .breakerRejects, .breakerMove, .breakerTime, .breakerPause, .answerTime, .crossing:
      (true, false, false)
    }
  }

  /// Held against equity, which therefore must be known.
  var needsEquity: Bool {
    switch self {
    case .equityShare, .grossExposure, .classExposure, .leverage, .correlated, .sector,
      .tradeRisk, .openRisk, .dailyLoss, .drawdownReduce, .drawdownStop, .margin:
      true
    default: false
    }
  }
  /// Counted in the reporting asset, for which a rate is needed.
  var needsRate: Bool {
    needsEquity || self == .orderWorth || self == .positionWorth || self == .budget
  }
}

/// Whom a limit binds. Of several that are set, the tightest does.
package enum LimitScope: Hashable, Sendable {
  case all
  case slot(UInt32)
  case assetClass(UInt8)
}

/// Every limit in force. What is not set is off; only the research preset leaves it so.
package struct RiskLimits: Sendable {
  var values: [Int64]
  let slots: Int
  /// Whether any limit that is set needs equity, or a rate.
  package internal(set) var needEquity = false
  package internal(set) var needRate = false
  /// Whether prices are watched for moves.
  var watchMoves = false
  @inline(__always)
  private static var keys: Int { Int(LimitKey.crossing.rawValue) + 1 }
  @inline(__always)
  private static var classes: Int { 8 }

  /// Bounds how many slots can have limits of their own.
  package init(slots: Int) {
    self.slots = slots
    values = Array(repeating: KEEL_NULL, count: (1 + slots + Self.classes) * Self.keys)
  }

  @inline(__always)
  private func place(_ key: LimitKey, _ scope: LimitScope) -> Int? {
    let row: Int
    switch scope {
    case .all:
      guard key.scopes.all else { return nil }
      row = 0
    case .slot(let number):
      guard key.scopes.slot, number < slots else { return nil }
      row = 1 + Int(number)
    case .assetClass(let number):
      guard key.scopes.assetClass, number < Self.classes else { return nil }
      row = 1 + slots + Int(number)
    }
    return row * Self.keys + Int(key.rawValue)
  }

  /// nil where it is off.
  package subscript(key: LimitKey, scope: LimitScope) -> Int64? {
    @inline(__always) get {
      guard let place = place(key, scope), values[place] != KEEL_NULL else { return nil }
      return values[place]
    }
    set {
      guard let place = place(key, scope) else { return }
      values[place] = newValue ?? KEEL_NULL
      needEquity = isAnySet { $0.needsEquity }
      needRate = isAnySet { $0.needsRate }
      watchMoves = self[.breakerMove] != nil
    }
  }
  /// The tighter of everyone's and the slot's own, where less is tighter.
  @inline(__always)
  func tightest(_ key: LimitKey, slot: UInt32) -> Int64? {
    switch (self[key, .all], self[key, .slot(slot)]) {
    case (nil, nil): nil
    case (let one?, nil), (nil, let one?): one
    case (let all?, let own?): Swift.min(all, own)
    }
  }
  private func isAnySet(_ matches: (LimitKey) -> Bool) -> Bool {
    LimitKey.allCases.contains { key in
      matches(key)
        && stride(from: Int(key.rawValue), to: values.count, by: Self.keys)
          .contains { values[$0] != KEEL_NULL }
    }
  }
  package subscript(key: LimitKey) -> Int64? {
    @inline(__always) get { self[key, .all] }
    set { self[key, .all] = newValue }
  }

  /// All the changes of one record, or none of them: nothing applies in between.
  package mutating func apply(_ record: Record) {
    for change in LimitRecord.limits(in: record) {
      guard let key = LimitKey(rawValue: change.key), let scope = Self.scope(change) else {
        continue
      }
      self[key, scope] = change.value == KEEL_NULL ? nil : change.value
    }
  }

  private static func scope(_ limit: keel_limit) -> LimitScope? {
    switch Int(limit.scope) {
    case KEEL_LIMIT_ALL: .all
    case KEEL_LIMIT_SLOT: .slot(limit.id)
    case KEEL_LIMIT_CLASS: UInt8(exactly: limit.id).map(LimitScope.assetClass)
    default: nil
    }
  }
}
