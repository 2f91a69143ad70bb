import JSON
import Market
import PluginABI
import PluginBridge

extension RecordColumn {
  static let host: [Int: [RecordColumn]] = [
    KEEL_REC_SESSION: [
      field("name", keel_rec_session.self) { raw, _ in .string(FixedText.read(raw.name)) },
      field("session", keel_rec_session.self) { raw, _ in hexadecimal(raw.session) },
      field("seed", keel_rec_session.self) { raw, _ in .integer(raw.seed) },
      field("configuration", keel_rec_session.self) { raw, _ in hexadecimal(raw.config_hash) },
    ],
    KEEL_REC_TURN: [field("inputs", keel_rec_turn.self) { raw, _ in .integer(raw.inputs) }],
    KEEL_REC_TURN_END: [],
    KEEL_REC_SLOT: [
      slot,
      field("cause", keel_rec_slot.self) { raw, _ in
        word(
          raw.cause,
          [
            KEEL_SLOT_STARTED: "started", KEEL_SLOT_SWITCHED: "switched",
            KEEL_SLOT_ROLLED_BACK: "rolledBack", KEEL_SLOT_PARKED: "parked",
            KEEL_SLOT_RETIRED: "retired", KEEL_SLOT_SHADOW: "shadow", KEEL_SLOT_FAULT: "fault",
          ])
      },
      field("generation", keel_rec_slot.self) { raw, _ in .integer(raw.generation) },
      field("plugin", keel_rec_slot.self) { raw, _ in .string(FixedText.read(raw.id)) },
      field("version", keel_rec_slot.self) { raw, _ in .string(FixedText.read(raw.version)) },
      field("hash", keel_rec_slot.self) { raw, _ in hash(raw) },
    ],
    KEEL_REC_SWAP_STEP: [
      slot,
      field("step", keel_rec_swap_step.self) { raw, _ in
        .string(SwapStep(rawValue: raw.step)?.text ?? "\(raw.step)")
      },
      field("generation", keel_rec_swap_step.self) { raw, _ in .integer(raw.generation) },
      field("duration", keel_rec_swap_step.self) { raw, _ in .integer(raw.duration) },
      field("amount", keel_rec_swap_step.self) { raw, _ in .integer(raw.amount) },
    ],
    KEEL_REC_ASSET: [
      field("asset", keel_rec_asset.self) { raw, _ in .integer(raw.asset) },
      field("code", keel_rec_asset.self) { raw, _ in .string(FixedText.read(raw.code)) },
    ],
    KEEL_REC_CASH: [
      field("asset", keel_rec_cash.self) { raw, names in asset(raw.asset, names) },
      field("amount", keel_rec_cash.self) { raw, _ in money(raw.low, raw.high) },
      field("account", keel_rec_cash.self) { raw, _ in .integer(raw.account) },
      field("cause", keel_rec_cash.self) { raw, _ in
        word(
          raw.cause,
          [
            KEEL_CASH_DEPOSIT: "deposit", KEEL_CASH_WITHDRAWAL: "withdrawal",
            KEEL_CASH_TRANSFER: "transfer", KEEL_CASH_INTEREST: "interest",
            KEEL_CASH_CORRECTION: "correction",
          ])
      },
    ],
    KEEL_REC_LIMITS: [
      field("who", keel_rec_limits.self) { raw, _ in .string(FixedText.read(raw.who)) },
      field("why", keel_rec_limits.self) { raw, _ in .string(FixedText.read(raw.why)) },
      RecordColumn("changes") { record, _ in .string(limits(record)) },
    ],
    KEEL_REC_ACCOUNT: [
      field("account", keel_rec_account.self) { raw, _ in .integer(raw.account) },
      field("name", keel_rec_account.self) { raw, _ in .string(FixedText.read(raw.name)) },
    ],
    KEEL_REC_RATE: [
      field("asset", keel_rec_rate.self) { raw, names in asset(raw.asset, names) },
      field("rate", keel_rec_rate.self) { raw, _ in
        .string(DecimalText.format(raw.rate, exponent: -8, trimming: true))
      },
      field("kind", keel_rec_rate.self) { raw, _ in
        word(
          raw.kind,
          [
            KEEL_RATE_FIXED: "fixed", KEEL_RATE_QUOTED: "quoted", KEEL_RATE_MARKET: "market",
          ])
      },
    ],
    KEEL_REC_TRADING: [
      slot,
      field("state", keel_rec_trading.self) { raw, _ in
        word(
          raw.state,
          [
            KEEL_TRADING_ACTIVE: "active", KEEL_TRADING_REDUCING: "reducing",
            KEEL_TRADING_HALTED: "halted",
          ])
      },
      field("kill", keel_rec_trading.self) { raw, _ in
        .bool(Int(raw.flags) & KEEL_TRADING_KILL != 0)
      },
      field("flatten", keel_rec_trading.self) { raw, _ in
        .bool(Int(raw.flags) & KEEL_TRADING_FLATTEN != 0)
      },
      field("who", keel_rec_trading.self) { raw, _ in .string(FixedText.read(raw.who)) },
      field("why", keel_rec_trading.self) { raw, _ in .string(FixedText.read(raw.why)) },
    ],
    KEEL_REC_START: [field("start", keel_rec_start.self) { raw, _ in .integer(raw.start) }],
    KEEL_EV_TIMER: [
      slot,
      field("id", keel_ev_timer.self) { raw, _ in .integer(raw.timer_id) },
      field("due", keel_ev_timer.self) { raw, _ in optional(raw.due) },
    ],
    KEEL_EV_GAP: [
      instrument, field("missed", keel_ev_gap.self) { raw, _ in .integer(raw.missed) },
    ],
  ]

  /// `name=value`, with whom it binds where that is not everybody; `off` where it is switched off.
  private static func limits(_ record: Record) -> String {
    LimitRecord.limits(in: record).map { limit in
      let name = LimitText.name(Int(limit.key))
      let scope =
        switch Int(limit.scope) {
        case KEEL_LIMIT_SLOT: "slot \(limit.id)."
        case KEEL_LIMIT_CLASS: "class \(limit.id)."
        default: ""
        }
      return "\(scope)\(name)=" + (limit.value == KEEL_NULL ? "off" : "\(limit.value)")
    }.joined(separator: " ")
  }

  private static func hexadecimal(_ number: UInt64) -> JSONValue {
    let digits = String(number, radix: 16)
    return .string(String(repeating: "0", count: 16 - digits.utf8.count) + digits)
  }

  /// Of the plugin file; null where the record concerns none.
  private static func hash(_ raw: keel_rec_slot) -> JSONValue {
    withUnsafeBytes(of: raw.hash) { bytes in
      guard bytes.contains(where: { $0 != 0 }) else { return .null }
      return .string(
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }
  }
}
