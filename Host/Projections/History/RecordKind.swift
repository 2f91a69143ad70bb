import PluginABI

/// What the types of records are called in text, JSON and on the command line.
package enum RecordKind {
  private static let table: [(type: Int, name: String)] = [
    (KEEL_EV_QUOTE, "quote"), (KEEL_EV_TRADE, "trade"), (KEEL_EV_BAR, "bar"),
    (KEEL_EV_BOOK, "book"), (KEEL_EV_INSTRUMENT, "instrument"), (KEEL_EV_STATUS, "status"),
    (KEEL_EV_FUNDING, "funding"), (KEEL_EV_MARK, "mark"),
    (KEEL_EV_OPEN_INTEREST, "openInterest"), (KEEL_EV_LIQUIDATION, "liquidation"),
    (KEEL_EV_METRIC, "metric"), (KEEL_EV_TEXT, "text"), (KEEL_EV_SIGNAL, "signal"),
    (KEEL_EV_ORDER, "order"), (KEEL_EV_FILL, "fill"), (KEEL_EV_POSITION, "position"),
    (KEEL_EV_BALANCE, "balance"), (KEEL_EV_TIMER, "timer"), (KEEL_EV_PARAM, "parameter"),
    (KEEL_EV_GAP, "gap"), (KEEL_EV_END, "end"), (KEEL_EV_REQUEST, "request"),
    (KEEL_IN_TARGET, "target"), (KEEL_IN_PLACE, "place"), (KEEL_IN_AMEND, "amend"),
    (KEEL_IN_CANCEL, "cancel"), (KEEL_IN_CANCEL_ALL, "cancelAll"), (KEEL_EV_EXPLAIN, "explain"),
    (KEEL_CMD_SUBMIT, "submit"), (KEEL_CMD_AMEND, "submitAmend"),
    (KEEL_CMD_CANCEL, "submitCancel"), (KEEL_CMD_QUERY, "query"),
    (KEEL_REC_SESSION, "session"), (KEEL_REC_TURN, "turn"),
    (KEEL_REC_TURN_END, "turnEnd"), (KEEL_REC_DECISION, "decision"), (KEEL_REC_SLOT, "slot"),
    (KEEL_REC_SWAP_STEP, "swapStep"), (KEEL_REC_ASSET, "asset"), (KEEL_REC_CASH, "cash"),
    (KEEL_REC_LIMITS, "limits"), (KEEL_REC_ACCOUNT, "account"), (KEEL_REC_RATE, "rate"),
    (KEEL_REC_TRADING, "trading"), (KEEL_REC_START, "start"),
  ]

  private static let nameByType = Dictionary(uniqueKeysWithValues: table.map { ($0.type, $0.name) })

  package static let names = table.map(\.name)

  package static func name(_ type: Int) -> String { nameByType[type] ?? "type\(type)" }

  package static func type(named name: String) -> Int? { table.first { $0.name == name }?.type }
}
