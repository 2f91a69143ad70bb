/// A JSON text as a value: members in their order, numbers as they were written, and where each
/// value stood, so that what was read can be judged and quoted exactly.
package struct JSONValue: Sendable {
  package enum Content: Sendable {
    case null
    case bool(Bool)
    /// The number's own text: no digit is lost before somebody decides what it means.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
  }
  package var content: Content
  /// Where the value began; nil for a value that was built, not read.
  package var position: JSONPosition?

  package init(_ content: Content, position: JSONPosition? = nil) {
    self.content = content
    self.position = position
  }
}

package struct JSONMember: Sendable {
  package var key: String
  package var value: JSONValue
  package var keyPosition: JSONPosition?

  package init(key: String, value: JSONValue, keyPosition: JSONPosition? = nil) {
    self.key = key
    self.value = value
    self.keyPosition = keyPosition
  }
}

/// Both count from 1; a column is a byte, as most editors show it for plain text.
package struct JSONPosition: Sendable, Equatable, CustomStringConvertible {
  package var line: Int
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
  package var description: String { "line \(line), column \(column)" }
}

// Reading. Each answers nil when the value is of another kind.
extension JSONValue {
  package var bool: Bool? { if case .bool(let value) = content { value } else { nil } }
  package var numberText: String? { if case .number(let text) = content { text } else { nil } }
  package var string: String? { if case .string(let text) = content { text } else { nil } }
  package var elements: [JSONValue]? {
    if case .array(let elements) = content { elements } else { nil }
  }
  package var members: [JSONMember]? {
    if case .object(let members) = content { members } else { nil }
  }

  /// A number without decimals or exponent that an Int64 holds.
  package var integer: Int64? { numberText.flatMap { Int64($0) } }

  /// The nearest double; nil also where that is infinite.
  package var double: Double? {
    guard let text = numberText, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// The member of that name; nil when there is none or this is no object.
  package subscript(key: String) -> JSONValue? {
    members?.first { $0.key == key }?.value
  }

  /// The element at that index; nil beyond the end or when this is no array.
  package subscript(index: Int) -> JSONValue? {
    guard let elements, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// "an object", "a number" ..., for messages.
  package var kindName: String {
    switch content {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// Equal content; where it stood does not matter, the order of members does.
extension JSONValue: Equatable {
  package static func == (a: JSONValue, b: JSONValue) -> Bool {
    switch (a.content, b.content) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.key == $1.key && $0.value == $1.value }
    default: false
    }
  }
}
