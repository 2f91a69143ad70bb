/// Strings and numbers.
extension JSONParser {
  mutating func number() throws(JSONError) -> String {
    let start = at
    let place = position
    func malformed(_ reason: String) -> JSONError {
      failure(
        .number, "this is no number: \(reason)", remedy: "write it like 12, -0.5 or 1.5e-3",
        at: place
      )
    }
    if current == UInt8(ascii: "-") { at += 1 }
    let leading = at
    let whole = digits()
    guard whole > 0 else { throw malformed("a digit is missing") }
    guard whole == 1 || bytes[leading] != UInt8(ascii: "0") else {
      throw malformed("it begins with 0")
    }
    if current == UInt8(ascii: ".") {
      at += 1
      guard digits() > 0 else { throw malformed("no digit follows the point") }
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      at += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { at += 1 }
      guard digits() > 0 else { throw malformed("no digit follows the exponent") }
    }
    guard at - start <= limits.numberBytesMax else {
      throw failure(
        .number,
        "a number has \(at - start) characters, and at most \(limits.numberBytesMax) are read",
        remedy: "write fewer digits", at: place)
    }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }

  private mutating func digits() -> Int {
    let start = at
    while let byte = current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { at += 1 }
    return at - start
  }

  mutating func string() throws(JSONError) -> String {
    let place = position
    at += 1
    var content: [UInt8] = []
    var runStart = at
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        content.append(contentsOf: bytes[runStart..<at])
        at += 1
        guard let text = String(validating: content, as: UTF8.self) else {
          throw failure(
            .text, "a string holds bytes that are not UTF-8", remedy: "save the text as UTF-8",
            at: place)
        }
        return text
      case UInt8(ascii: "\\"):
        content.append(contentsOf: bytes[runStart..<at])
        content.append(contentsOf: Array(String(try escape()).utf8))
        runStart = at
      case 0..<0x20:
        throw failure(
          .text, "a string holds the control character \(byte)",
          remedy: byte == 10 ? "close the string before the line ends" : "write it as an escape")
      default: at += 1
      }
    }
    throw failure(
      .syntax, "a string is never closed", remedy: "add the closing double quote", at: place)
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    let place = position
    at += 1
    guard let byte = current else {
      throw failure(.syntax, "the text ends inside an escape", remedy: "finish it", at: place)
    }
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(place)
    default:
      throw failure(
        .text, "this escape does not exist",
        remedy: "use \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four hexadecimal digits",
        at: place)
    }
  }

  private mutating func unicodeEscape(
    _ place: JSONPosition
  ) throws(JSONError) -> Unicode.Scalar {
    let first = try hexadecimal(place)
    if let scalar = Unicode.Scalar(first) { return scalar }
    let lone = failure(
      .text, "half of a surrogate pair stands alone", remedy: "write both halves, high one first",
      at: place)
    guard first < 0xDC00, current == UInt8(ascii: "\\"), at + 1 < bytes.count,
      bytes[at + 1] == UInt8(ascii: "u")
    else { throw lone }
    at += 2
    let second = try hexadecimal(place)
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw lone }
    return scalar
  }

  private mutating func hexadecimal(_ place: JSONPosition) throws(JSONError) -> UInt32 {
    var number: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure(
          .text, "\\u needs four hexadecimal digits", remedy: "write it like \\u00e9", at: place)
      }
      number = number << 4 | UInt32(digit)
      at += 1
    }
    return number
  }
}
