/// What vendors call their columns. A header is read by these names, whatever their order.
enum ColumnNames {
  private static let known: [(role: ColumnRole, names: [String])] = [
    (
      .time,
      [
        "timestamp", "timestamp_ms", "timestamp_us", "timestamp_ns", "timestamp_s", "time", "ts",
        "ts_ns", "ts_us", "ts_ms", "ts_s", "date", "datetime", "open_time", "transact_time",
        "transaction_time", "calc_time", "funding_time", "unix", "unix_timestamp",
      ]
    ),
    (
      .receiveTime,
      [
        "local_timestamp", "local_ts", "local_ts_ns", "local_ts_us", "local_ts_ms", "local_time",
        "receive_time", "received", "event_time",
      ]
    ),
    (.closeTime, ["close_time"]),
    (.open, ["open", "open_price", "o"]), (.high, ["high", "high_price", "h"]),
    (.low, ["low", "low_price", "l"]), (.close, ["close", "close_price", "c"]),
    (.volume, ["volume", "vol", "v", "base_volume"]),
    (.price, ["price", "px"]), (.quantity, ["qty", "quantity", "amount", "size", "base_qty"]),
    (.side, ["side"]), (.buyerIsMaker, ["is_buyer_maker", "isbuyermaker", "buyer_maker"]),
    (.tradeID, ["trade_id", "tradeid", "id", "agg_trade_id"]),
    (.bid, ["bid", "bid_price", "best_bid_price", "best_bid", "bid_px"]),
    (.bidQuantity, ["bid_qty", "bid_amount", "bid_size", "best_bid_qty", "bid_quantity"]),
    (.ask, ["ask", "ask_price", "best_ask_price", "best_ask", "ask_px"]),
    (.askQuantity, ["ask_qty", "ask_amount", "ask_size", "best_ask_qty", "ask_quantity"]),
    (.rate, ["funding_rate", "last_funding_rate", "rate"]), (.mark, ["mark_price", "mark"]),
    (.bookKind, ["kind", "update_type"]), (.isSnapshot, ["is_snapshot"]),
    (.updateID, ["update_id", "last_update_id"]), (.firstUpdateID, ["first_update_id"]),
    (.previousUpdateID, ["pu", "prev_update_id"]),
    (.symbol, ["symbol", "ticker", "instrument", "pair"]), (.exchange, ["exchange", "venue"]),
  ]
  private static let roles = Dictionary(
    uniqueKeysWithValues: known.flatMap { entry in entry.names.map { ($0, entry.role) } })

  /// A table that keel wrote from a tape.
  private static let own: [String: ColumnRole] = [
    "seq": .sequence, "nanoseconds": .receiveTime, "instrument": .symbol, "source": .source,
    "flags": .flags, "venueNanoseconds": .time, "venueSequence": .updateID,
    "venueSequenceBefore": .previousUpdateID, "bid": .bid, "ask": .ask,
    "bidQuantity": .bidQuantity, "askQuantity": .askQuantity, "price": .price,
    "quantity": .quantity, "side": .side, "trade": .tradeID, "open": .open, "high": .high,
    "low": .low, "close": .close, "volume": .volume, "interval": .interval, "action": .action,
    "order": .orderID, "level": .level, "rate": .rate, "mark": .mark, "due": .due,
    "index": .index, "rateExponent": .rateExponent,
  ]

  static func isOwn(_ header: [String]) -> Bool {
    header.starts(with: ["seq", "time", "nanoseconds", "instrument"])
  }

  /// The role of each column; nil for one that is not read. The first of two of a role counts.
  static func roles(of header: [String]) -> [ColumnRole?] {
    if isOwn(header) { return header.map { own[$0] } }
    var seen: Set<ColumnRole> = []
    return header.map { name in
      let plain = normal(name)
      guard let role = roles[plain] ?? level(plain), seen.insert(role).inserted else { return nil }
      return role
    }
  }

  static func ownRole(_ name: String) -> ColumnRole? { own[name] }

  /// A unit that the name of a time column ends with.
  static func unit(_ name: String) -> TimeUnit? {
    let plain = normal(name)
    return [
      ("_ms", TimeUnit.milliseconds), ("_us", .microseconds), ("_ns", .nanoseconds),
      ("_s", .seconds),
    ].first { plain.hasSuffix($0.0) }?.1
  }

  static func normal(_ name: String) -> String {
    String(
      name.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 }
        .drop { $0 == "_" || $0 == "\u{FEFF}" })
  }

  /// `asks[3].price` as Tardis writes it, or `bid3_px`.
  private static func level(_ name: String) -> ColumnRole? {
    let isBid = name.hasPrefix("bid")
    guard isBid || name.hasPrefix("ask") else { return nil }
    let digits = name.drop { !$0.isNumber }.prefix { $0.isNumber }
    let rest = name.drop { !$0.isNumber }.drop { $0.isNumber }
    guard let number = Int(digits), number < ColumnRole.levelsMax else { return nil }
    switch String(rest) {
    case "].price", "_px", "_price": return isBid ? .bidPrice(number) : .askPrice(number)
    case "].amount", "_qty", "_size", "_amount":
      return isBid ? .bidSize(number) : .askSize(number)
    default: return nil
    }
  }
}
