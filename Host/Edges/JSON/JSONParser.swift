extension JSONValue {
  /// Reads one JSON text (RFC 8259), strictly: UTF-8 without a mark, no key twice, no comments.
  package static func parse(
    _ text: String, limits: JSONLimits = JSONLimits(), subject: String = "JSON"
  ) throws(JSONError) -> JSONValue {
    try parse(Array(text.utf8), limits: limits, subject: subject)
  }

  package static func parse(
    _ bytes: [UInt8], limits: JSONLimits = JSONLimits(), subject: String = "JSON"
  ) throws(JSONError) -> JSONValue {
    var parser = JSONParser(bytes: bytes, limits: limits, subject: subject)
    return try parser.document()
  }
}

/// Recursive descent over bytes. Bounded in depth, so that no text can spend the stack.
struct JSONParser {
  let bytes: [UInt8]
  let limits: JSONLimits
  let subject: String
  var at = 0
  private var line = 1
  private var lineStart = 0

  init(bytes: [UInt8], limits: JSONLimits, subject: String) {
    self.bytes = bytes
    self.limits = limits
    self.subject = subject
  }

  var position: JSONPosition { JSONPosition(line: line, column: at - lineStart + 1) }
  var current: UInt8? { at < bytes.count ? bytes[at] : nil }

  func failure(
    _ code: JSONError.Code, _ message: String, remedy: String, at place: JSONPosition? = nil
  ) -> JSONError {
    JSONError(
      code: code, subject: subject, position: place ?? position, message: message, remedy: remedy)
  }

  mutating func document() throws(JSONError) -> JSONValue {
    guard bytes.count <= limits.bytesMax else {
      throw failure(
        .tooLarge, "the text has \(bytes.count) bytes, and at most \(limits.bytesMax) are read",
        remedy: "make it shorter")
    }
    guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else {
      throw failure(
        .text, "the text begins with a byte order mark", remedy: "save it as UTF-8 without one")
    }
    skipSpace()
    let value = try value(depth: 0)
    skipSpace()
    guard current == nil else {
      throw failure(
        .syntax, "found \(found) behind the end of the value", remedy: "keep one value in a text")
    }
    return value
  }

  /// What stands here, for a message.
  private var found: String {
    guard let byte = current else { return "the end of the text" }
    guard byte >= 0x20, byte < 0x7F else { return "the byte \(byte)" }
    return "'\(Character(UnicodeScalar(byte)))'"
  }

  private mutating func skipSpace() {
    while let byte = current {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): at += 1
      case UInt8(ascii: "\n"):
        at += 1
        line += 1
        lineStart = at
      default: return
      }
    }
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    let start = position
    switch current {
    case UInt8(ascii: "{"): return try object(depth: depth, start)
    case UInt8(ascii: "["): return try array(depth: depth, start)
    case UInt8(ascii: "\""): return JSONValue(.string(try string()), position: start)
    case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
      return JSONValue(.number(try number()), position: start)
    default: break
    }
    if take("true") { return JSONValue(.bool(true), position: start) }
    if take("false") { return JSONValue(.bool(false), position: start) }
    if take("null") { return JSONValue(.null, position: start) }
    throw failure(
      .syntax, "expected a value, found \(found)",
      remedy: "write an object, an array, a string in double quotes, a number, true, false or null")
  }

  private mutating func take(_ word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    guard at + length <= bytes.count else { return false }
    for index in 0..<length where bytes[at + index] != word.utf8Start[index] { return false }
    at += length
    return true
  }

  private func checkDepth(_ depth: Int) throws(JSONError) {
    guard depth < limits.depthMax else {
      throw failure(
        .tooDeep, "values are nested more than \(limits.depthMax) deep", remedy: "nest them less")
    }
  }

  private mutating func array(
    depth: Int, _ start: JSONPosition
  ) throws(JSONError) -> JSONValue {
    try checkDepth(depth)
    at += 1
    var elements: [JSONValue] = []
    skipSpace()
    if current == UInt8(ascii: "]") {
      at += 1
      return JSONValue(.array([]), position: start)
    }
    while true {
      skipSpace()
      elements.append(try value(depth: depth + 1))
      if try endsList(UInt8(ascii: "]"), "]") {
        return JSONValue(.array(elements), position: start)
      }
    }
  }

  /// Takes the comma or the closing bracket behind an element; true at the bracket.
  private mutating func endsList(
    _ bracket: UInt8, _ name: String
  ) throws(JSONError) -> Bool {
    skipSpace()
    if current == bracket {
      at += 1
      return true
    }
    guard current == UInt8(ascii: ",") else {
      throw failure(
        .syntax, "expected ',' or '\(name)', found \(found)", remedy: "separate or end the list")
    }
    let comma = position
    at += 1
    skipSpace()
    if current == bracket {
      throw failure(
        .syntax, "a ',' stands before '\(name)'", remedy: "remove the last comma", at: comma)
    }
    return false
  }

  private mutating func object(
    depth: Int, _ start: JSONPosition
  ) throws(JSONError) -> JSONValue {
    try checkDepth(depth)
    at += 1
    var members: [JSONMember] = []
    var keys: Set<String> = []
    skipSpace()
    if current == UInt8(ascii: "}") {
      at += 1
      return JSONValue(.object([]), position: start)
    }
    while true {
      skipSpace()
      let keyPosition = position
      guard current == UInt8(ascii: "\"") else {
        throw failure(
          .syntax, "expected a key in double quotes, found \(found)", remedy: "write \"key\": value"
        )
      }
      let key = try string()
      guard keys.insert(key).inserted else {
        throw failure(
          .duplicateKey, "the key \"\(key)\" stands twice in one object",
          remedy: "keep one of the two", at: keyPosition)
      }
      skipSpace()
      guard current == UInt8(ascii: ":") else {
        throw failure(
          .syntax, "expected ':' behind a key, found \(found)", remedy: "write \"key\": value")
      }
      at += 1
      skipSpace()
      let value = try value(depth: depth + 1)
      members.append(JSONMember(key: key, value: value, keyPosition: keyPosition))
      if try endsList(UInt8(ascii: "}"), "}") {
        return JSONValue(.object(members), position: start)
      }
    }
  }
}
