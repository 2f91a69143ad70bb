import JSON
import Market
import PluginABI
import PluginBridge

extension RecordColumn {
  /// Where market data comes from, and which message it is part of: all that a tape needs to be
  /// made again from a table.
  private static let origin: [RecordColumn] = [
    RecordColumn("venueNanoseconds") { record, _ in optional(record.header.pointee.ts_venue) },
    RecordColumn("source") { record, _ in sequence(UInt64(record.source)) },
    RecordColumn("flags") { record, _ in sequence(UInt64(record.header.pointee.flags)) },
  ]

  /// Where 0 means that there is none.
  private static func sequence(_ number: UInt64) -> JSONValue {
    number == 0 ? .null : .integer(number)
  }

  static let market: [Int: [RecordColumn]] = [
    KEEL_EV_QUOTE: [
      instrument,
      scaled("bid", keel_ev_quote.self) { price($0.bid, $1) },
      scaled("ask", keel_ev_quote.self) { price($0.ask, $1) },
      scaled("bidQuantity", keel_ev_quote.self) { quantity($0.bid_qty, $1) },
      scaled("askQuantity", keel_ev_quote.self) { quantity($0.ask_qty, $1) },
      field("venueSequence", keel_ev_quote.self) { raw, _ in sequence(raw.venue_seq) },
    ] + origin,
    KEEL_EV_TRADE: [
      instrument,
      scaled("price", keel_ev_trade.self) { price($0.px, $1) },
      scaled("quantity", keel_ev_trade.self) { quantity($0.qty, $1) },
      field("side", keel_ev_trade.self) { raw, _ in side(raw.side) },
      field("trade", keel_ev_trade.self) { raw, _ in
        raw.trade_id == 0 ? .null : .integer(raw.trade_id)
      },
      field("venueSequence", keel_ev_trade.self) { raw, _ in sequence(raw.venue_seq) },
    ] + origin,
    KEEL_EV_BAR: [
      instrument,
      scaled("open", keel_ev_bar.self) { price($0.open, $1) },
      scaled("high", keel_ev_bar.self) { price($0.high, $1) },
      scaled("low", keel_ev_bar.self) { price($0.low, $1) },
      scaled("close", keel_ev_bar.self) { price($0.close, $1) },
      scaled("volume", keel_ev_bar.self) { quantity($0.volume, $1) },
      field("interval", keel_ev_bar.self) { raw, _ in .integer(raw.interval) },
    ] + origin,
    KEEL_EV_BOOK: [
      instrument,
      field("action", keel_ev_book.self) { raw, _ in
        word(
          raw.action,
          [
            KEEL_BOOK_SET: "set", KEEL_BOOK_DELETE: "delete", KEEL_BOOK_CLEAR: "clear",
            KEEL_BOOK_NONE: "none",
          ])
      },
      field("side", keel_ev_book.self) { raw, _ in side(raw.side) },
      scaled("price", keel_ev_book.self) { price($0.px, $1) },
      scaled("quantity", keel_ev_book.self) { quantity($0.qty, $1) },
      field("order", keel_ev_book.self) { raw, _ in sequence(raw.order_id) },
      field("level", keel_ev_book.self) { raw, _ in sequence(UInt64(raw.level)) },
      field("venueSequence", keel_ev_book.self) { raw, _ in sequence(raw.venue_seq) },
      field("venueSequenceBefore", keel_ev_book.self) { raw, _ in sequence(raw.venue_seq_prev) },
    ] + origin,
    KEEL_EV_FUNDING: [
      instrument,
      field("rate", keel_ev_funding.self) { raw, _ in
        .string(DecimalText.format(raw.rate, exponent: Int(raw.rate_exp)))
      },
      field("rateExponent", keel_ev_funding.self) { raw, _ in .integer(raw.rate_exp) },
      scaled("mark", keel_ev_funding.self) { price($0.mark, $1) },
      field("due", keel_ev_funding.self) { raw, _ in optional(raw.due) },
    ] + origin,
    KEEL_EV_MARK: [
      instrument,
      scaled("mark", keel_ev_mark.self) { price($0.mark, $1) },
      scaled("index", keel_ev_mark.self) { price($0.index, $1) },
    ] + origin,
    KEEL_EV_STATUS: [
      instrument,
      field("state", keel_ev_status.self) { raw, _ in
        word(
          raw.state,
          [
            KEEL_TRADING: "trading", KEEL_HALTED: "halted", KEEL_CLOSED: "closed",
            KEEL_AUCTION: "auction",
          ])
      },
    ],
    KEEL_EV_INSTRUMENT: [
      instrument,
      RecordColumn("id") { record, _ in .integer(record.header.pointee.inst) },
      field("venue", keel_ev_instrument.self) { raw, _ in .string(FixedText.read(raw.venue)) },
      field("kind", keel_ev_instrument.self) { raw, _ in
        .string(InstrumentKind(rawValue: raw.kind).map { "\($0)" } ?? "\(raw.kind)")
      },
      field("base", keel_ev_instrument.self) { raw, _ in .string(FixedText.read(raw.base_code)) },
      field("quote", keel_ev_instrument.self) { raw, _ in
        .string(FixedText.read(raw.quote_code))
      },
      field("settlement", keel_ev_instrument.self) { raw, _ in
        .string(FixedText.read(raw.settle_code))
      },
      scaled("tick", keel_ev_instrument.self) { price($0.tick, $1) },
      scaled("lot", keel_ev_instrument.self) { quantity($0.lot, $1) },
      scaled("quantityMinimum", keel_ev_instrument.self) { quantity($0.min_qty, $1) },
      scaled("notionalMinimum", keel_ev_instrument.self) { price($0.min_notional, $1) },
      field("multiplier", keel_ev_instrument.self) { raw, _ in
        .string(DecimalText.format(raw.multiplier, exponent: Int(raw.multiplier_exp)))
      },
      field("epoch", keel_ev_instrument.self) { raw, _ in .integer(raw.epoch) },
    ],
    KEEL_EV_SIGNAL: [
      instrument, slot,
      field("score", keel_signal.self) { raw, _ in .double(raw.score) },
      field("confidence", keel_signal.self) { raw, _ in .double(raw.confidence) },
      field("horizon", keel_signal.self) { raw, _ in .integer(raw.horizon) },
    ],
  ]
}
