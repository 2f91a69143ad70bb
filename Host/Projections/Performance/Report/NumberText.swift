import Glibc
import Market

/// Numbers as people read them. A value that is absent is a dash, never NaN.
enum NumberText {
  static let absent = "–"

  /// With a point, without grouping, trailing zeros or exponent: for coordinates and CSV.
  static func plain(_ value: Double, places: Int) -> String {
    guard let digits = fixed(value, places) else { return "0" }
    var text = digits.whole
    var fraction = digits.fraction
    while fraction.last == "0" { fraction.removeLast() }
    if !fraction.isEmpty { text += "." + fraction }
    return digits.isNegative && text.contains { $0 != "0" && $0 != "." } ? "-" + text : text
  }

  /// Grouped by thousands, with a true minus sign.
  static func decimal(_ value: Double?, places: Int, signed: Bool = false) -> String {
    guard let value, let digits = fixed(value, places) else { return absent }
    var text = ""
    for (index, digit) in digits.whole.enumerated() {
      if index > 0, (digits.whole.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    if places > 0 { text += "." + digits.fraction }
    let isZero = text.allSatisfy { "0.,".contains($0) }
    if isZero { return text }
    return (digits.isNegative ? "\u{2212}" : signed ? "+" : "") + text
  }

  static func percent(_ value: Double?, places: Int = 1, signed: Bool = false) -> String {
    guard let value, value.isFinite, value.magnitude < 1e12 else { return absent }
    return decimal(value * 100, places: places, signed: signed) + "%"
  }

  /// As many decimals as its size deserves.
  static func amount(_ value: Double?, signed: Bool = false) -> String {
    guard let value else { return absent }
    let size = value.magnitude
    let places = size >= 10_000 ? 0 : size >= 1 || size == 0 ? 2 : size >= 0.01 ? 4 : 8
    return decimal(value, places: places, signed: signed)
  }

  /// Short, for axes: 12.5k.
  static func short(_ value: Double, step: Double) -> String {
    let units: [(Double, String)] = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")]
    let (scale, name) = units.first { value.magnitude >= $0.0 } ?? (1, "")
    let places = Swift.max(0, Int((-log10(Swift.max(step, 1e-12) / scale) + 0.999).rounded(.down)))
    return decimal(value / scale, places: Swift.min(places, 8)) + name
  }

  static func duration(_ length: Nanoseconds?) -> String {
    guard let length else { return absent }
    let seconds = Double(length.count) / 1e9
    switch seconds {
    case ..<1: return "\(plain(seconds * 1_000, places: 1)) ms"
    case ..<120: return "\(plain(seconds, places: 1)) s"
    case ..<7_200: return "\(plain(seconds / 60, places: 0)) min"
    case ..<172_800: return "\(plain(seconds / 3_600, places: 1)) h"
    default: return "\(decimal(seconds / 86_400, places: seconds < 864_000 ? 1 : 0)) d"
    }
  }

  private static func fixed(
    _ value: Double, _ places: Int
  ) -> (whole: String, fraction: String, isNegative: Bool)? {
    guard value.isFinite else { return nil }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = (value.magnitude * scale).rounded()
    // Beyond what a double counts exactly, decimals mean nothing.
    guard scaled < 9e15 else {
      guard let whole = Int128(exactly: value.magnitude.rounded()) else { return nil }
      return (String(whole), String(repeating: "0", count: places), value < 0)
    }
    let all = String(Int64(scaled))
    let padded = String(repeating: "0", count: Swift.max(0, places + 1 - all.count)) + all
    return (
      String(padded.dropLast(places)), String(padded.suffix(places)), value < 0
    )
  }
}
