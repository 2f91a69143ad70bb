import Market

/// What the instrument says of every price and quantity.
struct TickRules: Sendable {
  let tick: Int64
  let lot: Int64

  init(_ instrument: Instrument) {
    tick = instrument.tick.mantissa
    lot = instrument.lot.mantissa
  }

  func isOnTick(_ price: Int64) -> Bool { price % tick == 0 }
  func isOnLot(_ quantity: Int64) -> Bool { quantity % lot == 0 }
}
