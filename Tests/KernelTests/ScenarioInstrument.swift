import Market
import PluginABI
import PluginBridge

/// The instruments of the scenarios, by letter. Whole numbers everywhere but in F.
struct ScenarioInstrument {
  let letter: String
  let kind: Int
  var base: UInt32 = 1
  var quote: UInt32 = 2
  var tick: Int64 = 1
  var lot: Int64 = 1
  var minimum: Int64 = 0
  var notionalMinimum: Int64 = 0
  var priceExponent: Int8 = 0
  var quantityExponent: Int8 = 0
  var settle: UInt32?
  var assetClass: UInt8 = 0
  var sector: UInt16 = 0
  var group: UInt16 = 0
  var initialMargin: Int32 = 0
  var expiry: Int64 = KEEL_NULL
  var account: UInt16 = 0

  static let all: [ScenarioInstrument] = [
    // Perpetual, settled in asset 2.
    ScenarioInstrument(letter: "P", kind: KEEL_KIND_PERPETUAL),
    // Spot: 3 against 2, 3 against 4, 5 against 3.
    ScenarioInstrument(letter: "S", kind: KEEL_KIND_SPOT, base: 3),
    ScenarioInstrument(letter: "T", kind: KEEL_KIND_SPOT, base: 3, quote: 4),
    ScenarioInstrument(letter: "U", kind: KEEL_KIND_SPOT, base: 5, quote: 3),
    // Coarse steps and minimums.
    ScenarioInstrument(
      letter: "C", kind: KEEL_KIND_PERPETUAL, tick: 5, lot: 10, minimum: 20,
      notionalMinimum: 5_000),
    // So fine that its worth must be rounded.
    ScenarioInstrument(
      letter: "F", kind: KEEL_KIND_PERPETUAL, priceExponent: -8, quantityExponent: -9),
    // Counted together: by class, sector and group; a tenth of their worth is bound.
    ScenarioInstrument(
      letter: "X", kind: KEEL_KIND_PERPETUAL, assetClass: UInt8(KEEL_CLASS_CRYPTO), sector: 1,
      group: 1, initialMargin: 100_000),
    ScenarioInstrument(
      letter: "Y", kind: KEEL_KIND_PERPETUAL, assetClass: UInt8(KEEL_CLASS_CRYPTO), sector: 1,
      group: 1, initialMargin: 100_000),
    // Ends at 2000; an inverse contract, counted in 2 and settled in 3; an option, paid in 2.
    ScenarioInstrument(letter: "E", kind: KEEL_KIND_FUTURE, expiry: 2_000),
    ScenarioInstrument(letter: "I", kind: KEEL_KIND_INVERSE, base: 3, settle: 3),
    ScenarioInstrument(letter: "O", kind: KEEL_KIND_OPTION, base: 3),
    // An account of its own.
    ScenarioInstrument(letter: "H", kind: KEEL_KIND_PERPETUAL, account: 1),
  ]

  static func id(_ letter: String) -> InstrumentID {
    let index = all.firstIndex { $0.letter == letter }
    return InstrumentID(rawValue: index.map(UInt32.init) ?? 99)
  }
  static func letter(_ id: InstrumentID) -> String {
    id.index < all.count ? all[id.index].letter : "-"
  }

  var definition: keel_ev_instrument {
    var record = keel_ev_instrument()
    record.h = keel_event(
      KEEL_EV_INSTRUMENT, of: keel_ev_instrument.self, instrument: Self.id(letter))
    record.px_exp = priceExponent
    record.qty_exp = quantityExponent
    record.kind = UInt8(kind)
    record.tick = tick
    record.lot = lot
    record.min_qty = minimum
    record.min_notional = notionalMinimum
    record.multiplier = 1
    record.base = base
    record.quote = quote
    record.settle = settle ?? quote
    record.account = account
    record.asset_class = assetClass
    record.sector = sector
    record.group = group
    record.initial_margin = initialMargin
    record.expiry = expiry
    record.strike = KEEL_NULL
    return record
  }
}
