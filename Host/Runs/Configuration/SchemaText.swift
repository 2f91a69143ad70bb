import JSON

extension Configuration {
  /// JSON Schema 2020-12 for strategies.json, made from the declarations that validate it.
  package static var schema: String {
    var schema = ConfigurationShapes.top.schema
    var members: [(String, JSONValue)] = [
      ("$schema", "https://json-schema.org/draft/2020-12/schema"),
      ("title", "keel strategies.json"),
    ]
    members += (schema.members ?? []).map { ($0.key, $0.value) }
    schema = .object(members)
    return schema.text(pretty: true) + "\n"
  }
}

extension Shape {
  var schema: JSONValue {
    let required = fields.filter { if case .required = $0.presence { true } else { false } }
    var schema: JSONValue = [
      "type": "object", "description": .string(about),
      "properties": .object(fields.map { ($0.key, $0.schema) }),
    ]
    if !required.isEmpty { schema.set("required", .array(required.map { .string($0.key) })) }
    schema.set("additionalProperties", false)
    return schema
  }
}

extension Field {
  var schema: JSONValue {
    var schema = rule.schema
    schema.set("description", .string(about))
    if case .initially(let value) = presence { schema.set("default", value) }
    return schema
  }
}

extension ValueRule {
  static let namePattern = "^[A-Za-z0-9][A-Za-z0-9._-]*$"
  static let versionPattern = "^[0-9]+(\\.[0-9]+)*$"
  static let parameterNamePattern = "^[A-Za-z][A-Za-z0-9_]*$"
  static let timePattern =
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z$"

  fileprivate var schema: JSONValue {
    switch self {
    case .integer(let range):
      var schema: JSONValue = ["type": "integer", "minimum": .integer(range.lowerBound)]
      if range.upperBound != .max { schema.set("maximum", .integer(range.upperBound)) }
      return schema
    case .decimal(let rule):
      return ["type": "string", "pattern": .string(rule.pattern)]
    case .name(let most): return Self.text(Self.namePattern, most)
    case .path: return ["type": "string", "minLength": 1, "maxLength": .integer(Self.pathBytesMax)]
    case .version: return Self.text(Self.versionPattern, Self.versionBytesMax)
    case .choice(let choices): return ["enum": .array(choices.map { .string($0) })]
    case .time: return ["type": "string", "pattern": .string(Self.timePattern)]
    case .list(let element, let count):
      return [
        "type": "array", "items": element.schema, "minItems": .integer(count.lowerBound),
        "maxItems": .integer(count.upperBound),
      ]
    case .object(let shape): return shape.schema
    case .parameters:
      return [
        "type": "object", "maxProperties": .integer(Self.parametersMax),
        "propertyNames": Self.text(Self.parameterNamePattern, Self.parameterNameBytesMax),
        "additionalProperties": [
          "type": ["boolean", "number", "string"],
          "maxLength": .integer(Self.parameterTextBytesMax),
        ],
      ]
    case .orOff(let rule): return ["anyOf": [rule.schema, ["const": "off"]]]
    case .orObject(let rule, let shape): return ["anyOf": [rule.schema, shape.schema]]
    case .decimals(let rule, let most):
      return [
        "type": "object", "maxProperties": .integer(most),
        "propertyNames": Self.text(Self.namePattern, Self.assetBytesMax),
        "additionalProperties": ["type": "string", "pattern": .string(rule.pattern)],
      ]
    case .anyObject: return ["type": "object"]
    }
  }

  private static func text(_ pattern: String, _ bytesMax: Int) -> JSONValue {
    ["type": "string", "pattern": .string(pattern), "maxLength": .integer(bytesMax)]
  }
}
