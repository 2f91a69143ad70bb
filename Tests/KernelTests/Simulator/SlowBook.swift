import Kernel
import Market
import PluginABI
import PluginBridge

/// Positions and cash from nothing but fills, funding and transfers: nothing is averaged, nothing
/// realised, every amount is a flow. The venue keeps one of what is true, the oracle one of what
/// the kernel was told.
struct SlowBook {
  struct Fill {
    var slot: UInt32
    var instrument: UInt32
    var side: Side
    var leg: PositionSide
    var quantity: Int64
    /// Of the quantity, as if bought.
    var value: Int128
    var fee: Int128 = 0
    var feeAsset: UInt32 = 2
  }
  struct Holding: Equatable {
    var quantity: Int64 = 0
    /// Paid for it, less what was got.
    var paid: Int128 = 0
  }

  static let slots = 6
  private static let assets = 8
  private var holdings: [Holding] = Array(
    repeating: Holding(), count: slots * SimulatedInstrument.all.count * 2)
  private var cash: [Int128] = Array(
    repeating: 0, count: SimulatedAccount.all.count * assets)

  private static func place(_ slot: UInt32, _ instrument: UInt32, _ leg: Int) -> Int {
    (Int(slot) * SimulatedInstrument.all.count + Int(instrument)) * 2 + leg
  }

  func held(_ slot: UInt32, _ instrument: UInt32, _ leg: Int) -> Holding {
    holdings[Self.place(slot, instrument, leg)]
  }

  mutating func change(_ account: UInt16, _ asset: UInt32, _ amount: Int128) {
    cash[Int(account) * Self.assets + Int(asset)] += amount
  }

  mutating func take(_ fill: Fill) {
    let instrument = SimulatedInstrument.of(fill.instrument)
    let sign = Int128(fill.side.sign)
    let place = Self.place(fill.slot, fill.instrument, fill.leg.leg)
    holdings[place].quantity += fill.side.sign * fill.quantity
    holdings[place].paid += sign * fill.value
    if instrument.isPaidInFull { change(instrument.account, instrument.settle, -sign * fill.value) }
    if instrument.kind == KEEL_KIND_SPOT {
      change(instrument.account, instrument.base, sign * instrument.amount(fill.quantity))
    }
    change(instrument.account, fill.feeAsset, -fill.fee)
  }

  /// Longs pay a positive rate, in 10^-8 of the worth.
  mutating func fund(_ id: UInt32, rate: Int64, mark: Int64) {
    let instrument = SimulatedInstrument.of(id)
    for slot in 0..<UInt32(Self.slots) {
      for leg in 0..<2 {
        let quantity = held(slot, id, leg).quantity
        guard quantity != 0 else { continue }
        let worth = instrument.value(price: mark, quantity: abs(quantity))
        let due = SimulatedInstrument.divide(
          (worth < 0 ? -worth : worth) * Int128(rate), by: SimulatedInstrument.power(8))
        change(instrument.account, instrument.settle, quantity > 0 ? -due : due)
      }
    }
  }

  /// What the kernel has otherwise, in the slots asked about; nil when nothing is.
  func difference(from state: borrowing State, slots: Range<UInt32>) -> String? {
    for slot in slots {
      for index in SimulatedInstrument.all.indices {
        for leg in [PositionSide.net, .short] {
          let held = held(slot, UInt32(index), leg.leg)
          let position = state.positions[slot, SimulatedInstrument.id(index), leg]
          let paid = position.cost - position.realised
          guard position.quantity == held.quantity, paid == held.paid else {
            return "slot \(slot) holds \(position.quantity) of "
              + "\(SimulatedInstrument.all[index].letter) \(leg) for \(paid), "
              + "not \(held.quantity) for \(held.paid)"
          }
        }
      }
    }
    return nil
  }

  /// A balance is what flowed, and what derivatives have realised: what they cost and still hold
  /// aside, they have brought what was got for them.
  func cashDifference(from state: borrowing State) -> String? {
    for account in SimulatedAccount.all.indices {
      for asset in 0..<UInt32(Self.assets) {
        var expected = cash[account * Self.assets + Int(asset)]
        for (index, instrument) in SimulatedInstrument.all.enumerated()
        where !instrument.isPaidInFull && instrument.settle == asset
          && Int(instrument.account) == account
        {
          for slot in 0..<UInt32(Self.slots) {
            for leg in [PositionSide.net, .short] {
              let cost = state.positions[slot, SimulatedInstrument.id(index), leg].cost
              expected += cost - held(slot, UInt32(index), leg.leg).paid
            }
          }
        }
        let found = state.cash[UInt16(account), AssetID(rawValue: asset)].total
        guard found == expected else {
          return "account \(account) has \(found) of asset \(asset), not \(expected)"
        }
      }
    }
    return nil
  }

  func difference(from state: borrowing State) -> String? {
    difference(from: state, slots: 0..<UInt32(Self.slots)) ?? cashDifference(from: state)
  }
}
