import Foundation
import Market
import PluginABI
import PluginBridge

/// How each venue words its book messages.
enum RecordedVenue: String {
  case binance, binanceusdm, okx, deribit

  /// nil for what is no message about a book.
  func message(_ text: String, isFetched: Bool) throws -> RecordedFeed.Message? {
    guard isFetched || text.contains(mark) else { return nil }
    let object = try RecordedFeed.object(Data(text.utf8))
    switch self {
    case .binance, .binanceusdm:
      if isFetched { return try fetched(object) }
      return try binance(object["data"] as? [String: Any] ?? object)
    case .okx: return try okx(object)
    case .deribit:
      let parameters = object["params"] as? [String: Any]
      return try deribit(parameters?["data"] as? [String: Any] ?? [:])
    }
  }

  private var mark: String {
    switch self {
    case .binance, .binanceusdm: "\"depthUpdate\""
    case .okx: "\"checksum\""
    case .deribit: "\"channel\":\"book."
    }
  }

  private func fetched(_ object: [String: Any]) throws -> RecordedFeed.Message {
    let last = sequence(object["lastUpdateId"])
    return try message(
      "\(last)", bids: object["bids"], asks: object["asks"], sequence: last, before: 0,
      isSnapshot: true)
  }

  /// Spot names the first and the last update of a message, futures the last of the one before.
  private func binance(_ data: [String: Any]) throws -> RecordedFeed.Message {
    let last = sequence(data["u"])
    let before = self == .binance ? sequence(data["U"]) - 1 : sequence(data["pu"])
    return try message(
      "\(last)", bids: data["b"], asks: data["a"], sequence: last, before: before,
      isSnapshot: false)
  }

  /// Without sequence numbers, as it was when this was recorded; with a checksum.
  private func okx(_ object: [String: Any]) throws -> RecordedFeed.Message {
    let data = (object["data"] as? [[String: Any]])?.first ?? [:]
    var message = try message(
      RecordedFeed.name(data), bids: data["bids"], asks: data["asks"], sequence: 0,
      before: 0, isSnapshot: object["action"] as? String == "snapshot")
    message.checksum = (data["checksum"] as? NSNumber)?.int32Value
    return message
  }

  private static let options = [
    "BTC-31DEC21-34000-P", "BTC-31DEC21-300000-C", "BTC-24JUN22-15000-C", "BTC-30JUL21-24000-P",
    "ETH-27AUG21-4000-P",
  ]

  private func deribit(_ data: [String: Any]) throws -> RecordedFeed.Message {
    let last = sequence(data["change_id"])
    let name = RecordedFeed.text(data["instrument_name"])
    return try message(
      "\(last)", bids: data["bids"], asks: data["asks"], sequence: last,
      before: sequence(data["prev_change_id"]), isSnapshot: data["type"] as? String == "snapshot",
      instrument: Self.options.firstIndex(of: name) ?? 0)
  }

  private func sequence(_ value: Any?) -> UInt64 { (value as? NSNumber)?.uint64Value ?? 0 }

  private func message(
    _ name: String, bids: Any?, asks: Any?, sequence: UInt64, before: UInt64, isSnapshot: Bool,
    instrument: Int = 0
  ) throws -> RecordedFeed.Message {
    var record = keel_ev_book()
    record.h = keel_event(
      KEEL_EV_BOOK, of: keel_ev_book.self,
      instrument: InstrumentID(rawValue: UInt32(instrument)))
    record.h.flags = isSnapshot ? UInt16(KEEL_EVF_SNAPSHOT) : 0
    record.venue_seq = sequence
    record.venue_seq_prev = before
    var records: [keel_ev_book] = []
    if isSnapshot {
      record.action = UInt8(KEEL_BOOK_CLEAR)
      records.append(record)
    }
    for (side, levels) in [(Side.buy, bids), (Side.sell, asks)] {
      record.side = side.rawValue
      for level in levels as? [[Any]] ?? [] {
        // Deribit says in front what happened to the level.
        let numbers = self == .deribit ? level.dropFirst() : level[...]
        record.px = try RecordedFeed.number(numbers[numbers.startIndex])
        record.qty = try RecordedFeed.number(numbers[numbers.startIndex + 1])
        record.action = UInt8(record.qty == 0 ? KEEL_BOOK_DELETE : KEEL_BOOK_SET)
        records.append(record)
      }
    }
    if records.isEmpty {
      record.side = 0
      record.action = UInt8(KEEL_BOOK_NONE)
      records.append(record)
    }
    records[records.count - 1].h.flags |= UInt16(KEEL_EVF_LAST)
    return RecordedFeed.Message(
      instrument: instrument, records: records, name: name, isSnapshot: isSnapshot)
  }
}
