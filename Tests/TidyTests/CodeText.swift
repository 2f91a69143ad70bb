/// Tells code from comments and literals, for Swift and C, so that rules count braces and find
/// words only where they mean something.
enum CodeText {
  private enum Place: Equatable {
    case code, lineComment
    case blockComment(depth: Int)
    case text(hashes: Int, isLong: Bool)
  }

  /// Lines of `text`, as long as before, with everything but code replaced by spaces.
  static func blanked(_ text: String) -> [String] {
    let all = Array(text.utf8)
    var kept = [UInt8]()
    kept.reserveCapacity(all.count)
    var place = Place.code
    var index = 0
    while index < all.count {
      let (next, length) = step(all, index, place)
      for offset in index..<min(index + length, all.count) {
        let isCode = place == .code && next == .code
        kept.append(all[offset] == newline || isCode ? all[offset] : space)
      }
      place = next
      index += length
    }
    return String(decoding: kept, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private static let newline = UInt8(ascii: "\n")
  private static let space = UInt8(ascii: " ")
  private static let quote = UInt8(ascii: "\"")
  private static let hash = UInt8(ascii: "#")
  private static let backslash = UInt8(ascii: "\\")

  /// What the bytes at `index` begin or end, and how many of them say so.
  private static func step(_ all: [UInt8], _ index: Int, _ place: Place) -> (Place, Int) {
    switch place {
    case .code: return begin(all, index)
    case .lineComment: return (all[index] == newline ? .code : place, 1)
    case .blockComment(let depth):
      if starts(all, index, "*/") {
        return (depth == 1 ? .code : .blockComment(depth: depth - 1), 2)
      }
      if starts(all, index, "/*") { return (.blockComment(depth: depth + 1), 2) }
      return (place, 1)
    case .text(let hashes, let isLong):
      if hashes == 0, all[index] == backslash { return (place, 2) }
      if !isLong, all[index] == newline { return (.code, 1) }
      let end = (isLong ? "\"\"\"" : "\"") + String(repeating: "#", count: hashes)
      return starts(all, index, end) ? (.code, end.utf8.count) : (place, 1)
    }
  }

  private static func begin(_ all: [UInt8], _ index: Int) -> (Place, Int) {
    if starts(all, index, "//") { return (.lineComment, 2) }
    if starts(all, index, "/*") { return (.blockComment(depth: 1), 2) }
    if starts(all, index, "'\"'") { return (.code, 3) }
    var hashes = 0
    while index + hashes < all.count, all[index + hashes] == hash { hashes += 1 }
    guard index + hashes < all.count, all[index + hashes] == quote else { return (.code, 1) }
    if starts(all, index + hashes, "\"\"\"") {
      return (.text(hashes: hashes, isLong: true), hashes + 3)
    }
    return (.text(hashes: hashes, isLong: false), hashes + 1)
  }

  private static func starts(_ all: [UInt8], _ index: Int, _ text: String) -> Bool {
    var place = index
    for byte in text.utf8 {
      guard place < all.count, all[place] == byte else { return false }
      place += 1
    }
    return true
  }

  /// Words of letters, digits and underscores.
  static func words(_ line: String) -> [Substring] {
    line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
  }
}
