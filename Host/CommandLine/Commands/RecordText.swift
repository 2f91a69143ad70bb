import JSON
import Kernel
import Market
import PluginABI
import PluginBridge
import Sessions
import Wording

/// A journal's records in words. Learns names and exponents from the records as they pass.
struct RecordText {
  private var instruments: [UInt32: (symbol: String, instrument: Instrument)] = [:]
  private var slots: [UInt32: String] = [0: "host"]

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
    (KEEL_CMD_CANCEL, "submitCancel"), (KEEL_REC_SESSION, "session"), (KEEL_REC_TURN, "turn"),
    (KEEL_REC_TURN_END, "turnEnd"), (KEEL_REC_DECISION, "decision"), (KEEL_REC_SLOT, "slot"),
    (KEEL_REC_SWAP_STEP, "swapStep"), (KEEL_REC_ASSET, "asset"), (KEEL_REC_CASH, "cash"),
    (KEEL_REC_LIMITS, "limits"),
  ]

  static let names = table.map(\.name)

  static func name(_ type: Int) -> String {
    table.first { $0.type == type }?.name ?? "type\(type)"
  }

  mutating func learn(_ record: Record) {
    if let definition = InstrumentDefinition(record), let instrument = definition.instrument {
      instruments[instrument.id.rawValue] = (definition.symbol, instrument)
    }
    if record.type == KEEL_REC_SLOT, let raw = record.cast(to: keel_rec_slot.self)?.pointee,
      Int(raw.cause) == KEEL_SLOT_STARTED
    {
      slots[record.source] = FixedText.read(raw.name)
    }
  }

  func line(_ record: Record) -> String {
    let time = UTCTime.text(record.time)
    let details = details(record).map { "\($0.0) \($0.1.display)" }.joined(separator: "  ")
    return "\(record.sequence)  \(time)  \(Self.name(record.type))  \(details)"
  }

  func json(_ record: Record) -> JSONValue {
    .object(
      [
        ("seq", .integer(record.sequence)), ("time", .string(UTCTime.text(record.time))),
        ("type", .string(Self.name(record.type))),
      ] + details(record))
  }

  private func details(_ record: Record) -> [(String, JSONValue)] {
    let symbol = instruments[record.header.pointee.inst]
    var fields: [(String, JSONValue)] = []
    if let symbol { fields.append(("instrument", .string(symbol.symbol))) }
    if let numbers = symbol?.instrument {
      fields += market(record, numbers) + orders(record, numbers)
    }
    return fields + host(record)
  }

  private func market(_ record: Record, _ numbers: Instrument) -> [(String, JSONValue)] {
    if let quote = Quote(record) {
      return [
        ("bid", price(quote.bid, numbers)), ("ask", price(quote.ask, numbers)),
        ("bidQuantity", .string(numbers.text(quote.bidQuantity))),
        ("askQuantity", .string(numbers.text(quote.askQuantity))),
      ]
    }
    if let trade = Trade(record) {
      return [
        ("price", price(trade.price, numbers)),
        ("quantity", .string(numbers.text(trade.quantity))), side(trade.aggressor),
      ]
    }
    if let bar = Bar(record) {
      return [
        ("open", price(bar.open, numbers)), ("high", price(bar.high, numbers)),
        ("low", price(bar.low, numbers)), ("close", price(bar.close, numbers)),
        ("volume", .string(numbers.text(bar.volume))),
      ]
    }
    if let signal = Signal(record) {
      return [
        slot(record.source), ("score", .double(signal.score)),
        ("confidence", .double(signal.confidence)),
      ]
    }
    return []
  }

  private func orders(_ record: Record, _ numbers: Instrument) -> [(String, JSONValue)] {
    if let order = OrderUpdate(record) {
      return [
        ("order", .integer(order.orderID)), ("state", .string("\(order.state)")),
        side(order.side), ("quantity", .string(numbers.text(order.quantity))),
        ("limit", price(order.limit, numbers)),
      ]
    }
    if let fill = Fill(record) {
      return [
        ("order", .integer(fill.orderID)), side(fill.side),
        ("quantity", .string(numbers.text(fill.quantity))), ("price", price(fill.price, numbers)),
        ("liquidity", .string("\(fill.liquidity)")),
        (
          "fee",
          .string(
            DecimalText.format(
              fill.raw.pointee.fee, exponent: Int(fill.raw.pointee.fee_exp), trimming: true))
        ),
      ]
    }
    if let intent = IntentView(record) {
      return [
        slot(record.source), ("intent", .integer(intent.intentID)), side(intent.side),
        ("limit", price(intent.limit, numbers)),
        (
          "quantity",
          .string(
            DecimalText.format(
              intent.raw.pointee.qty, exponent: numbers.quantityExponent, trimming: true))
        ),
      ]
    }
    if let command = record.cast(to: keel_order.self)?.pointee,
      [KEEL_CMD_SUBMIT, KEEL_CMD_CANCEL].contains(record.type)
    {
      return [
        slot(record.source), ("order", .integer(command.order_id)),
        side(Side(rawValue: command.side)), ("limit", price(Price?(abi: command.limit), numbers)),
        ("quantity", .string(numbers.text(Quantity(mantissa: max(0, command.qty))))),
        ("clientID", .string(FixedText.read(command.client_id))),
      ]
    }
    return []
  }

  private func host(_ record: Record) -> [(String, JSONValue)] {
    switch record.type {
    case KEEL_REC_TURN:
      return [("inputs", .integer(record.cast(to: keel_rec_turn.self)?.pointee.inputs ?? 0))]
    case KEEL_REC_DECISION:
      guard let decision = record.cast(to: keel_rec_decision.self)?.pointee else { return [] }
      return [
        slot(record.source), ("intent", .integer(decision.intent_id)),
        ("approved", .bool(decision.approved == 1)),
        ("reason", .string(ReasonName.of(Int(decision.reason)))),
        ("value", decision.value == KEEL_NULL ? .null : .integer(decision.value)),
        ("limit", decision.limit == KEEL_NULL ? .null : .integer(decision.limit)),
      ]
    case KEEL_REC_SLOT:
      guard let raw = record.cast(to: keel_rec_slot.self)?.pointee else { return [] }
      let causes = [
        KEEL_SLOT_STARTED: "started", KEEL_SLOT_SWITCHED: "switched",
        KEEL_SLOT_ROLLED_BACK: "rolledBack", KEEL_SLOT_PARKED: "parked",
        KEEL_SLOT_RETIRED: "retired", KEEL_SLOT_SHADOW: "shadow", KEEL_SLOT_FAULT: "fault",
      ]
      return [
        slot(record.source), ("cause", .string(causes[Int(raw.cause)] ?? "\(raw.cause)")),
        ("generation", .integer(raw.generation)), ("plugin", .string(FixedText.read(raw.id))),
        ("version", .string(FixedText.read(raw.version))),
      ]
    case KEEL_REC_SWAP_STEP:
      guard let step = record.cast(to: keel_rec_swap_step.self)?.pointee else { return [] }
      return [
        slot(record.source), ("step", .string(SwapStep(rawValue: step.step)?.text ?? "?")),
        ("generation", .integer(step.generation)), ("nanoseconds", .integer(step.duration)),
        ("amount", .integer(step.amount)),
      ]
    case KEEL_REC_ASSET:
      guard let asset = record.cast(to: keel_rec_asset.self)?.pointee else { return [] }
      return [("asset", .integer(asset.asset)), ("code", .string(FixedText.read(asset.code)))]
    case KEEL_EV_TIMER:
      return [slot(record.source), ("id", .integer(TimerEvent(record)?.id ?? 0))]
    default: return []
    }
  }

  private func slot(_ number: UInt32) -> (String, JSONValue) {
    ("slot", .string(slots[number] ?? "\(number)"))
  }
  private func side(_ side: Side?) -> (String, JSONValue) {
    ("side", side.map { .string("\($0)") } ?? .null)
  }
  private func price(_ price: Price?, _ numbers: Instrument) -> JSONValue {
    price.map { .string(numbers.text($0)) } ?? .null
  }
}
