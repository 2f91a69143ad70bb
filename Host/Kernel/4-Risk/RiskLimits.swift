import PluginABI
import PluginBridge

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
  private static let keys = LimitKey.allCases.count + 1
  private static let classes = 8

  /// Bounds how many slots can have limits of their own.
  package init(slots: Int) {
    self.slots = slots
    values = Array(repeating: KEEL_NULL, count: (1 + slots + Self.classes) * Self.keys)
  }

  private func place(_ key: LimitKey, _ scope: LimitScope) -> Int? {
    let row: Int
    switch scope {
    case .all: row = 0
    case .slot(let number):
      guard number < slots else { return nil }
      row = 1 + Int(number)
    case .assetClass(let number):
      guard number < Self.classes else { return nil }
      row = 1 + slots + Int(number)
    }
    return row * Self.keys + Int(key.rawValue)
  }

  /// nil where it is off.
  package subscript(key: LimitKey, scope: LimitScope) -> Int64? {
    get {
      guard let place = place(key, scope), values[place] != KEEL_NULL else { return nil }
      return values[place]
    }
    set {
      guard let place = place(key, scope) else { return }
      values[place] = newValue ?? KEEL_NULL
    }
  }
  package subscript(key: LimitKey) -> Int64? {
    get { self[key, .all] }
    set { self[key, .all] = newValue }
  }

  /// All the changes of one record, or none of them: nothing applies in between.
  mutating func apply(_ record: Record) {
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
