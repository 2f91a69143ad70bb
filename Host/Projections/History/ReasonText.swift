import PluginABI

/// The reasons of KEEL_REASON_ in words, as they stand in answers, logs and tests.
package enum ReasonText {
  private static let names: [Int: String] = [
    KEEL_REASON_NONE: "none", KEEL_REASON_MALFORMED: "malformed",
    KEEL_REASON_UNKNOWN_INSTRUMENT: "unknownInstrument",
    KEEL_REASON_UNKNOWN_ORDER: "unknownOrder", KEEL_REASON_DUPLICATE_INTENT: "duplicateIntent",
    KEEL_REASON_STALE_GENERATION: "staleGeneration", KEEL_REASON_OFF_TICK: "offTick",
    KEEL_REASON_OFF_LOT: "offLot", KEEL_REASON_BELOW_MINIMUM: "belowMinimum",
    KEEL_REASON_UNSUPPORTED: "unsupported", KEEL_REASON_NOT_FINITE: "notFinite",
    KEEL_REASON_BELOW_NOTIONAL: "belowNotional", KEEL_REASON_TIME_IN_FORCE: "timeInForce",
    KEEL_REASON_WOULD_CROSS: "wouldCross", KEEL_REASON_REDUCE_ONLY: "reduceOnly",
    KEEL_REASON_TRIGGER: "trigger", KEEL_REASON_EXPIRED: "expired", KEEL_REASON_LINK: "link",
    KEEL_REASON_CHANGE_UNDER_WAY: "changeUnderWay", KEEL_REASON_POSITION_SIDE: "positionSide",
    KEEL_REASON_ACCOUNT: "account", KEEL_REASON_HALTED: "halted",
    KEEL_REASON_STALE_DATA: "staleData", KEEL_REASON_PRICE_COLLAR: "priceCollar",
    KEEL_REASON_ORDER_NOTIONAL: "orderNotional", KEEL_REASON_POSITION_LIMIT: "positionLimit",
    KEEL_REASON_INSUFFICIENT_CASH: "insufficientCash", KEEL_REASON_GAPPED_DATA: "gappedData",
    KEEL_REASON_ORDER_QUANTITY: "orderQuantity", KEEL_REASON_SELF_TRADE: "selfTrade",
    KEEL_REASON_DUPLICATE_ORDER: "duplicateOrder", KEEL_REASON_RATE_SLOT: "rateSlot",
    KEEL_REASON_RATE_ACCOUNT: "rateAccount", KEEL_REASON_RATE_VENUE: "rateVenue",
    KEEL_REASON_REDUCING: "reducing", KEEL_REASON_TRADING_HALTED: "tradingHalted",
    KEEL_REASON_EQUITY_SHARE: "equityShare", KEEL_REASON_GROSS_EXPOSURE: "grossExposure",
    KEEL_REASON_CLASS_EXPOSURE: "classExposure", KEEL_REASON_LEVERAGE: "leverage",
    KEEL_REASON_CLASS_LEVERAGE: "classLeverage", KEEL_REASON_CORRELATED: "correlated",
    KEEL_REASON_SECTOR: "sector", KEEL_REASON_TRADE_RISK: "tradeRisk",
    KEEL_REASON_OPEN_RISK: "openRisk", KEEL_REASON_DAILY_LOSS: "dailyLoss",
    KEEL_REASON_DAILY_TRADES: "dailyTrades", KEEL_REASON_DRAWDOWN: "drawdown",
    KEEL_REASON_DRAWDOWN_SIZE: "drawdownSize", KEEL_REASON_CIRCUIT_BREAKER: "circuitBreaker",
    KEEL_REASON_MARGIN: "margin", KEEL_REASON_STALE_RATE: "staleRate",
    KEEL_REASON_SLOT_BUDGET: "slotBudget", KEEL_REASON_VENUE: "venue",
    KEEL_REASON_NO_LIQUIDITY: "noLiquidity",
    KEEL_REASON_POST_ONLY_WOULD_CROSS: "postOnlyWouldCross", KEEL_REASON_NOT_FOUND: "notFound",
    KEEL_REASON_OPERATOR: "operator", KEEL_REASON_SLOT_PARKED: "slotParked",
    KEEL_REASON_CAPACITY: "capacity", KEEL_REASON_LINKED: "linked", KEEL_REASON_KILLED: "killed",
    KEEL_REASON_RECONCILED: "reconciled",
  ]

  package static func name(_ reason: Int) -> String { names[reason] ?? "reason\(reason)" }
}
