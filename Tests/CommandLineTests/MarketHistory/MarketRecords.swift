import Market
import MarketHistory
import PluginABI
import PluginBridge
import TestSupport

/// Market data of two instruments whose tick is 5 and whose lot is 10, as a stream of records.
struct MarketRecords {
  private(set) var bytes = RecordBytes()
  private var trades: UInt64 = 0

  static let second: Int64 = 1_000_000_000
  static let minute = 60 * second

  static func definition(
    _ id: UInt32 = 0, tick: Int64 = 5, lot: Int64 = 10, px: Int8 = -2, qty: Int8 = -3
  ) -> keel_ev_instrument {
    var record = keel_ev_instrument()
    record.h = keel_event(
      KEEL_EV_INSTRUMENT, of: keel_ev_instrument.self, instrument: InstrumentID(rawValue: id))
    (record.px_exp, record.qty_exp, record.kind, record.multiplier) = (px, qty, 1, 1)
    (record.tick, record.lot, record.expiry, record.strike) = (tick, lot, KEEL_NULL, KEEL_NULL)
    FixedText.write(id == 0 ? "ONE" : "TWO", to: &record.symbol)
    return record
  }
  static let definitions = [definition(0), definition(1)]

  static func header<C: BitwiseCopyable>(
    _ type: Int, of record: C.Type, _ time: Int64, instrument: UInt32 = 0
  ) -> keel_event {
    keel_event(
      type, of: record, instrument: InstrumentID(rawValue: instrument),
      time: Timestamp(nanoseconds: time))
  }

  /// With an id of its own, unless told.
  mutating func trade(
    _ time: Int64, _ price: Int64, _ quantity: Int64 = 10, buys: Bool = true, id: UInt64? = nil,
    instrument: UInt32 = 0, venueTime: Int64? = nil
  ) {
    var record = keel_ev_trade()
    record.h = Self.header(KEEL_EV_TRADE, of: keel_ev_trade.self, time, instrument: instrument)
    record.h.ts_venue = venueTime ?? time
    trades += 1
    (record.px, record.qty, record.trade_id) = (price, quantity, id ?? trades)
    record.side = UInt8(buys ? KEEL_BUY : KEEL_SELL)
    bytes.append(record)
  }

  mutating func quote(
    _ time: Int64, _ bid: Int64, _ ask: Int64, _ quantity: Int64 = 10, instrument: UInt32 = 0
  ) {
    var record = keel_ev_quote()
    record.h = Self.header(KEEL_EV_QUOTE, of: keel_ev_quote.self, time, instrument: instrument)
    (record.bid, record.ask, record.bid_qty, record.ask_qty) = (bid, ask, quantity, quantity)
    bytes.append(record)
  }

  mutating func bar(
    _ time: Int64, _ open: Int64, _ high: Int64, _ low: Int64, _ close: Int64,
    _ volume: Int64 = 10, interval: Int64 = minute, instrument: UInt32 = 0
  ) {
    var record = keel_ev_bar()
    record.h = Self.header(KEEL_EV_BAR, of: keel_ev_bar.self, time, instrument: instrument)
    (record.open, record.high, record.low, record.close) = (open, high, low, close)
    (record.volume, record.interval) = (volume, interval)
    bytes.append(record)
  }

  mutating func book(
    _ time: Int64, _ action: Int, _ side: Int = KEEL_SIDE_NONE, _ price: Int64 = 0,
    _ quantity: Int64 = 0, flags: Int = KEEL_EVF_LAST, sequence: UInt64, before: UInt64 = 0
  ) {
    var record = keel_ev_book()
    record.h = Self.header(KEEL_EV_BOOK, of: keel_ev_book.self, time)
    record.h.flags = UInt16(flags)
    (record.action, record.side) = (UInt8(action), UInt8(side))
    (record.px, record.qty) = (price, quantity)
    (record.venue_seq, record.venue_seq_prev) = (sequence, before)
    bytes.append(record)
  }

  /// `rate` in parts of a million.
  mutating func funding(_ time: Int64, _ rate: Int64 = 100, due: Int64? = nil) {
    var record = keel_ev_funding()
    record.h = Self.header(KEEL_EV_FUNDING, of: keel_ev_funding.self, time)
    (record.rate, record.rate_exp, record.mark, record.due) = (rate, -6, KEEL_NULL, due ?? time)
    bytes.append(record)
  }

  mutating func gap(_ time: Int64) {
    var record = keel_ev_gap()
    record.h = Self.header(KEEL_EV_GAP, of: keel_ev_gap.self, time)
    bytes.append(record)
  }

  mutating func append(_ record: RecordBytes) { bytes.append(contentsOf: record) }

  /// The newest record of a type, as it stands.
  static func last(of records: MarketRecords, _ type: Int) -> RecordBytes {
    records.bytes.withRecords { reader in
      var last = RecordBytes()
      for record in reader where record.type == type { last = RecordBytes(record.bytes) }
      return last
    }
  }

  /// With trade ids that no other stream has.
  func renumbered() -> MarketRecords {
    var copy = MarketRecords()
    bytes.withRecords { reader in
      for record in reader {
        guard var trade = record.cast(to: keel_ev_trade.self)?.pointee,
          record.type == KEEL_EV_TRADE
        else {
          copy.bytes.append(record.bytes)
          continue
        }
        trade.trade_id += 1_000_000
        copy.bytes.append(trade)
      }
    }
    return copy
  }

  /// Each record from a source of its own.
  mutating func numberSources() {
    var next: UInt32 = 0
    bytes.forEachHeader { header in
      header.source = next
      next += 1
    }
  }

  mutating func append(contentsOf other: MarketRecords) { bytes.append(contentsOf: other.bytes) }

  func check(
    _ options: QualityOptions = QualityOptions(),
    _ definitions: [keel_ev_instrument] = MarketRecords.definitions
  ) -> QualityReport {
    var check = QualityCheck(definitions, options)
    bytes.withRecords { for record in $0 { check.take(record) } }
    return check.finish()
  }

  /// Bars made of all of it.
  func resampled(
    _ rules: [BarRule], from source: BarSource,
    _ definitions: [keel_ev_instrument] = MarketRecords.definitions,
    by clock: BarClock = .receive
  ) -> [keel_ev_bar] {
    var resampler = Resampler(
      definitions.map { (InstrumentDefinition.numbers(of: $0)!, rules) }, from: source,
      by: clock)
    var bars: [keel_ev_bar] = []
    bytes.withRecords { records in
      for record in records {
        resampler.advance(to: record.time, into: &bars)
        resampler.take(record, into: &bars)
      }
    }
    resampler.finish(into: &bars)
    return bars
  }
}
