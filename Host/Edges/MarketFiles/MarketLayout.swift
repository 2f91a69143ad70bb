/// A way in which some vendor lays out a file, for files whose first line does not say it.
package struct MarketLayout: Sendable {
  package let name: String
  package let about: String
  /// In the order of the columns; a vendor's files of different years differ.
  let columns: [[ColumnRole?]]

  package static let all: [MarketLayout] = [
    MarketLayout(
      name: "bars", about: "time, open, high, low, close, volume",
      columns: [[.time, .open, .high, .low, .close, .volume]]),
    MarketLayout(
      name: "trades", about: "time, price, quantity, side, id, time of receipt",
      columns: [
        [.time, .price, .quantity], [.time, .price, .quantity, .side],
        [.time, .price, .quantity, .side, .tradeID],
        [.time, .price, .quantity, .side, .tradeID, .receiveTime],
      ]),
    MarketLayout(
      name: "quotes", about: "time, bid, bid quantity, ask, ask quantity",
      columns: [[.time, .bid, .bidQuantity, .ask, .askQuantity], [.time, .bid, .ask]]),
    MarketLayout(name: "funding", about: "time, rate", columns: [[.time, .rate]]),
    MarketLayout(
      name: "l2", about: "time of receipt, kind, side, price, quantity, update id",
      columns: [[.receiveTime, .bookKind, .side, .price, .quantity, .updateID]]),
    MarketLayout(
      name: "binance-klines", about: "Binance Vision klines",
      columns: [
        [
          .time, .open, .high, .low, .close, .volume, .closeTime, nil, nil, nil, nil, nil,
        ]
      ]),
    MarketLayout(
      name: "binance-trades", about: "Binance Vision trades, spot and futures",
      columns: [
        [.tradeID, .price, .quantity, nil, .time, .buyerIsMaker],
        [.tradeID, .price, .quantity, nil, .time, .buyerIsMaker, nil],
      ]),
    MarketLayout(
      name: "binance-agg-trades", about: "Binance Vision aggTrades, spot and futures",
      columns: [
        [.tradeID, .price, .quantity, nil, nil, .time, .buyerIsMaker],
        [.tradeID, .price, .quantity, nil, nil, .time, .buyerIsMaker, nil],
      ]),
    MarketLayout(
      name: "binance-book-ticker", about: "Binance Vision bookTicker",
      columns: [
        [.updateID, .bid, .bidQuantity, .ask, .askQuantity, .time, .receiveTime]
      ]),
    MarketLayout(
      name: "binance-depth", about: "Binance T_DEPTH snapshots and updates",
      columns: [
        [
          .symbol, .time, .firstUpdateID, .updateID, .side, .bookKind, .price, .quantity,
          .previousUpdateID,
        ]
      ]),
    MarketLayout(
      name: "tardis-book", about: "Tardis incremental_book_L2",
      columns: [
        [.exchange, .symbol, .time, .receiveTime, .isSnapshot, .side, .price, .quantity]
      ]),
    MarketLayout(
      name: "tardis-trades", about: "Tardis trades",
      columns: [
        [.exchange, .symbol, .time, .receiveTime, .tradeID, .side, .price, .quantity]
      ]),
    MarketLayout(
      name: "tardis-quotes", about: "Tardis quotes",
      columns: [
        [.exchange, .symbol, .time, .receiveTime, .askQuantity, .ask, .bid, .bidQuantity]
      ]),
    snapshots(5), snapshots(25),
  ]

  private static func snapshots(_ count: Int) -> MarketLayout {
    MarketLayout(
      name: "tardis-snapshots-\(count)", about: "Tardis book_snapshot_\(count)",
      columns: [
        [.exchange, .symbol, .time, .receiveTime]
          + (0..<count).flatMap { level -> [ColumnRole?] in
            [.askPrice(level), .askSize(level), .bidPrice(level), .bidSize(level)]
          }
      ])
  }

  package static func named(_ name: String) -> MarketLayout? { all.first { $0.name == name } }

  func columns(count: Int) -> [ColumnRole?]? { columns.first { $0.count == count } }

  /// Those whose columns these fields could be.
  static func possible(for fields: [String]) -> [(layout: MarketLayout, columns: [ColumnRole?])] {
    all.compactMap { layout in
      guard let columns = layout.columns(count: fields.count),
        zip(columns, fields).allSatisfy({ role, text in role.map { $0.couldBe(text) } ?? true })
      else { return nil }
      return (layout, columns)
    }
  }
}

extension ColumnRole {
  /// Whether a field of this text may be in such a column: for guessing, so rather no than yes.
  func couldBe(_ text: String) -> Bool {
    switch self {
    case .time, .receiveTime, .closeTime:
      if let number = Int64(text) { return number >= 300_000_000 }
      let bytes = Array(text.utf8)
      return bytes.withUnsafeBufferPointer { bytes in
        var time = TimeText()
        return time.parse(bytes) != nil
      }
    case .tradeID, .updateID, .firstUpdateID: return UInt64(text) != nil
    case .previousUpdateID: return Int64(text) != nil
    case .buyerIsMaker, .isSnapshot: return ["true", "false"].contains(text.lowercased())
    case .side: return SideWord(text) != nil
    case .bookKind: return ["snapshot", "snap", "delta", "set", "update"].contains(text)
    case .symbol, .exchange: return text.contains { $0.isLetter }
    case .bid, .ask: return text.isEmpty || Self.isNumber(text)
    default: return isLevel && text.isEmpty || Self.isNumber(text)
    }
  }

  static func isNumber(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { (try? ExactDecimal($0)) != nil }
  }
}
