import Market
import PluginABI
import PluginBridge

/// What one slot loses when a venue closes what the account holds.
struct ClosingPart: Sendable {
  var slot: UInt32
  /// What changes in its position: signed.
  var change: Int64
  /// Its part of the fee, in the fill's mantissa.
  var fee: Int64 = 0
  var value: Int128 = 0
}

/// A liquidation or a settlement is of no order, and its position is the slots'. Every slot's
/// holding shrinks by the share by which the account's does: where all of it is closed, every slot
/// is flat, those too that held against the account. What is rounded goes by the slots' numbers.
/// What was closed beyond what is held is the host's own.
extension State {
  /// False where no slot but the host's own holds any of it, or the parts cannot be counted: then
  /// the fill is the host's own whole. Nothing is changed in that case.
  mutating func close(_ fill: Fill, _ booking: Booking) -> Bool {
    guard share(fill, booking), value(fill, booking) else {
      closing.removeAll(keepingCapacity: true)
      return false
    }
    for part in closing {
      guard let amounts = amounts(of: part, fill, booking) else { continue }
      book(self.booking(part, booking), amounts)
    }
    return true
  }

  /// Quantities and fees, by what each slot holds up to here, so that their sums are exact.
  private mutating func share(_ fill: Fill, _ booking: Booking) -> Bool {
    let (id, leg) = (booking.instrument.id, booking.leg)
    let held = Int128(positions.account(id, leg).quantity)
    let asked = Int128(booking.quantity.mantissa)
    guard held != 0, (held > 0) == (booking.side == .sell) else { return false }
    let taken = Swift.min(asked, abs(held))
    var (before, changed, weight): (Int128, Int128, Int128) = (0, 0, 0)
    var isShared = false
    for slot in 0..<UInt32(positions.slots) {
      before += Int128(positions[slot, id, leg].quantity)
      let (product, overflow) = before.multipliedReportingOverflow(by: taken)
      guard !overflow else { return false }
      let sum = -(product / abs(held))
      var change = sum - changed
      changed = sum
      if slot == 0 { change -= Int128(booking.side == .sell ? 1 : -1) * (asked - taken) }
      guard change != 0 else { continue }
      guard let change = Int64(exactly: change) else { return false }
      isShared = isShared || slot > 0
      weight += Int128(change.magnitude)
      closing.append(ClosingPart(slot: slot, change: change))
    }
    guard isShared else { return false }
    var (weighed, charged): (Int128, Int128) = (0, 0)
    let fee = Int128(fill.raw.pointee.fee)
    for index in closing.indices {
      weighed += Int128(closing[index].change.magnitude)
      let (product, overflow) = fee.multipliedReportingOverflow(by: weighed)
      guard !overflow else { return false }
      closing[index].fee = Int64(truncatingIfNeeded: product / weight - charged)
      charged = product / weight
    }
    return true
  }

  /// What each part is worth; their sum is what the whole is worth. False where one cannot be
  /// booked.
  private mutating func value(_ fill: Fill, _ booking: Booking) -> Bool {
    var (changed, worth): (Int64, Int128) = (0, 0)
    for index in closing.indices {
      let (sum, overflow) = changed.addingReportingOverflow(closing[index].change)
      guard !overflow, let value = booking.instrument.value(fill.price, signed: sum)?.units
      else { return false }
      closing[index].value = value - worth
      (changed, worth) = (sum, value)
      guard amounts(of: closing[index], fill, booking) != nil else { return false }
    }
    return true
  }

  private func booking(_ part: ClosingPart, _ whole: Booking) -> Booking {
    var booking = whole
    booking.slot = part.slot
    booking.side = part.change > 0 ? .buy : .sell
    booking.quantity = Quantity(mantissa: Int64(clamping: part.change.magnitude))
    return booking
  }

  private func amounts(of part: ClosingPart, _ fill: Fill, _ whole: Booking) -> Amounts? {
    let raw = fill.raw.pointee
    let bought = part.change > 0 ? part.value : -part.value
    guard var amounts = amounts(value: bought, booking(part, whole)) else { return nil }
    guard part.fee != 0 else { return amounts }
    guard cash.holds(whole.instrument.account, raw.fee_asset),
      let units = FixedPoint.rescale(
        Int128(part.fee), from: Int(raw.fee_exp), to: Money.exponent)
    else { return nil }
    let fee = Money(units: units, asset: AssetID(rawValue: raw.fee_asset))
    guard cash.hasRoom(for: fee, in: whole.instrument.account) else { return nil }
    amounts.fee = fee
    return amounts
  }
}
