import History
import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport

/// The words that come out: of effects, of batches, and of what was asked.
struct EffectWords {
  let scenario: KernelScenario

  func order(_ id: UInt64) -> String {
    guard let index = scenario.orderIDs.firstIndex(of: id) else { return "#?" }
    return "#\(index + 1)"
  }

  /// nil for what every turn has: intents, approvals, its end.
  func describe(_ record: Record) -> String? {
    let slot = record.source == scenario.firstStrategy ? "" : "\(record.source)."
    let letter = ScenarioInstrument.letter(record.instrument)
    if let verb = Self.verbs[record.type], let raw = record.cast(to: keel_order.self)?.pointee {
      guard record.type == KEEL_CMD_SUBMIT else {
        let change = record.type == KEEL_CMD_AMEND ? " \(raw.qty)x\(number(raw.limit))" : ""
        return "\(slot)\(verb) \(order(raw.order_id))\(change)"
      }
      let price = raw.limit == KEEL_NULL ? "" : "x\(raw.limit)"
      let time = Int(raw.tif) == KEEL_IOC ? " ioc" : ""
      let post = Int(raw.flags) & KEEL_INF_POST_ONLY != 0 ? " post" : ""
      let reduce = Int(raw.flags) & KEEL_INF_REDUCE_ONLY != 0 ? " reduce" : ""
      let stop = raw.trigger == KEEL_NULL ? "" : " stop=\(raw.trigger)"
      let side = Side(rawValue: raw.side) == .buy ? "buy" : "sell"
      return
        "\(slot)submit \(order(raw.order_id)) \(side) \(letter) \(raw.qty)"
        + "\(price)\(stop)\(time)\(post)\(reduce)"
    }
    switch record.type {
    case KEEL_REC_DECISION:
      guard let raw = record.cast(to: keel_rec_decision.self)?.pointee, raw.approved == 0 else {
        return nil
      }
      let numbers = Self.numbers(Int(raw.reason), raw.value, raw.limit)
      let name = raw.order_id == 0 ? "" : " " + order(raw.order_id)
      return "\(slot)refused \(Self.reason(Int(raw.reason)))\(numbers)\(name)"
    case KEEL_REC_SLOT:
      guard let raw = record.cast(to: keel_rec_slot.self)?.pointee else { return nil }
      return "\(slot)\(Self.causes[Int(raw.cause)] ?? "?") \(raw.generation)"
    case KEEL_EV_FILL:
      return Fill(record).map {
        guard $0.orderID != 0 else {
          return "\(slot)closed \($0.side == .buy ? "buy" : "sell") \(letter) "
            + "\($0.quantity.mantissa)x\($0.price.mantissa)"
        }
        return "\(slot)crossed \(order($0.orderID)) \($0.quantity.mantissa)x\($0.price.mantissa)"
      }
    case KEEL_EV_SIGNAL: return Signal(record).map { "\(slot)signal \(letter) \($0.score)" }
    case KEEL_EV_EXPLAIN: return "\(slot)explain"
    default: return nil
    }
  }

  /// A record as a plugin received it.
  func heard(_ record: Record) -> String {
    let inherited = record.hasFlag(KEEL_EVF_INHERITED) ? " inherited" : ""
    let letter = ScenarioInstrument.letter(record.instrument)
    if let update = OrderUpdate(record) {
      let name = update.orderID == 0 ? "" : " " + order(update.orderID)
      let amounts =
        update.state == .refused
        ? Self.reason(update.reason) : "\(update.filled.mantissa)/\(update.quantity.mantissa)"
      return "order\(name) \(update.state) \(amounts)\(inherited)"
    }
    if let fill = Fill(record) {
      let name = fill.orderID == 0 ? "\(letter) \(fill.side)" : order(fill.orderID)
      return
        "fill \(name) \(fill.quantity.mantissa)x\(fill.price.mantissa)\(inherited)"
    }
    if let position = PositionUpdate(record) {
      let average = position.average.map { "@\($0.mantissa)" } ?? ""
      return "position \(letter) \(position.signedQuantity)\(average)"
    }
    if let signal = Signal(record) { return "signal \(signal.alpha) \(letter) \(signal.score)" }
    if let gap = Gap(record) {
      return letter == "-" ? "gap \(gap.missed)" : "gap \(letter)"
    }
    return Self.types[record.type] ?? "type \(record.type)"
  }

  private func number(_ value: Int64) -> String { value == KEEL_NULL ? "-" : "\(value)" }

  /// What was compared. Worth is shown in whole units, and what is left over of them.
  static func numbers(_ reason: Int, _ value: Int64, _ limit: Int64) -> String {
    guard value != KEEL_NULL || limit != KEEL_NULL else { return "" }
    func number(_ value: Int64) -> String {
      guard value != KEEL_NULL else { return "-" }
      return inWorth.contains(reason)
        ? DecimalText.format(value, exponent: -6, trimming: true) : "\(value)"
    }
    return " \(number(value))/\(number(limit))"
  }

