import Market

/// A decimal number as it is written, without any rounding: ±mantissa times ten to the exponent,
/// where the mantissa has no zero at its end.
struct ExactDecimal: Equatable {
  enum Failure: Error, Equatable { case empty, notANumber, tooLong }

  private(set) var isNegative = false
  private(set) var magnitude: UInt64 = 0
  private(set) var exponent = 0

  /// "-12.50", "1e-7", ".5", "7." and the like; no blanks, no infinities, no separators.
  init(_ text: UnsafeBufferPointer<UInt8>) throws(Failure) {
    guard !text.isEmpty else { throw .empty }
    var place = 0
    if text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") {
      isNegative = text[0] == UInt8(ascii: "-")
      place = 1
    }
    var digits = 0
    var isBehindPoint = false
    // Zeros that count only when another digit follows them.
    var zeros = 0
    scan: while place < text.count {
      let byte = text[place]
      switch byte {
      case UInt8(ascii: "."):
        guard !isBehindPoint else { throw .notANumber }
        isBehindPoint = true
      case UInt8(ascii: "0"):
        digits += 1
        if magnitude > 0 { zeros += 1 }
        if isBehindPoint { exponent -= 1 }
      case UInt8(ascii: "1")...UInt8(ascii: "9"):
        digits += 1
        if isBehindPoint { exponent -= 1 }
        for _ in 0...zeros { try append(0) }
        zeros = 0
        magnitude += UInt64(byte - UInt8(ascii: "0"))
      default: break scan
      }
      place += 1
    }
    guard digits > 0 else { throw .notANumber }
    exponent += zeros
    if place < text.count { exponent += try Self.power(text, place) }
    if magnitude == 0 { (isNegative, exponent) = (false, 0) }
  }

  /// Makes room for one more digit. A mantissa beyond an Int64 fits nowhere.
  private mutating func append(_ digit: UInt64) throws(Failure) {
    let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
    guard !overflow, product <= UInt64(Int64.max) - 9 else { throw .tooLong }
    magnitude = product + digit
  }

  private static func power(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int
  ) throws(Failure) -> Int {
    var place = start
    guard text[place] | 0x20 == UInt8(ascii: "e") else { throw .notANumber }
    place += 1
    var isNegative = false
    if place < text.count, text[place] == UInt8(ascii: "-") || text[place] == UInt8(ascii: "+") {
      isNegative = text[place] == UInt8(ascii: "-")
      place += 1
    }
    guard place < text.count, text.count - place <= 4 else { throw .notANumber }
    var value = 0
    while place < text.count {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[place]) else {
        throw .notANumber
      }
      value = value * 10 + Int(text[place] - UInt8(ascii: "0"))
      place += 1
    }
    return isNegative ? -value : value
  }

  /// How many digits behind the point it takes.
  var decimals: Int { max(0, -exponent) }

  enum Counted: Equatable { case mantissa(Int64), tooPrecise, tooLarge }

  /// The nearest count of 10^-decimals, half to even, of what is too precise; nil where it is too
  /// large.
  func rounded(decimals: Int) -> Int64? {
    let places = -(exponent + decimals)
    guard places > 0 else { return nil }
    guard places <= 19 else { return 0 }
    guard let divisor = FixedPoint.powerOfTen(places) else { return 0 }
    let value = FixedPoint.divideHalfToEven(Int128(magnitude), by: divisor)
    return Int64(exactly: isNegative ? -value : value)
  }

  /// The same counted in 10^-decimals.
  func counted(decimals: Int) -> Counted {
    guard magnitude > 0 else { return .mantissa(0) }
    let places = exponent + decimals
    guard places >= 0 else { return .tooPrecise }
    guard places <= 18 else { return .tooLarge }
    let (product, overflow) = magnitude.multipliedReportingOverflow(by: Digits.powers[places])
    guard !overflow, product <= UInt64(Int64.max) else { return .tooLarge }
    return .mantissa(isNegative ? -Int64(product) : Int64(product))
  }
}
