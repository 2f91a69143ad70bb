package import Market

/// What a model has to know of an instrument.
package struct InventedInstrument: Sendable {
  package let id: InstrumentID
  /// Mantissas, as in the instrument's definition.
  package let tick: Int64
  package let lot: Int64
  /// In ticks.
  let start: Double
  /// Of a usual order, in lots.
  let orderLots: Double
  /// Beyond it prices do not rise, so that their mantissas stay far from what 64 bits hold.
  let ticksMax: Double

  /// nil when the price is not at least a hundred ticks, or is too large.
  package init?(_ instrument: Instrument, startPrice: Price, order: Quantity) {
    id = instrument.id
    tick = instrument.tick.mantissa
    lot = instrument.lot.mantissa
    start = Double(startPrice.mantissa) / Double(tick)
    orderLots = Swift.max(1, Double(order.mantissa) / Double(lot))
    ticksMax = 1e17 / Double(tick)
    guard start >= 100, start <= ticksMax / 1_000, orderLots <= 1e13 / Double(lot) else {
      return nil
    }
  }
}
