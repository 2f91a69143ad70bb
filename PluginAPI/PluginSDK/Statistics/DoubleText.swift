/// Doubles as text and back, without Foundation: for logs and configuration, not for money.
public enum DoubleText {
  /// Rounded to `decimals` places (0...15): "-12.50". Exact up to 2^53 units of the last place.
  public static func format(_ value: Double, decimals: Int) -> String {
    precondition(decimals >= 0 && decimals <= 15, "0 to 15 decimals")
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (value * scale).rounded(.toNearestOrEven)
    // Beyond what an Int128 holds, digits behind the point mean nothing.
    guard scaled.magnitude < 1e37 else { return value < 0 ? "-huge" : "huge" }
    return DecimalText.format(Int128(scaled), exponent: -decimals)
  }

  /// "-12.5e-3"; nil for anything else. Exact up to fifteen digits and exponents of ten to 22,
  /// within two units in the last place beyond.
  public static func parse(_ text: String) -> Double? {
    var mantissa: UInt64 = 0
    var exponent = 0
    var digits = 0
    var isNegative = false
    var seenPoint = false
    var bytes = text.utf8.makeIterator()
    var byte = bytes.next()
    if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
      isNegative = byte == UInt8(ascii: "-")
      byte = bytes.next()
    }
    while let each = byte, each != UInt8(ascii: "e"), each != UInt8(ascii: "E") {
      if each == UInt8(ascii: "."), !seenPoint {
        seenPoint = true
      } else if let digit = decimalDigit(each) {
        digits += 1
        if mantissa < 1_000_000_000_000_000_000 {
          mantissa = mantissa * 10 + digit
          if seenPoint { exponent -= 1 }
        } else if !seenPoint {
          exponent += 1
        }
      } else {
        return nil
      }
      byte = bytes.next()
    }
    guard digits > 0 else { return nil }
    if byte != nil {
      guard let written = parseExponent(&bytes) else { return nil }
      exponent += written
    }
    let magnitude = scale(Double(mantissa), by: exponent)
    return isNegative ? -magnitude : magnitude
  }

  private static func decimalDigit(_ byte: UInt8) -> UInt64? {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
      ? UInt64(byte - UInt8(ascii: "0")) : nil
  }

  private static func parseExponent(_ bytes: inout String.UTF8View.Iterator) -> Int? {
    var value = 0
    var digits = 0
    var isNegative = false
    var byte = bytes.next()
    if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
      isNegative = byte == UInt8(ascii: "-")
      byte = bytes.next()
    }
    while let each = byte {
      guard let digit = decimalDigit(each) else { return nil }
      value = Swift.min(value * 10 + Int(digit), 100_000)
      digits += 1
      byte = bytes.next()
    }
    return digits == 0 ? nil : isNegative ? -value : value
  }

  private static func scale(_ mantissa: Double, by exponent: Int) -> Double {
    var value = mantissa
    var rest = exponent.magnitude
    // Powers up to 10^22 are exact.
    while rest > 0, value != 0, value.isFinite {
      let step = Swift.min(rest, 22)
      var power = 1.0
      for _ in 0..<step { power *= 10 }
      value = exponent < 0 ? value / power : value * power
      rest -= step
    }
    return value
  }
}
