/// Decimal text to fixed-point numbers and back, without Foundation and without rounding.
public enum DecimalText {
  public enum Failure: Error, Equatable {
    case empty
    /// Not a digit, sign or point, at this byte.
    case notANumber(at: Int)
    /// More decimals than the exponent can hold, and they are not zeros.
    case tooPrecise
    case tooLarge
  }

  /// "-12.5" at exponent -2 is -1250.
  public static func parse(_ text: String, exponent: Int) throws(Failure) -> Int64 {
    let wide = try parseWide(text, exponent: exponent)
    guard let narrow = Int64(exactly: wide) else { throw .tooLarge }
    return narrow
  }

  public static func parseWide(_ text: String, exponent: Int) throws(Failure) -> Int128 {
    var mantissa: Int128 = 0
    var decimals = 0
    var digits = 0
    var negative = false
    var seenPoint = false
    var position = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "-") where position == 0: negative = true
      case UInt8(ascii: "+") where position == 0: break
      case UInt8(ascii: ".") where !seenPoint: seenPoint = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digit = Int128(byte - UInt8(ascii: "0"))
        digits += 1
        if seenPoint, decimals >= -exponent {
          guard digit == 0 else { throw .tooPrecise }
        } else {
          let (shifted, overflow) = mantissa.multipliedReportingOverflow(by: 10)
          let (sum, carry) = shifted.addingReportingOverflow(digit)
          guard !overflow, !carry else { throw .tooLarge }
          mantissa = sum
          if seenPoint { decimals += 1 }
        }
      default: throw .notANumber(at: position)
      }
      position += 1
    }
    guard digits > 0 else { throw .empty }
    guard let scaled = FixedPoint.rescale(mantissa, from: -decimals, to: exponent) else {
      throw .tooLarge
    }
    if exponent > 0, FixedPoint.rescale(scaled, from: exponent, to: 0) != mantissa {
      throw .tooPrecise
    }
    return negative ? -scaled : scaled
  }

  /// -1250 at exponent -2 is "-12.50". With `trimming`, "-12.5".
  public static func format(_ mantissa: Int128, exponent: Int, trimming: Bool = false) -> String {
    var digits: [UInt8] = []
    var rest = mantissa.magnitude
    repeat {
      digits.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    while digits.count <= -exponent { digits.append(UInt8(ascii: "0")) }
    var text: [UInt8] = mantissa < 0 ? [UInt8(ascii: "-")] : []
    for index in stride(from: digits.count - 1, through: 0, by: -1) {
      text.append(digits[index])
      if index == -exponent, index > 0 { text.append(UInt8(ascii: ".")) }
    }
    if exponent > 0, mantissa != 0 {
      for _ in 0..<exponent { text.append(UInt8(ascii: "0")) }
    }
    if trimming, exponent < 0 {
      while text.last == UInt8(ascii: "0") { text.removeLast() }
      if text.last == UInt8(ascii: ".") { text.removeLast() }
    }
    return String(decoding: text, as: UTF8.self)
  }

  public static func format(_ mantissa: Int64, exponent: Int, trimming: Bool = false) -> String {
    format(Int128(mantissa), exponent: exponent, trimming: trimming)
  }
}

extension Money {
  /// All sixteen decimals are kept; trailing zeros are not shown.
  public var text: String { DecimalText.format(units, exponent: Money.exponent, trimming: true) }
}

extension Instrument {
  public func text(_ price: Price) -> String {
    DecimalText.format(price.mantissa, exponent: priceExponent)
  }
  public func text(_ quantity: Quantity) -> String {
    DecimalText.format(quantity.mantissa, exponent: quantityExponent, trimming: true)
  }
}
