import Market
import Performance
import PluginABI
import PluginBridge
import Testing

/// Fills as text: "buy 2 @ 100 fee 0.1", "sell 2 @ 101 by 2 of 1 mid 100.5".
struct LedgerScenario {
  static let dollars = AssetID(rawValue: 1)
  static let coins = AssetID(rawValue: 2)
  static let points = AssetID(rawValue: 3)

  var ledger: TradeLedger
  var time: Int64 = 1_000_000_000
  /// What went in and out in dollars, exactly, counted beside the ledger.
  private(set) var cash: Int128 = 0
  private(set) var records: [keel_ev_fill] = []
  let instrument: Instrument

  init(
    counting: TradeCounting = .flatToFlat, kind: InstrumentKind = .spot, priceExponent: Int = -2,
    tradesMax: Int = 1_000, barLength: Nanoseconds? = .seconds(60)
  ) {
    var options = TradeLedger.Options(
      reporting: kind == .inverse ? Self.coins : Self.dollars)
    (options.slots, options.instruments, options.assets) = (4, 3, 4)
    (options.counting, options.tradesMax, options.barLength) = (counting, tradesMax, barLength)
    ledger = TradeLedger(options)
    instrument = Self.instrument(0, kind, priceExponent)
    for id in 0..<2 as Range<UInt32> { ledger.define(Self.instrument(id, kind, priceExponent)) }
  }

  static func instrument(
    _ id: UInt32, _ kind: InstrumentKind = .spot, _ priceExponent: Int = -2
  ) -> Instrument {
    Instrument(
      id: InstrumentID(rawValue: id), kind: kind, priceExponent: priceExponent,
      quantityExponent: -4, tick: Price(mantissa: 1), lot: Quantity(mantissa: 1),
      quantityMin: Quantity(mantissa: 1), notionalMin: .zero(dollars), base: coins,
      quote: dollars, settlement: kind == .inverse ? coins : dollars)
  }

  private func number(_ text: String, _ exponent: Int) -> Int64 {
    do { return try DecimalText.parse(text, exponent: exponent) } catch {
      Issue.record("\(text) is no decimal: \(error)")
      return 0
    }
  }

  func price(_ text: String) -> Price {
    Price(mantissa: number(text, instrument.priceExponent))
  }

  func record(_ text: String) -> (fill: keel_ev_fill, mid: Price?) {
    let words = text.split(separator: " ").map(String.init)
    var record = keel_ev_fill()
    record.h = keel_event(
      KEEL_EV_FILL, of: keel_ev_fill.self, instrument: InstrumentID(rawValue: 0),
      time: Timestamp(nanoseconds: time))
    record.h.source = 1
    record.side = UInt8(words[0] == "buy" ? KEEL_BUY : KEEL_SELL)
    record.qty = number(words[1], -4)
    record.liquidity = 2
    record.fee_exp = -8
    record.fee_asset = Self.dollars.rawValue
    var mid: Price?
    for (key, value) in zip(words.dropFirst(2), words.dropFirst(3)) {
      switch key {
      case "@": record.px = price(value).mantissa
      case "fee": record.fee = number(value, -8)
      case "in": record.fee_asset = (value == "coins" ? Self.coins : Self.points).rawValue
      case "by": record.h.source = UInt32(value) ?? 0
      case "of": record.h.inst = UInt32(value) ?? 0
      case "leg": record.position_side = value == "short" ? 2 : 1
      case "mid": mid = price(value)
      case "maker": record.liquidity = 1
      default: break
      }
    }
    return (record, mid)
  }

  @discardableResult
  mutating func fill(_ text: String) -> TradeLedger.Refusal? {
    let (record, mid) = record(text)
    let answer = withUnsafePointer(to: record) { ledger.add($0, mid: mid) }
    if answer == nil, let side = Side(rawValue: record.side),
      let value = instrument.value(Price(mantissa: record.px), signed: side.sign * record.qty)
    {
      cash -= value.units + Int128(record.fee) * 100_000_000
      records.append(record)
    }
    time += 60_000_000_000
    return answer
  }

  mutating func mark(_ text: String, of id: UInt32 = 0) {
    ledger.mark(InstrumentID(rawValue: id), price(text))
  }
}

extension Money {
  /// "12.5" for a test to read.
  var amount: String { text }
}
