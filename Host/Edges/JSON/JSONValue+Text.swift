/// Writing. The text is canonical: one form for one value, members in their order, and only those
/// characters escaped that JSON says must be.
extension JSONValue {
  /// In one line without spaces, or indented by two with short arrays of scalars kept on a line.
  package func text(pretty: Bool = false) -> String {
    var writer = JSONWriter(isPretty: pretty)
    writer.write(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

private struct JSONWriter {
  /// A pretty array is kept on one line up to here.
  static let lineBytesMax = 80

  let isPretty: Bool
  var bytes: [UInt8] = []
  var depth = 0

  init(isPretty: Bool) { self.isPretty = isPretty }

  mutating func write(_ value: JSONValue) {
    switch value.content {
    case .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .number(let text): append(text)
    case .string(let text): quote(text)
    case .array(let elements): write(elements)
    case .object(let members): write(members)
    }
  }

  private mutating func write(_ elements: [JSONValue]) {
    if isPretty, let line = oneLine(elements) {
      append(line)
      return
    }
    append("[")
    for (index, element) in elements.enumerated() {
      separate(index)
      write(element)
    }
    end("]", isEmpty: elements.isEmpty)
  }

  private func oneLine(_ elements: [JSONValue]) -> String? {
    guard elements.allSatisfy({ $0.members == nil && $0.elements == nil }) else { return nil }
    let line = "[" + elements.map { $0.text() }.joined(separator: ", ") + "]"
    return line.utf8.count <= Self.lineBytesMax ? line : nil
  }

  private mutating func write(_ members: [JSONMember]) {
    append("{")
    for (index, member) in members.enumerated() {
      separate(index)
      quote(member.key)
      append(isPretty ? ": " : ":")
      write(member.value)
    }
    end("}", isEmpty: members.isEmpty)
  }

  private mutating func separate(_ index: Int) {
    if index == 0 { depth += 1 } else { append(",") }
    breakLine()
  }

  private mutating func end(_ bracket: String, isEmpty: Bool) {
    if !isEmpty {
      depth -= 1
      breakLine()
    }
    append(bracket)
  }

  private mutating func breakLine() {
    guard isPretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<depth { append("  ") }
  }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x08: append("\\b")
      case 0x09: append("\\t")
      case 0x0A: append("\\n")
      case 0x0C: append("\\f")
      case 0x0D: append("\\r")
      case 0..<0x20:
        append("\\u00")
        bytes.append(Self.digit(byte >> 4))
        bytes.append(Self.digit(byte & 15))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func digit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
