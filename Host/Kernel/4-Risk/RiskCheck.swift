import PluginABI

/// Every check of the resident risk manager, in the order in which they are asked: what is decisive
/// and cheap first. Each gives one reason.
///
/// An order that only reduces the slot's and the account's position, whatever is working, must get
/// out even when everything is wrong. What still binds it is what the venue would refuse anyway, or
/// what makes it no exit:
///
/// | checks | a reduction |
/// |---|---|
/// | known instrument, tick, lot, minimums, time in force, trigger, expiry | bound: venue's rules |
/// | reduce-only | bound: more than there is, is no reduction |
/// | trading halted; instrument halted | bound: halted is halted, and the venue takes nothing |
/// | would cross | bound: post-only is the slot's own wish |
/// | limit price beyond the collar | bound where a price is known: a typing error is no exit |
/// | self-trade, cash | not of what lies in wait: it is asked again when its time has come |
/// | self-trade | bound if a limit order; a market order or stop gets out |
/// | cash | bound: what is not there cannot be given |
/// | reducing state, price age, gaps, market order's spread | free |
/// | order size, throttles, duplicates, breakers | free |
/// | rates, equity, daily limits, drawdown | free |
/// | exposure, leverage, concentration, risk, margin, budget | free |
package enum RiskCheck: UInt8, CaseIterable, Sendable {
  case tradingHalted, instrumentHalted
  case tick, trigger, lot, minimum, timeInForce, expiry, reduceOnly
  case reducing
  case priceKnown, priceAge, gap
  case wouldCross, collar, spread
  case leastWorth
  case orderLots
  case slotBreaker, instrumentBreaker
  case slotOrders, accountOrders, venueOrders
  case duplicate, selfTrade
  case dailyTrades, slotDailyTrades
  case rateKnown, rateAge, equityKnown
  case dailyLoss, slotDailyLoss, drawdown
  case orderWorth
  case sum, slotPosition, position
  case slotShare, share, classShare
  case slotGross, gross, leverage, classLeverage
  case group, sector
  case drawdownSize
  case tradeRisk, openRisk
  case margin, budget, cash

  package var reason: Int {
    switch self {
    case .tradingHalted: KEEL_REASON_TRADING_HALTED
    case .instrumentHalted: KEEL_REASON_HALTED
    case .tick: KEEL_REASON_OFF_TICK
    case .trigger: KEEL_REASON_TRIGGER
    case .lot: KEEL_REASON_OFF_LOT
    case .minimum: KEEL_REASON_BELOW_MINIMUM
    case .timeInForce: KEEL_REASON_TIME_IN_FORCE
    case .expiry: KEEL_REASON_EXPIRED
    case .reduceOnly: KEEL_REASON_REDUCE_ONLY
    case .reducing: KEEL_REASON_REDUCING
    case .priceKnown, .priceAge: KEEL_REASON_STALE_DATA
    case .gap: KEEL_REASON_GAPPED_DATA
    case .wouldCross: KEEL_REASON_WOULD_CROSS
    case .collar, .spread: KEEL_REASON_PRICE_COLLAR
    case .leastWorth: KEEL_REASON_BELOW_NOTIONAL
    case .orderLots: KEEL_REASON_ORDER_QUANTITY
    case .slotBreaker, .instrumentBreaker: KEEL_REASON_CIRCUIT_BREAKER
    case .slotOrders: KEEL_REASON_RATE_SLOT
    case .accountOrders: KEEL_REASON_RATE_ACCOUNT
    case .venueOrders: KEEL_REASON_RATE_VENUE
    case .duplicate: KEEL_REASON_DUPLICATE_ORDER
    case .selfTrade: KEEL_REASON_SELF_TRADE
    case .dailyTrades, .slotDailyTrades: KEEL_REASON_DAILY_TRADES
    case .rateKnown, .rateAge, .equityKnown: KEEL_REASON_STALE_RATE
    case .dailyLoss, .slotDailyLoss: KEEL_REASON_DAILY_LOSS
    case .drawdown: KEEL_REASON_DRAWDOWN
    case .orderWorth: KEEL_REASON_ORDER_NOTIONAL
    case .sum, .slotPosition, .position: KEEL_REASON_POSITION_LIMIT
    case .slotShare, .share: KEEL_REASON_EQUITY_SHARE
    case .classShare: KEEL_REASON_CLASS_EXPOSURE
    case .slotGross, .gross: KEEL_REASON_GROSS_EXPOSURE
    case .leverage: KEEL_REASON_LEVERAGE
    case .classLeverage: KEEL_REASON_CLASS_LEVERAGE
    case .group: KEEL_REASON_CORRELATED
    case .sector: KEEL_REASON_SECTOR
    case .drawdownSize: KEEL_REASON_DRAWDOWN_SIZE
    case .tradeRisk: KEEL_REASON_TRADE_RISK
    case .openRisk: KEEL_REASON_OPEN_RISK
    case .margin: KEEL_REASON_MARGIN
    case .budget: KEEL_REASON_SLOT_BUDGET
    case .cash: KEEL_REASON_INSUFFICIENT_CASH
    }
  }

  /// The table above.
  @inline(__always)
  package var bindsReductions: Bool {
    switch self {
    case .tradingHalted, .instrumentHalted, .tick, .trigger, .lot, .minimum, .timeInForce,
      .expiry, .reduceOnly, .wouldCross, .collar, .leastWorth, .selfTrade, .cash:
      true
    default: false
    }
  }
}

