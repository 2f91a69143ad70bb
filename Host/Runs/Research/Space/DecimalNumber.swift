/// A number as it is written in a search, read strictly: "12", "-0.5", "1e-4", and nothing that
/// only a programming language would take for one, such as ".5", "+1" or "nan".
struct DecimalNumber: Equatable {
  let value: Double
  /// Without point and exponent: what an integer parameter takes.
  let integer: Int64?
  /// `mantissa` over ten to the power of `places`; nil with an exponent or too many digits. Steps
  /// are counted in these, so that 0.1 + 0.2 is 0.3.
  let mantissa: Int64?
  let places: Int

  private static let placesMax = 12

  init?(_ text: Substring) {
    var rest = text.utf8[...]
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let whole = Self.digits(&rest)
    guard whole > 0 else { return nil }
    var fraction = 0
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      fraction = Self.digits(&rest)
      guard fraction > 0 else { return nil }
    }
    var hasExponent = false
    if let first = rest.first, first == UInt8(ascii: "e") || first == UInt8(ascii: "E") {
      hasExponent = true
      rest = rest.dropFirst()
      if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
        rest = rest.dropFirst()
      }
      guard Self.digits(&rest) > 0 else { return nil }
    }
    guard rest.isEmpty, let value = Double(text), value.isFinite else { return nil }
    self.value = value
    places = fraction
    integer = fraction == 0 && !hasExponent ? Int64(text) : nil
    mantissa =
      hasExponent || fraction > Self.placesMax ? nil : Int64(text.filter { $0 != "." })
  }

  /// The mantissa at more decimal places.
  func mantissa(places wanted: Int) -> Int64? {
    guard var scaled = mantissa, wanted >= places else { return nil }
    for _ in places..<wanted {
      let (product, overflow) = scaled.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      scaled = product
    }
    return scaled
  }

  /// The nearest double to a mantissa with that many places.
  static func value(_ mantissa: Int64, places: Int) -> Double {
    Double("\(mantissa)e-\(places)") ?? Double(mantissa)
  }

  private static func digits(_ rest: inout Substring.UTF8View.SubSequence) -> Int {
    let count = rest.prefix { (48...57).contains($0) }.count
    rest = rest.dropFirst(count)
    return count
  }
}
