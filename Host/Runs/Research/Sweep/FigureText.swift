/// Figures in aligned columns of plain text. What is absent is a dash.
package enum FigureText {
  package static func decimal(_ value: Double?, places: Int) -> String {
    guard let value, value.isFinite else { return "-" }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = (value.magnitude * scale).rounded()
    guard scaled < 9e15 else { return "\(value)" }
    var digits = String(Int64(scaled))
    if digits.count <= places {
      digits = String(repeating: "0", count: places + 1 - digits.count) + digits
    }
    let fraction = places > 0 ? "." + digits.suffix(places) : ""
    return (value < 0 && scaled > 0 ? "-" : "") + digits.dropLast(places) + fraction
  }

  package static func percent(_ value: Double?, places: Int = 2) -> String {
    guard let value, value.isFinite else { return "-" }
    return decimal(value * 100, places: places) + "%"
  }

  /// Four digits that count, whatever the size.
  package static func figure(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "-" }
    let size = value.magnitude
    return decimal(value, places: size >= 1_000 ? 0 : size >= 100 ? 1 : size >= 1 ? 3 : 4)
  }

  /// A field of a table of comma-separated values (RFC 4180).
  package static func field(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
