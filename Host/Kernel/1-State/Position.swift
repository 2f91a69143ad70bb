package import Market

/// What one slot holds of one instrument, and what it still has working at the venue.
package struct Position: Sendable {
  /// Signed: negative is short.
  package internal(set) var quantity: Int64 = 0
  /// The value it was entered at, exactly, signed so that profit is value less cost; the average
  /// price is derived.
  package internal(set) var cost: Int128 = 0
  package internal(set) var realised: Int128 = 0
  /// Those in the settlement asset: others stand in the ledger alone.
  package internal(set) var fees: Int128 = 0
  package internal(set) var funding: Int128 = 0
  package var workingBuy: Int64 = 0
  package var workingSell: Int64 = 0

  /// Where the position ends if every working order fills.
  package var projected: Int64 { quantity &+ workingBuy &- workingSell }

  /// Whether a fill of this size can be counted: beyond 62 bits nothing is traded.
  func hasRoom(for side: Side, _ amount: Quantity) -> Bool {
    let (sum, overflow) = quantity.addingReportingOverflow(side.sign * amount.mantissa)
    return !overflow && sum.magnitude < 1 << 62
  }

  /// Books a fill whose quantity, bought, has the value `value`, and returns what it realised.
  /// Closing releases cost in proportion, rounded half to even; what remains keeps the rest, so
  /// that cost and realised profit always add up exactly.
  mutating func fill(_ side: Side, _ amount: Quantity, value bought: Int128) -> Int128 {
    let signed = side.sign * amount.mantissa
    let value = Int128(side.sign) * bought
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

  /// Two legs of one holding, for what counts them together.
  static func + (a: Position, b: Position) -> Position {
    var sum = a
    sum.quantity &+= b.quantity
    sum.cost += b.cost
    sum.realised += b.realised
    sum.fees += b.fees
    sum.funding += b.funding
    sum.workingBuy &+= b.workingBuy
    sum.workingSell &+= b.workingSell
    return sum
  }

  mutating func charge(_ fee: Int128) { fees += fee }
  mutating func fund(_ payment: Int128) { funding += payment }

  /// The average entry price, rounded half to even; nil when flat.
  package func average(_ instrument: Instrument) -> Price? {
    guard quantity != 0 else { return nil }
    return instrument.price(ofValue: cost, signed: quantity)
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
