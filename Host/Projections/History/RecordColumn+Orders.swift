import JSON
import Market
import PluginABI
import PluginBridge

extension RecordColumn {
  static let orders: [Int: [RecordColumn]] = [
    KEEL_EV_ORDER: [
      instrument, slot,
      field("order", keel_ev_order.self) { raw, _ in .integer(raw.order_id) },
      field("state", keel_ev_order.self) { raw, _ in
        .string(OrderState(rawValue: raw.state).map { "\($0)" } ?? "\(raw.state)")
      },
      field("side", keel_ev_order.self) { raw, _ in side(raw.side) },
      scaled("quantity", keel_ev_order.self) { quantity($0.qty, $1) },
      scaled("filled", keel_ev_order.self) { quantity($0.filled, $1) },
      scaled("limit", keel_ev_order.self) { price($0.limit, $1) },
      scaled("trigger", keel_ev_order.self) { price($0.trigger, $1) },
      field("reason", keel_ev_order.self) { raw, _ in .string(ReasonText.name(Int(raw.reason))) },
    ],
    KEEL_EV_FILL: [
      instrument, slot,
      field("order", keel_ev_fill.self) { raw, _ in .integer(raw.order_id) },
      field("side", keel_ev_fill.self) { raw, _ in side(raw.side) },
      scaled("quantity", keel_ev_fill.self) { quantity($0.qty, $1) },
      scaled("price", keel_ev_fill.self) { price($0.px, $1) },
      field("liquidity", keel_ev_fill.self) { raw, _ in
        .string("\(Liquidity(rawValue: raw.liquidity) ?? .unknown)")
      },
      field("fee", keel_ev_fill.self) { raw, _ in
        .string(DecimalText.format(raw.fee, exponent: Int(raw.fee_exp), trimming: true))
      },
      field("feeAsset", keel_ev_fill.self) { raw, names in asset(raw.fee_asset, names) },
      field("execution", keel_ev_fill.self) { raw, _ in .string(FixedText.read(raw.exec_id)) },
    ],
    KEEL_EV_POSITION: [
      instrument, slot,
      scaled("quantity", keel_ev_position.self) { quantity($0.qty, $1) },
      scaled("average", keel_ev_position.self) { price($0.average, $1) },
    ],
    KEEL_IN_TARGET: intent, KEEL_IN_PLACE: intent, KEEL_IN_AMEND: intent, KEEL_IN_CANCEL: intent,
    KEEL_IN_CANCEL_ALL: intent,
    KEEL_CMD_SUBMIT: command, KEEL_CMD_AMEND: command, KEEL_CMD_CANCEL: command,
    KEEL_CMD_QUERY: command,
    KEEL_REC_DECISION: [
      instrument, slot,
      field("intent", keel_rec_decision.self) { raw, _ in .integer(raw.intent_id) },
      field("order", keel_rec_decision.self) { raw, _ in
        raw.order_id == 0 ? .null : .integer(raw.order_id)
      },
      field("approved", keel_rec_decision.self) { raw, _ in .bool(raw.approved == 1) },
      field("reason", keel_rec_decision.self) { raw, _ in
        .string(ReasonText.name(Int(raw.reason)))
      },
      field("value", keel_rec_decision.self) { raw, _ in optional(raw.value) },
      field("limit", keel_rec_decision.self) { raw, _ in optional(raw.limit) },
      scaled("passing", keel_rec_decision.self) { raw, numbers in
        raw.passing == KEEL_NULL ? .null : quantity(raw.passing, numbers)
      },
      field("generation", keel_rec_decision.self) { raw, _ in .integer(raw.generation) },
    ],
    KEEL_EV_EXPLAIN: [
      instrument, slot,
      field("subject", keel_explain.self) { raw, _ in .integer(raw.subject) },
      RecordColumn("text") { record, _ in explanation(record).map { .string($0) } ?? .null },
    ],
  ]

  private static let intent: [RecordColumn] = [
    instrument, slot,
    field("intent", keel_intent.self) { raw, _ in .integer(raw.intent_id) },
    field("order", keel_intent.self) { raw, _ in
      raw.order_id == 0 ? .null : .integer(raw.order_id)
    },
    field("side", keel_intent.self) { raw, _ in side(raw.side) },
    field("kind", keel_intent.self) { raw, _ in type(raw.order_type) },
    field("timeInForce", keel_intent.self) { raw, _ in duration(raw.tif) },
    scaled("limit", keel_intent.self) { price($0.limit, $1) },
    scaled("trigger", keel_intent.self) { price($0.trigger, $1) },
    scaled("quantity", keel_intent.self) { quantity($0.qty, $1) },
  ]

  private static let command: [RecordColumn] = [
    instrument, slot,
    field("order", keel_order.self) { raw, _ in .integer(raw.order_id) },
    field("intent", keel_order.self) { raw, _ in .integer(raw.intent_id) },
    field("side", keel_order.self) { raw, _ in side(raw.side) },
    field("kind", keel_order.self) { raw, _ in type(raw.order_type) },
    field("timeInForce", keel_order.self) { raw, _ in duration(raw.tif) },
    scaled("limit", keel_order.self) { price($0.limit, $1) },
    scaled("quantity", keel_order.self) { quantity($0.qty, $1) },
    field("generation", keel_order.self) { raw, _ in .integer(raw.generation) },
    field("clientID", keel_order.self) { raw, _ in .string(FixedText.read(raw.client_id)) },
  ]

  private static func type(_ raw: UInt8) -> JSONValue {
    OrderType(rawValue: raw).map { .string("\($0)") } ?? .null
  }
  private static func duration(_ raw: UInt8) -> JSONValue {
    TimeInForce(rawValue: raw).map { .string("\($0)") } ?? .null
  }

  /// The text behind the struct; nil where the record says it lies elsewhere.
  private static func explanation(_ record: Record) -> String? {
    guard let raw = record.cast(to: keel_explain.self)?.pointee else { return nil }
    let (start, length) = (Int(raw.text_offset), Int(raw.text_length))
    guard start >= MemoryLayout<keel_explain>.size, start <= record.size,
      length <= record.size - start
    else { return nil }
    return String(decoding: record.bytes[start..<start + length], as: UTF8.self)
  }
}