/// Some of the checks. An order is asked all of them; tests leave one out and look who notices.
package struct RiskCheckSet: Sendable {
  private var bits: UInt64 = 0
  package static let none = RiskCheckSet()

  package init(_ checks: RiskCheck...) {
    for check in checks { bits |= 1 << UInt64(check.rawValue) }
  }
  @inline(__always)
  package func contains(_ check: RiskCheck) -> Bool { bits & (1 << UInt64(check.rawValue)) != 0 }
}

/// What one check found: the numbers it compared, and whether they fail.
package struct Measure: Equatable, Sendable {
  package var fails: Bool
  package var value: Int64?
  /// The limit itself, or the whole it is a share of: only who wants to read it divides.
  private var bound: Int64?
  private var share: Share?
  /// A limit that can be used up in part; a rule is kept or broken.
  package var isLimit = false

  private enum Share: Equatable {
    case roundedDown(partsPerMillion: Int64)
    case roundedUp(partsPerMillion: Int64)
  }

  @inline(__always)
  static var passes: Measure { Measure(fails: false) }

  package var limit: Int64? {
    guard let bound else { return nil }
    return switch share {
    case nil: bound
    case .roundedDown(let parts): Worth(micros: bound).share(parts).micros
    case .roundedUp(let parts): Worth(micros: bound).shareRoundedUp(parts).micros
    }
  }

  @inline(__always)
  static func rule(_ fails: Bool, _ value: Int64? = nil, _ limit: Int64? = nil) -> Measure {
    Measure(fails: fails, value: value, bound: limit)
  }
  /// Sizes and exposures: what is equal to the limit passes.
  @inline(__always)
  static func above(_ value: Int64, _ limit: Int64?) -> Measure {
    guard let limit else { return .passes }
    return Measure(fails: value > limit, value: value, bound: limit, isLimit: true)
  }
  /// The same, where the value is told in coarser units than it is compared in.
  @inline(__always)
  static func above(_ value: Int64, _ limit: Int64, fails: Bool) -> Measure {
    Measure(fails: fails, value: value, bound: limit, isLimit: true)
  }
  /// What must not even be reached.
  @inline(__always)
  static func reached(_ value: Int64, _ limit: Int64?) -> Measure {
    guard let limit else { return .passes }
    return Measure(fails: value >= limit, value: value, bound: limit, isLimit: true)
  }
  /// A share of a whole. Where the whole is not known nothing is a share of it.
  @inline(__always)
  static func above(_ value: Worth, _ share: Int64?, of whole: Worth?) -> Measure {
    guard let share else { return .passes }
    guard let whole else { return .rule(true) }
    return Measure(
      fails: Int128(value.micros) * 1_000_000 > Int128(whole.micros) * Int128(share),
      value: value.micros, bound: whole.micros, share: .roundedDown(partsPerMillion: share),
      isLimit: true)
  }
  @inline(__always)
  static func reached(_ value: Worth, _ share: Int64?, of whole: Worth?) -> Measure {
    guard let share else { return .passes }
    guard let whole else { return .rule(true) }
    return Measure(
      fails: Int128(value.micros) * 1_000_000 >= Int128(whole.micros) * Int128(share),
      value: value.micros, bound: whole.micros, share: .roundedUp(partsPerMillion: share),
      isLimit: true)
  }

  /// How much of the limit is used, in whole percent, rounded up; 100 and more where it fails.
  package var utilisation: Int {
    guard isLimit, let value, let limit else { return fails ? 100 : 0 }
    guard limit > 0 else { return fails ? 100 : 0 }
    guard value > 0 else { return 0 }
    let percent = (Int128(value) * 100 + Int128(limit) - 1) / Int128(limit)
    return Int(clamping: fails ? Swift.max(100, percent) : Swift.min(100, percent))
  }
}
