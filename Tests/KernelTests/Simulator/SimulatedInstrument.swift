import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport

/// What is traded in the simulated world: every way of counting money, and every kind of account.
/// Its arithmetic is its own, written for being read.
struct SimulatedInstrument {
  let letter: String
  let kind: Int
  let account: UInt16
  let base: UInt32
  let quote: UInt32
  let settle: UInt32
  let priceExponent: Int
  let quantityExponent: Int
  var multiplier: Int64 = 1
  var multiplierExponent = 0
  var tick: Int64 = 1
  var lot: Int64 = 1
  let start: Int64

  static let all: [SimulatedInstrument] = [
    SimulatedInstrument(
      letter: "S", kind: KEEL_KIND_SPOT, account: 0, base: 3, quote: 2, settle: 2,
      priceExponent: -2, quantityExponent: -3, start: 10_000),
    SimulatedInstrument(
      letter: "T", kind: KEEL_KIND_SPOT, account: 0, base: 4, quote: 3, settle: 3,
      priceExponent: -4, quantityExponent: -2, tick: 5, lot: 10, start: 5_000),
    SimulatedInstrument(
      letter: "P", kind: KEEL_KIND_PERPETUAL, account: 1, base: 1, quote: 2, settle: 2,
      priceExponent: -1, quantityExponent: -3, start: 500_000),
    SimulatedInstrument(
      letter: "I", kind: KEEL_KIND_INVERSE, account: 1, base: 1, quote: 2, settle: 1,
      priceExponent: -1, quantityExponent: 0, multiplier: 100, start: 500_000),
    SimulatedInstrument(
      letter: "O", kind: KEEL_KIND_OPTION, account: 1, base: 1, quote: 2, settle: 2,
      priceExponent: -2, quantityExponent: -1, multiplierExponent: -1, start: 2_000),
    SimulatedInstrument(
      letter: "H", kind: KEEL_KIND_PERPETUAL, account: SimulatedAccount.hedging, base: 3,
      quote: 2, settle: 2, priceExponent: -2, quantityExponent: -2, start: 10_000),
    SimulatedInstrument(
      letter: "C", kind: KEEL_KIND_PERPETUAL, account: SimulatedAccount.cumulative, base: 3,
      quote: 2, settle: 2, priceExponent: -2, quantityExponent: 0, start: 10_000),
  ]
  static func of(_ id: UInt32) -> SimulatedInstrument { all[Int(id)] }
  static func id(_ index: Int) -> InstrumentID { InstrumentID(rawValue: UInt32(index)) }

  var isPaidInFull: Bool { kind == KEEL_KIND_SPOT || kind == KEEL_KIND_OPTION }

  /// What buying this much is worth, in 10^-16 of the settlement asset; negative for an inverse
  /// one, whose worth in the base falls as the price rises.
  func value(price: Int64, quantity: Int64) -> Int128 {
    let contracts = Int128(quantity) * Int128(multiplier)
    if kind == KEEL_KIND_INVERSE {
      let scale = 16 + quantityExponent + multiplierExponent - priceExponent
      return -Self.divide(contracts * Self.power(scale), by: Int128(price))
    }
    let scale = 16 + priceExponent + quantityExponent + multiplierExponent
    return contracts * Int128(price) * Self.power(scale)
  }

  /// A quantity in 10^-16 of the base asset.
  func amount(_ quantity: Int64) -> Int128 { Int128(quantity) * Self.power(16 + quantityExponent) }

  /// Rounds half to even.
  static func divide(_ dividend: Int128, by divisor: Int128) -> Int128 {
    let negative = dividend < 0
    let whole = (negative ? -dividend : dividend) / divisor
    let rest = (negative ? -dividend : dividend) - whole * divisor
    let up = 2 * rest > divisor || (2 * rest == divisor && whole % 2 == 1)
    let rounded = up ? whole + 1 : whole
    return negative ? -rounded : rounded
  }

  static func power(_ exponent: Int) -> Int128 {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }

  func definition(_ index: Int, epoch: UInt16 = 0, tick: Int64? = nil, lot: Int64? = nil)
    -> keel_ev_instrument
  {
    var record = keel_ev_instrument()
    record.h = keel_event(
      KEEL_EV_INSTRUMENT, of: keel_ev_instrument.self, instrument: Self.id(index))
    record.px_exp = Int8(priceExponent)
    record.qty_exp = Int8(quantityExponent)
    record.multiplier_exp = Int8(multiplierExponent)
    record.multiplier = multiplier
    record.kind = UInt8(kind)
    record.account = account
    record.epoch = epoch
    record.tick = tick ?? self.tick
    record.lot = lot ?? self.lot
    record.min_qty = record.lot
    (record.base, record.quote, record.settle) = (base, quote, settle)
    record.asset_class = UInt8(KEEL_CLASS_CRYPTO)
    record.initial_margin = 100_000
    record.maintenance_margin = 50_000
    record.expiry = KEEL_NULL
    record.strike = KEEL_NULL
    FixedText.write(letter, to: &record.symbol)
    return record
  }
}
