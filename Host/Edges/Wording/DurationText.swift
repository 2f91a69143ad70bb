package import Market

/// Lengths of time as people write them: "250ms", "1m", "4h", and "3 min 20 s" to read.
package enum DurationText {
  private static let units: [(name: String, nanoseconds: Int64)] = [
    ("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
    ("h", 3_600_000_000_000), ("d", 86_400_000_000_000),
  ]
  /// What `parse` takes, for messages.
  package static let form = "a whole number and one of \(units.map(\.name).joined(separator: ", "))"

  /// Above zero; nil for any other form, or more than 292 years.
  package static func parse(_ text: String) -> Nanoseconds? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int64(digits), count > 0,
      let unit = units.first(where: { $0.name == text.dropFirst(digits.count) })
    else { return nil }
    let (nanoseconds, overflow) = count.multipliedReportingOverflow(by: unit.nanoseconds)
    return overflow ? nil : Nanoseconds(nanoseconds)
  }

  /// In one unit where it is whole, the way `parse` takes it.
  package static func exact(_ duration: Nanoseconds) -> String {
    let unit = units.last { duration.count % $0.nanoseconds == 0 && duration.count != 0 }
    guard let unit else { return "\(duration.count)ns" }
    return "\(duration.count / unit.nanoseconds)\(unit.name)"
  }

  /// In its two largest units, the second one rounded down: "3 min 20 s".
  package static func text(_ duration: Nanoseconds) -> String {
    let count = duration.count
    guard count >= 0 else { return "-" + text(Nanoseconds(count == .min ? .max : -count)) }
    let names = ["ns", "us", "ms", "s", "min", "h", "d"]
    guard let place = units.lastIndex(where: { count >= $0.nanoseconds }) else { return "0 s" }
    let whole = count / units[place].nanoseconds
    var text = "\(whole) \(names[place])"
    guard place > 0 else { return text }
    let rest = count % units[place].nanoseconds / units[place - 1].nanoseconds
    if rest > 0 { text += " \(rest) \(names[place - 1])" }
    return text
  }
}
