/// Building values for output. Literals work where a value is expected:
/// `let answer: JSONValue = ["ok": true, "orders": .integer(count)]`.
extension JSONValue {
  package static var null: JSONValue { JSONValue(.null) }
  package static func bool(_ value: Bool) -> JSONValue { JSONValue(.bool(value)) }
  package static func string(_ text: String) -> JSONValue { JSONValue(.string(text)) }
  package static func array(_ elements: [JSONValue]) -> JSONValue { JSONValue(.array(elements)) }

  package static func integer(_ value: some BinaryInteger) -> JSONValue {
    JSONValue(.number(String(value)))
  }

  /// The shortest text that reads back as `value`; null where JSON has no number for it.
  package static func double(_ value: Double) -> JSONValue {
    value.isFinite ? JSONValue(.number("\(value)")) : .null
  }

  /// Null where there is none.
  package static func optional(_ value: JSONValue?) -> JSONValue { value ?? .null }

  package static func object(_ members: [(String, JSONValue)]) -> JSONValue {
    JSONValue(.object(members.map { JSONMember(key: $0.0, value: $0.1) }))
  }

  /// Replaces the member of that name, or adds it at the end. On anything but an object, a bug.
  package mutating func set(_ key: String, _ value: JSONValue) {
    guard var members else { preconditionFailure("only an object has members to set") }
    if let index = members.firstIndex(where: { $0.key == key }) {
      members[index].value = value
    } else {
      members.append(JSONMember(key: key, value: value))
    }
    content = .object(members)
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByNilLiteral
{
  package init(stringLiteral text: String) { self = .string(text) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int64) { self = .integer(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  package init(dictionaryLiteral members: (String, JSONValue)...) { self = .object(members) }
  package init(nilLiteral: ()) { self = .null }
}
