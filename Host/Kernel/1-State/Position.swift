package import Market

/// What one slot holds of one instrument, and what it still has working at the venue.
package struct Position: Sendable {
  /// Signed: negative is short.
  package private(set) var quantity: Int64 = 0
  /// What was paid for it, exactly, signed like the quantity: average price is derived.
  package private(set) var cost: Int128 = 0
  package private(set) var realised: Int128 = 0
  package private(set) var fees: Int128 = 0
  package var workingBuy: Int64 = 0
  package var workingSell: Int64 = 0

  /// Where the position ends if every working order fills.
  package var projected: Int64 { quantity + workingBuy - workingSell }

  /// Whether a fill can be booked, `released` of it from what is working: every sum stays inside
  /// its bits, also when all that is left working fills.
  func takes(
    _ side: Side, _ amount: Quantity, releasing released: Quantity, notional: Int128, fee: Int128
  ) -> Bool {
    let (next, overflow) = quantity.addingReportingOverflow(side.sign * amount.mantissa)
    let (highest, above) = next.addingReportingOverflow(
      side == .buy ? workingBuy - released.mantissa : workingBuy)
    let (lowest, below) = next.subtractingReportingOverflow(
      side == .sell ? workingSell - released.mantissa : workingSell)
    // The smallest number has no magnitude of its own kind.
    guard !overflow, !above, !below, next != .min, highest != .min, lowest != .min else {
      return false
    }
    return CashLedger.isCountable(notional) && CashLedger.isCountable(fee)
      && CashLedger.isCountable(cost) && CashLedger.isCountable(realised)
      && CashLedger.isCountable(fees)
  }

  /// Books a fill worth `notional` (positive units of the settlement asset) and returns what it
  /// realised. Closing releases cost in proportion, rounded half to even; what remains keeps the
  /// rest, so that cost and realised profit always add up exactly.
  mutating func fill(_ side: Side, _ amount: Quantity, notional: Int128) -> Int128 {
    let signed = side.sign * amount.mantissa
    let value = Int128(side.sign) * notional
    let closes = quantity != 0 && (quantity > 0) != (signed > 0)
    guard closes else {
      quantity += signed
      cost += value
      return 0
    }
    let closing = Swift.min(amount.mantissa, abs(quantity))
    let released = proportion(of: cost, closing, of: abs(quantity))
    let closingValue = proportion(of: value, closing, of: amount.mantissa)
    quantity += side.sign * closing
    cost -= released
    let opening = amount.mantissa - closing
    quantity += side.sign * opening
    cost += value - closingValue
    let profit = -(released + closingValue)
    realised += profit
    return profit
  }

  mutating func charge(_ fee: Int128) { fees += fee }

  /// The average entry price, rounded half to even; nil when flat.
  package func average(_ instrument: Instrument) -> Price? {
    guard quantity != 0 else { return nil }
    guard let unit = instrument.notional(Price(mantissa: 1), signed: quantity), unit.units != 0
    else { return nil }
    let sign: Int128 = unit.units < 0 ? -1 : 1
    let mantissa = FixedPoint.divideHalfToEven(cost * sign, by: unit.units * sign)
    return Int64(exactly: mantissa).map(Price.init(mantissa:))
  }

  private func proportion(of amount: Int128, _ part: Int64, of whole: Int64) -> Int128 {
    if part == whole { return amount }
    // Split so that no product leaves 128 bits: amount = q * whole + r.
    let (quotient, remainder) = amount.quotientAndRemainder(dividingBy: Int128(whole))
    // The rounded part starts from an even number, or half to even would look at the wrong digit.
    let exact = quotient * Int128(part)
    let odd = exact % 2
    return exact - odd
      + FixedPoint.divideHalfToEven(
        remainder * Int128(part) + odd * Int128(whole), by: Int128(whole))
  }
}
