/// HTML or SVG text. What is interpolated is escaped, unless it is markup itself, so that no name
/// from outside can become a tag.
package struct Markup: Sendable, Equatable, ExpressibleByStringInterpolation {
  package private(set) var text: String

  package init() { text = "" }
  package init(stringLiteral literal: String) { text = literal }
  package init(stringInterpolation parts: Interpolation) { text = parts.text }

  package struct Interpolation: StringInterpolationProtocol {
    fileprivate(set) var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + interpolationCount * 8)
    }
    package mutating func appendLiteral(_ literal: String) { text += literal }
    package mutating func appendInterpolation(_ value: String) { text += Markup.escape(value) }
    package mutating func appendInterpolation(_ value: Int) { text += String(value) }
    package mutating func appendInterpolation(_ markup: Markup) { text += markup.text }
    /// A coordinate: two decimals, no digit more.
    package mutating func appendInterpolation(_ value: Double) {
      text += NumberText.plain(value, places: 2)
    }
  }

  package static func += (a: inout Markup, b: Markup) { a.text += b.text }

  package static func joined(_ parts: some Sequence<Markup>) -> Markup {
    var whole = Markup()
    for part in parts { whole += part }
    return whole
  }

  /// Characters that no document may hold become the replacement character.
  static func escape(_ value: String) -> String {
    var escaped = ""
    escaped.reserveCapacity(value.utf8.count)
    for scalar in value.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\t", "\n": escaped.unicodeScalars.append(scalar)
      case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
