import Market
import PluginABI
import PluginBridge
import Storage

/// The bench kit's markets as tapes: prices in ticks of 0.01, made by its recurrence, so that what
/// is measured here is what its other programs are measured by.
enum KitTapes {
  private static let origin: Int64 = 1_577_836_800_000_000_000
  private static let firstPrice: Int64 = 5_000_000

  /// The first is UNIT, as everywhere in the kit; the others are numbered.
  static func symbol(_ number: Int) -> String { number == 0 ? "UNIT" : "UNIT\(number)" }

  private static func instrument(_ number: Int) -> keel_ev_instrument {
    var record = Quotes.instrument()
    record.h.inst = UInt32(number)
    (record.px_exp, record.qty_exp) = (-2, 0)
    record.kind = InstrumentKind.perpetual.rawValue
    FixedText.write(symbol(number), to: &record.symbol)
    FixedText.write(symbol(number), to: &record.base_code)
    FixedText.write("USD", to: &record.quote_code)
    FixedText.write("USD", to: &record.settle_code)
    return record
  }

  private static func writer(_ path: String, instruments: Int = 1) throws -> TapeWriter {
    try TapeWriter(
      path: path, instruments: (0..<instruments).map(instrument), created: origin)
  }

  private static func append<C: BitwiseCopyable>(_ record: C, to writer: TapeWriter) throws {
    try withUnsafeBytes(of: record) { bytes throws(StorageError) in try writer.append(bytes) }
  }

  /// One bar a minute, delivered at its close.
  static func bars(_ count: Int, to path: String) throws {
    let writer = try writer(path)
    var draws = KitDraws(seed: 42)
    var close = firstPrice
    for index in 0..<count {
      let r = (0..<6).map { _ in draws.next() }
      var bar = keel_ev_bar()
      bar.h = header(KEEL_EV_BAR, keel_ev_bar.self, origin + Int64(index + 1) * 60_000_000_000)
      bar.open = close + r[0] % 101 - 50
      bar.close = bar.open + r[1] % 2_001 - 1_000
      bar.high = Swift.max(bar.open, bar.close) + r[2] % 501
      bar.low = Swift.min(bar.open, bar.close) - r[3] % 501
      bar.volume = 1_000 + r[4] % 100_000
      bar.interval = 60_000_000_000
      close = bar.close
      try append(bar, to: writer)
    }
    try writer.finish()
  }

  /// A quote and a trade in turn, a pair for each of the instruments in turn.
  static func ticks(_ pairs: Int, instruments: Int = 1, to path: String) throws {
    let writer = try writer(path, instruments: instruments)
    var walk = Walk()
    for pair in 0..<pairs {
      walk.step()
      walk.quote.h.inst = UInt32(pair % instruments)
      walk.trade.h.inst = walk.quote.h.inst
      try append(walk.quote, to: writer)
      try append(walk.trade, to: writer)
    }
    try writer.finish()
  }

  /// Ten levels a side, changed with every quote of the same walk, and its trades. Answers how many
  /// records there are.
  static func depth(_ pairs: Int, to path: String) throws -> Int {
    let writer = try writer(path)
    var (walk, levels) = (Walk(), KitDraws(seed: 44))
    var sequence: UInt64 = 0
    var count = 0
    func write(_ rows: [(side: Side?, price: Int64, quantity: Int64)], isSnapshot: Bool) throws {
      sequence += 1
      for (index, row) in rows.enumerated() {
        var level = keel_ev_book()
        level.h = header(KEEL_EV_BOOK, keel_ev_book.self, walk.quote.h.ts_recv)
        level.h.flags =
          UInt16(isSnapshot ? KEEL_EVF_SNAPSHOT : 0)
          | UInt16(index == rows.count - 1 ? KEEL_EVF_LAST : 0)
        (level.px, level.qty) = (row.price, row.quantity)
        level.side = row.side?.rawValue ?? 0
        level.action = UInt8(
          row.side == nil
            ? KEEL_BOOK_CLEAR : row.quantity == 0 ? KEEL_BOOK_DELETE : KEEL_BOOK_SET)
        (level.venue_seq, level.venue_seq_prev) = (sequence, isSnapshot ? 0 : sequence - 1)
        try append(level, to: writer)
        count += 1
      }
    }
    for pair in 0..<pairs {
      let before = walk.mid
      walk.step()
      let (bid, ask) = (walk.mid - 1, walk.mid + 1)
      let (a, b) = (levels.next(), levels.next())
      if pair == 0 {
        let sides = (Int64(0)..<10).flatMap {
          [(Side?.some(.buy), bid - $0, 10 + $0), (Side?.some(.sell), ask + $0, 10 + $0)]
        }
        try write([(nil, 0, 0)] + sides, isSnapshot: true)
      }
      if pair > 0, walk.mid > before {
        try write(
          [(.sell, ask - 1, 0), (.buy, bid, walk.quote.bid_qty)], isSnapshot: false)
      } else if pair > 0, walk.mid < before {
        try write(
          [(.buy, bid + 1, 0), (.sell, ask, walk.quote.ask_qty)], isSnapshot: false)
      } else {
        let isBid = b % 2 == 0
        try write(
          [
            (
              isBid ? .buy : .sell, isBid ? bid - a % 10 : ask + a % 10,
              isBid ? walk.quote.bid_qty : walk.quote.ask_qty
            )
          ], isSnapshot: false)
      }
      try append(walk.trade, to: writer)
      count += 1
    }
    try writer.finish()
    return count
  }

  private static func header<C: BitwiseCopyable>(
    _ type: Int, _ struct: C.Type, _ time: Int64
  ) -> keel_event {
    var header = keel_event(
      type, of: `struct`, instrument: InstrumentID(rawValue: 0),
      time: Timestamp(nanoseconds: time))
    header.ts_venue = time
    return header
  }

  /// The walk behind quotes, trades and books.
  private struct Walk {
    private var draws = KitDraws(seed: 43)
    private var time = origin
    private(set) var mid = firstPrice
    var quote = keel_ev_quote()
    var trade = keel_ev_trade()

    mutating func step() {
      let r = (0..<8).map { _ in draws.next() }
      let asked = time + 1_000 * (1 + r[0] % 20_000)
      mid += r[1] % 8 == 0 ? -1 : r[1] % 8 == 1 ? 1 : 0
      quote.h = header(KEEL_EV_QUOTE, keel_ev_quote.self, asked)
      (quote.bid, quote.ask) = (mid - 1, mid + 1)
      (quote.bid_qty, quote.ask_qty) = (1 + r[2] % 100, 1 + r[3] % 100)
      time = asked + 1_000 * (1 + r[4] % 20_000)
      let sign: Int64 = r[5] % 2 == 0 ? 1 : -1
      trade.h = header(KEEL_EV_TRADE, keel_ev_trade.self, time)
      trade.px = mid + sign * (r[6] % 16 == 0 ? 2 : 1)
      trade.qty = 1 + r[7] % 20
      trade.side = (sign > 0 ? Side.buy : .sell).rawValue
    }
  }
}