  private static let inWorth: Set<Int> = [
    KEEL_REASON_BELOW_NOTIONAL, KEEL_REASON_ORDER_NOTIONAL, KEEL_REASON_POSITION_LIMIT,
    KEEL_REASON_INSUFFICIENT_CASH, KEEL_REASON_EQUITY_SHARE, KEEL_REASON_GROSS_EXPOSURE,
    KEEL_REASON_CLASS_EXPOSURE, KEEL_REASON_LEVERAGE, KEEL_REASON_CLASS_LEVERAGE,
    KEEL_REASON_CORRELATED, KEEL_REASON_SECTOR, KEEL_REASON_TRADE_RISK, KEEL_REASON_OPEN_RISK,
    KEEL_REASON_DAILY_LOSS, KEEL_REASON_DRAWDOWN, KEEL_REASON_DRAWDOWN_SIZE, KEEL_REASON_MARGIN,
    KEEL_REASON_SLOT_BUDGET,
  ]

  static func reason(_ code: Int) -> String { ReasonText.name(code) }

  private static let types = [
    KEEL_EV_QUOTE: "quote", KEEL_EV_TRADE: "trade", KEEL_EV_BAR: "bar", KEEL_EV_TIMER: "timer",
    KEEL_EV_STATUS: "status", KEEL_EV_BOOK: "book", KEEL_EV_INSTRUMENT: "instrument",
  ]
  private static let verbs = [
    KEEL_CMD_SUBMIT: "submit", KEEL_CMD_CANCEL: "cancel", KEEL_CMD_AMEND: "amend",
    KEEL_CMD_QUERY: "query",
  ]
  private static let causes = [
    KEEL_SLOT_FAULT: "fault", KEEL_SLOT_ROLLED_BACK: "rolledBack", KEEL_SLOT_PARKED: "parked",
    KEEL_SLOT_AWAITED: "awaited",
  ]
}

/// The questions.
extension KernelScenario {
  /// nil when `word` is not a question.
  func ask(_ word: String, _ rest: [String]) -> String? {
    switch word {
    case "position":
      let id = ScenarioInstrument.id(rest[0])
      let slot = rest.count > 1 ? UInt32(rest[1])! : firstStrategy
      let position = kernel.state.positions[slot, id]
      return "\(position.quantity) cost \(Self.text(position.cost)) "
        + "realised \(Self.text(position.realised)) "
        + "working \(position.workingBuy)/\(position.workingSell)"
    case "order":
      guard let order = kernel.state.orders[orderID(rest[0])] else { return "forgotten" }
      return "\(order.state) \(order.filled.mantissa)/\(order.quantity.mantissa)"
    case "cash":
      return kernel.state.cash.total(AssetID(rawValue: UInt32(rest[0])!)).text
    case "ignored":
      let counts = kernel.state.counts
      let amounts = counts.refusedAmounts == 0 ? "" : " amounts \(counts.refusedAmounts)"
      return "unknown \(counts.unknownReports) duplicate \(counts.duplicateFills)\(amounts)"
    case "slot":
      let number = firstStrategy
      let parked = kernel.slots[number].isParked ? " parked" : ""
      return "generation \(kernel.slots[number].generation) "
        + "author \(kernel.slots[number].author)\(parked)"
    case "companion":
      guard let companion = kernel.slots[firstStrategy].companion else { return "none" }
      return "\(companion.role) \(companion.author) equal \(companion.equalTurns) "
        + "different \(companion.differentTurns) intents \(companion.intents) "
        + "refusals \(companion.refusals)" + (companion.hasFailed ? " failed" : "")
    case "heard": return heard(rest.first)
    case "depth": return depth(rest)
    case "top": return top(rest)
    default: return askRisk(word, rest)
    }
  }

  private static func text(_ units: Int128) -> String {
    DecimalText.format(units, exponent: Money.exponent, trimming: true)
  }

  /// The last batch of the deciding code, of slot n's, or of the companion.
  private func heard(_ who: String?) -> String {
    let script: ScriptedPort?
    switch who {
    case nil: script = live[Int(firstStrategy)]
    case "c": script = companions[Int(firstStrategy)]
    case .some(let number): script = live[Int(number)!]
    }
    guard let batch = script?.heard.last else { return "nothing" }
    let mode = batch.mode == KEEL_LIVE ? "live" : "shadow"
    let words = batch.records.withRecords { $0.map { EffectWords(scenario: self).heard($0) } }
    return "\(mode) \(batch.generation): " + words.joined(separator: ", ")
  }
}
