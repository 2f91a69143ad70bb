package import Market

/// Something that was entered and left again: exact amounts in the instrument's settlement asset.
package struct ClosedTrade: Sendable, Equatable {
  package var slot: Int
  package var instrument: InstrumentID
  /// `buy` was long.
  package var side: Side
  package var entryTime: Timestamp
  package var exitTime: Timestamp
  /// Averages over what was entered and left; nil where no price has that worth.
  package var entryPrice: Price?
  package var exitPrice: Price?
  package var quantity: Quantity
  /// What was entered, at its prices.
  package var worth: Money
  /// Before fees and funding.
  package var gross: Money
  package var fees: Money
  package var funding: Money
  /// Paid beyond the mid at the decision; negative where it was better. Part of `gross` already.
  package var slippage: Money
  /// The deepest loss and the highest gain on the way, before fees: at or beyond zero.
  package var adverse: Money
  package var favourable: Money
  package var fills: Int
  /// How long a bar is, where bars are counted.
  package var barLength: Nanoseconds?
  /// What one unit of the settlement asset was worth at the exit, in the reporting asset; nil
  /// where nobody told.
  package var rate: Double?

  package var net: Money {
    Money(units: gross.units &- fees.units &+ funding.units, asset: gross.asset)
  }
  package var held: Nanoseconds { exitTime - entryTime }
  package var bars: Int? {
    barLength.flatMap { $0 > .zero ? Int(held.count / $0.count) : nil }
  }
  /// Net, as a share of what was entered; nil where that was worth nothing.
  package var returned: Double? { share(of: net) }
  package var adverseShare: Double? { share(of: adverse) }
  package var favourableShare: Double? { share(of: favourable) }
  /// In the reporting asset.
  package var profit: Double? { rate.flatMap { ($0 * net.approximation).ifFinite } }

  private func share(of amount: Money) -> Double? {
    Ratio.of(Double(amount.units), Double(worth.units).magnitude)
  }
}

/// What counts as one trade.
package enum TradeCounting: Sendable, Equatable {
  /// From flat to flat; more bought and parts sold in between belong to it.
  case flatToFlat
  /// Each reduction, against the average cost of what was held.
  case everyClose
}
