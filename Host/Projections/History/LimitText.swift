import PluginABI

/// The limits of KEEL_LIMIT_ in words.
package enum LimitText {
  private static let names: [Int: String] = [
    KEEL_LIMIT_ORDER_WORTH: "orderWorth", KEEL_LIMIT_ORDER_LOTS: "orderLots",
    KEEL_LIMIT_PRICE_COLLAR: "priceCollar", KEEL_LIMIT_DATA_AGE: "dataAge",
    KEEL_LIMIT_RATE_AGE: "rateAge", KEEL_LIMIT_SELF_TRADE: "selfTrade",
    KEEL_LIMIT_DUPLICATE_TIME: "duplicateTime", KEEL_LIMIT_SLOT_ORDERS: "slotOrders",
    KEEL_LIMIT_ACCOUNT_ORDERS: "accountOrders", KEEL_LIMIT_VENUE_ORDERS: "venueOrders",
    KEEL_LIMIT_RATE_TIME: "rateTime", KEEL_LIMIT_POSITION_WORTH: "positionWorth",
    KEEL_LIMIT_EQUITY_SHARE: "equityShare", KEEL_LIMIT_GROSS_EXPOSURE: "grossExposure",
    KEEL_LIMIT_CLASS_EXPOSURE: "classExposure", KEEL_LIMIT_LEVERAGE: "leverage",
    KEEL_LIMIT_CORRELATED: "correlated", KEEL_LIMIT_SECTOR: "sector",
    KEEL_LIMIT_TRADE_RISK: "tradeRisk", KEEL_LIMIT_OPEN_RISK: "openRisk",
    KEEL_LIMIT_UNPROTECTED_LOSS: "unprotectedLoss", KEEL_LIMIT_DAILY_LOSS: "dailyLoss",
    KEEL_LIMIT_DAILY_TRADES: "dailyTrades", KEEL_LIMIT_DAY_START: "dayStart",
    KEEL_LIMIT_DRAWDOWN_WARNING: "drawdownWarning", KEEL_LIMIT_DRAWDOWN_REDUCE: "drawdownReduce",
    KEEL_LIMIT_DRAWDOWN_STOP: "drawdownStop", KEEL_LIMIT_MARGIN: "margin",
    KEEL_LIMIT_BREAKER_REJECTS: "breakerRejects", KEEL_LIMIT_BREAKER_MOVE: "breakerMove",
    KEEL_LIMIT_BREAKER_TIME: "breakerTime", KEEL_LIMIT_BREAKER_PAUSE: "breakerPause",
    KEEL_LIMIT_BUDGET: "budget", KEEL_LIMIT_ANSWER_TIME: "answerTime",
    KEEL_LIMIT_CROSSING: "crossing",
  ]

  package static func name(_ key: Int) -> String { names[key] ?? "limit\(key)" }
}
