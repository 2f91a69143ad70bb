import PluginABI

/// The reasons of KEEL_REASON_ in words, as they stand in answers and logs.
package enum ReasonText {
  private static let names: [Int: String] = [
    KEEL_REASON_NONE: "none", KEEL_REASON_MALFORMED: "malformed",
    KEEL_REASON_UNKNOWN_INSTRUMENT: "unknownInstrument",
    KEEL_REASON_UNKNOWN_ORDER: "unknownOrder", KEEL_REASON_DUPLICATE_INTENT: "duplicateIntent",
    KEEL_REASON_STALE_GENERATION: "staleGeneration", KEEL_REASON_OFF_TICK: "offTick",
    KEEL_REASON_OFF_LOT: "offLot", KEEL_REASON_BELOW_MINIMUM: "belowMinimum",
    KEEL_REASON_UNSUPPORTED: "unsupported", KEEL_REASON_NOT_FINITE: "notFinite",
    KEEL_REASON_HALTED: "halted", KEEL_REASON_STALE_DATA: "staleData",
    KEEL_REASON_PRICE_COLLAR: "priceCollar", KEEL_REASON_ORDER_NOTIONAL: "orderNotional",
    KEEL_REASON_POSITION_LIMIT: "positionLimit",
    KEEL_REASON_INSUFFICIENT_CASH: "insufficientCash", KEEL_REASON_CAPACITY: "capacity",
    KEEL_REASON_VENUE: "venue", KEEL_REASON_NO_LIQUIDITY: "noLiquidity",
    KEEL_REASON_POST_ONLY_WOULD_CROSS: "postOnlyWouldCross", KEEL_REASON_OPERATOR: "operator",
    KEEL_REASON_SLOT_PARKED: "slotParked",
  ]

  package static func name(_ reason: Int) -> String { names[reason] ?? "reason\(reason)" }
}
