import Market

/// What a slot holds of an instrument at this moment, and how it came to it. Costs and values are
/// signed so that a profit is the value less the cost: negative quantities have negative cost.
struct OpenTrade {
  /// Signed; zero in a free place.
  var quantity: Int64 = 0
  var cost: Int128 = 0
  var entryTime = Timestamp(nanoseconds: 0)
  /// All that was entered and left since the trade began.
  var entered: Int64 = 0
  var enteredValue: Int128 = 0
  var left: Int64 = 0
  var leftValue: Int128 = 0
  var realised: Int128 = 0
  /// Of the trade so far; with `everyClose`, what closes did not take yet.
  var fees: Int128 = 0
  var slippage: Int128 = 0
  var funding: Int128 = 0
  /// Lowest and highest profit that any price since the entry would have shown.
  var lowest: Int128 = 0
  var highest: Int128 = 0
  var fills = 0

  var slot: Int32 = 0
  var leg: Int32 = 0
  var instrument = InstrumentID(rawValue: 0)
  /// The other holders of the instrument: places in the ledger's pool, -1 at the ends. A free
  /// place's `next` is the next free one.
  var next: Int32 = -1
  var previous: Int32 = -1

  /// Takes note of what the holding would be worth.
  mutating func mark(_ value: Int128) {
    let profit = realised &+ value &- cost
    if profit < lowest { lowest = profit }
    if profit > highest { highest = profit }
  }

  mutating func enter(_ signed: Int64, value: Int128) {
    quantity += signed
    cost &+= value
    entered &+= abs(signed)
    enteredValue &+= value
  }

  /// Takes `amount` (at most what is held) off, its part of the cost with it, and answers that
  /// part. `value` is signed as the fill is: against the holding.
  mutating func leave(_ amount: Int64, value: Int128) -> Int128 {
    let released = Proportion.of(cost, amount, of: abs(quantity))
    quantity += quantity > 0 ? -amount : amount
    cost &-= released
    left &+= amount
    leftValue &-= value
    realised &-= value &+ released
    return released
  }
}

/// A part of an amount, rounded half to even; parts that are taken one after the other, until
/// nothing is left, add up exactly.
enum Proportion {
  static func of(_ amount: Int128, _ part: Int64, of whole: Int64) -> Int128 {
    if part == whole { return amount }
    // Split so that no product leaves 128 bits: amount = quotient * whole + remainder.
    let (quotient, remainder) = amount.quotientAndRemainder(dividingBy: Int128(whole))
    // The rounded part begins at an even number, or half to even would look at the wrong digit.
    let exact = quotient * Int128(part)
    let odd = exact % 2
    let rest = remainder * Int128(part) + odd * Int128(whole)
    return exact - odd + FixedPoint.divideHalfToEven(rest, by: Int128(whole))
  }
}
