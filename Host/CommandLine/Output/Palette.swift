/// Colours for one stream; plain where the stream is no terminal or NO_COLOR is set.
struct Palette: Sendable {
  enum Role: String {
    case bold = "1"
    case bad = "31"
    case good = "32"
    case notice = "33"
  }

  var isColoured: Bool

  static let plain = Palette(isColoured: false)

  /// https://no-color.org: present and not empty means no colour.
  init(isTerminal: Bool, environment: [String: String]) {
    let isRefused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    isColoured = isTerminal && !isRefused && environment["TERM"] != "dumb"
  }

  init(isColoured: Bool) { self.isColoured = isColoured }

  func paint(_ text: String, _ role: Role) -> String {
    isColoured ? "\u{1B}[\(role.rawValue)m\(text)\u{1B}[0m" : text
  }
}
