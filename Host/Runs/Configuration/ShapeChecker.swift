import JSON
import Market
import Wording

/// Holds a read value against its shape. Every defect is collected; what is right is passed on
/// with defaults filled in, what is wrong is left out (null in an array), so that the checks
/// across objects still see the rest.
struct ShapeChecker {
  private(set) var errors: [ConfigurationError] = []

  mutating func check(_ value: JSONValue, _ shape: Shape, _ path: String) -> JSONValue? {
    guard let members = value.members else {
      refuse(path, "expected an object, got \(Self.shown(value))", at: value)
      return nil
    }
    for member in members where shape.field(member.key) == nil {
      errors.append(
        ConfigurationError(
          Self.join(path, member.key), "unknown key",
          remedy: Suggestion.remedy(for: member.key, among: shape.fields.map(\.key)),
          at: member.keyPosition))
    }
    var checked: [JSONMember] = []
    for field in shape.fields {
      let place = Self.join(path, field.key)
      if let member = members.first(where: { $0.key == field.key }) {
        guard let value = check(member.value, field.rule, place) else { continue }
        checked.append(
          JSONMember(key: field.key, value: value, keyPosition: member.keyPosition))
        continue
      }
      switch field.presence {
      case .optional: continue
      case .required:
        refuse(place, "missing", remedy: "add \(field.rule.expectation)", at: value)
      case .initially(let initial):
        var inherited = initial
        inherited.position = value.position
        guard let filled = check(inherited, field.rule, place) else {
          preconditionFailure("a default keeps its own rule")
        }
        checked.append(JSONMember(key: field.key, value: filled))
      }
    }
    return JSONValue(.object(checked), position: value.position)
  }

  private mutating func check(_ value: JSONValue, _ rule: ValueRule, _ path: String) -> JSONValue? {
    switch rule {
    case .object(let shape): return check(value, shape, path)
    case .list(let element, let count): return list(value, element, count, rule, path)
    case .parameters: return parameters(value, path)
    case .orOff(let rule):
      if value.string == "off" { return value }
      return check(value, rule, path)
    case .orObject(let simple, let shape):
      if value.members != nil { return check(value, shape, path) }
      if let text = value.string, Self.isTrue(text, of: simple) { return value }
    case .decimals(let rule, let most): return decimals(value, rule, most, path)
    case .anyObject where value.members != nil: return value
    case .integer(let range):
      if let number = value.integer, range.contains(number) { return value }
    case .decimal(let decimal): return self.decimal(value, decimal, path)
    case .choice(let choices):
      if let text = value.string, choices.contains(text) { return value }
      refuse(
        path, "expected \(rule.expectation), got \(Self.shown(value))",
        remedy: value.string.flatMap { Suggestion.nearest(to: $0, among: choices) }
          .map { "did you mean \"\($0)\"?" } ?? "", at: value)
      return nil
    default:
      if let text = value.string, Self.isTrue(text, of: rule) { return value }
    }
    refuse(path, "expected \(rule.expectation), got \(Self.shown(value))", at: value)
    return nil
  }

  private static func isTrue(_ text: String, of rule: ValueRule) -> Bool {
    switch rule {
    case .name(let most): return NameRule(bytesMax: most).accepts(text)
    case .path:
      return !text.isEmpty && text.utf8.count <= ValueRule.pathBytesMax && !text.utf8.contains(0)
    case .version:
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      return text.utf8.count <= ValueRule.versionBytesMax
        && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }
    case .time: return UTCTime.parse(text) != nil
    default: return false
    }
  }

  private mutating func decimal(
    _ value: JSONValue, _ rule: DecimalRule, _ path: String
  ) -> JSONValue? {
    guard let text = value.string else {
      let isNumber = value.numberText != nil
      refuse(
        path, "expected \(rule.expectation), got \(Self.shown(value))",
        remedy: isNumber ? "put the number in double quotes" : "", at: value)
      return nil
    }
    if let objection = rule.objection(to: text) {
      refuse(path, objection, at: value)
      return nil
    }
    return value
  }

  private mutating func list(
    _ value: JSONValue, _ element: ValueRule, _ count: ClosedRange<Int>, _ rule: ValueRule,
    _ path: String
  ) -> JSONValue? {
    guard let elements = value.elements else {
      refuse(path, "expected \(rule.expectation), got \(Self.shown(value))", at: value)
      return nil
    }
    guard count.contains(elements.count) else {
      refuse(path, "expected \(rule.expectation), got \(elements.count)", at: value)
      return nil
    }
    var checked: [JSONValue] = []
    for (index, item) in elements.enumerated() {
      checked.append(check(item, element, "\(path)[\(index)]") ?? .null)
    }
    return JSONValue(.array(checked), position: value.position)
  }

  private mutating func parameters(_ value: JSONValue, _ path: String) -> JSONValue? {
    guard let members = value.members, members.count <= ValueRule.parametersMax else {
      refuse(
        path, "expected at most \(ValueRule.parametersMax) parameters, got \(Self.shown(value))",
        remedy: "write {\"name\": value}", at: value)
      return nil
    }
    let before = errors.count
    for member in members {
      let place = Self.join(path, member.key)
      if !Self.isParameterName(member.key) {
        errors.append(
          ConfigurationError(
            place, "is no parameter name", remedy: "use letters, digits and '_' only",
            at: member.keyPosition))
      }
      if ConfigurationValue(member.value) == nil {
        refuse(
          place, "expected a boolean, a number or a string, got \(Self.shown(member.value))",
          remedy: member.value.numberText != nil
            ? "a whole number has 64 bits, any other is a double" : "", at: member.value)
      }
    }
    return errors.count == before ? value : nil
  }

  private mutating func decimals(
    _ value: JSONValue, _ rule: DecimalRule, _ most: Int, _ path: String
  ) -> JSONValue? {
    guard let members = value.members, members.count <= most else {
      refuse(
        path, "expected an object of at most \(most) names, got \(Self.shown(value))", at: value)
      return nil
    }
    var checked: [JSONMember] = []
    for member in members {
      let place = Self.join(path, member.key)
      if !NameRule(bytesMax: ValueRule.assetBytesMax).accepts(member.key) {
        errors.append(
          ConfigurationError(
            place, "is no asset's name",
            remedy: "use at most \(ValueRule.assetBytesMax) letters, digits, '.', '_' and '-'",
            at: member.keyPosition))
      }
      guard let value = decimal(member.value, rule, place) else { continue }
      checked.append(JSONMember(key: member.key, value: value, keyPosition: member.keyPosition))
    }
    return JSONValue(.object(checked), position: value.position)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
  }

  private static func isParameterName(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetter(first) else { return false }
    return text.utf8.count <= ValueRule.parameterNameBytesMax
      && text.utf8.allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "_") }
  }

  private mutating func refuse(
    _ path: String, _ message: String, remedy: String = "", at value: JSONValue
  ) {
    errors.append(ConfigurationError(path, message, remedy: remedy, at: value.position))
  }

  /// A scalar as it was written, cut where it gets long; the kind of anything else.
  private static func shown(_ value: JSONValue) -> String {
    guard value.members == nil, value.elements == nil else { return value.kindName }
    let text = value.text()
    return text.count <= 40 ? text : text.prefix(37) + "..."
  }

  private static func join(_ path: String, _ key: String) -> String {
    let shown = key.count <= 64 ? key : key.prefix(61) + "..."
    return path.isEmpty ? String(shown) : "\(path).\(shown)"
  }
}
