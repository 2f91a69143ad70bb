import JSON
import Market

/// What an object of the configuration may hold. The one description of each key: validation,
/// defaults, "did you mean" and the published JSON Schema are all derived from it.
struct Shape: Sendable {
  let about: String
  let fields: [Field]

  func field(_ key: String) -> Field? { fields.first { $0.key == key } }
}

struct Field: Sendable {
  enum Presence: Sendable {
    case required, optional
    case initially(JSONValue)
  }
  let key: String
  let rule: ValueRule
  let presence: Presence
  let about: String

  init(_ key: String, _ rule: ValueRule, _ presence: Presence, _ about: String) {
    self.key = key
    self.rule = rule
    self.presence = presence
    self.about = about
  }
}

/// What one value may be.
indirect enum ValueRule: Sendable {
  case integer(ClosedRange<Int64>)
  case decimal(DecimalRule)
  /// Letters, digits and `. _ -`, beginning with a letter or digit.
  case name(bytesMax: Int)
  case path
  /// Digits and dots.
  case version
  case choice([String])
  /// UTC, ISO 8601.
  case time
  case list(of: ValueRule, count: ClosedRange<Int>)
  case object(Shape)
  /// The value, or "off".
  case orOff(ValueRule)
  /// The value, or an object that says more.
  case orObject(ValueRule, Shape)
  /// Names of assets with a decimal each.
  case decimals(DecimalRule, countMax: Int)
  /// Names with a boolean, number or string each.
  case parameters
  /// Any object; its meaning is the plugin's.
  case anyObject

  static let assetBytesMax = 11
  static let pathBytesMax = 1024
  static let versionBytesMax = 23
  static let parametersMax = 256
  static let parameterNameBytesMax = 63
  static let parameterTextBytesMax = 1024

  /// "a decimal string such as ...", to stand behind "expected".
  var expectation: String {
    switch self {
    case .integer(let range):
      range.upperBound == .max
        ? "an integer of at least \(range.lowerBound)"
        : "an integer from \(range.lowerBound) to \(range.upperBound)"
    case .decimal(let rule): rule.expectation
    case .name(let most): "a name of at most \(most) letters, digits, '.', '_' and '-'"
    case .path: "a path"
    case .version: "a version such as \"1.4.2\""
    case .choice(let choices):
      choices.count == 1
        ? "\"\(choices[0])\""
        : "one of " + choices.map { "\"\($0)\"" }.joined(separator: ", ")
    case .time: "a UTC time such as \"2024-01-01T00:00:00Z\""
    case .list(_, let count):
      count.lowerBound > 0
        ? "an array of \(count.lowerBound) to \(count.upperBound) elements"
        : "an array of at most \(count.upperBound) elements"
    case .object, .anyObject: "an object"
    case .orOff(let rule): rule.expectation + ", or \"off\""
    case .orObject(let rule, _): rule.expectation + ", or an object"
    case .decimals(let rule, let most):
      "an object of at most \(most) asset names, with \(rule.expectation) each"
    case .parameters: "an object of parameter names and values"
    }
  }
}

/// A number that stays a string, so that no digit of money passes through binary floating point.
struct DecimalRule: Sendable {
  var minimum = "0"
  var isMinimumExcluded = false
  var maximum: String?
  var decimalsMax = 16
  var example: String

  static let digitsMax = 34

  var expectation: String {
    var text = "a decimal string such as \"\(example)\""
    if let maximum {
      text += ", \(isMinimumExcluded ? "above" : "from") \(minimum) "
      text += "\(isMinimumExcluded ? "and at most" : "to") \(maximum)"
    } else {
      text += isMinimumExcluded ? ", above \(minimum)" : minimum == "0" ? ", not negative" : ""
    }
    return text
  }

  var pattern: String {
    let sign = minimum.hasPrefix("-") ? "-?" : ""
    return "^\(sign)[0-9]{1,\(Self.digitsMax)}(\\.[0-9]{1,\(decimalsMax)})?$"
  }

  /// Why `text` is not such a number; nil when it is one.
  func objection(to text: String) -> String? {
    guard Self.isDecimal(text), minimum.hasPrefix("-") || !text.hasPrefix("-") else {
      return "expected \(expectation), got \"\(text)\""
    }
    guard Self.decimals(text) <= decimalsMax else {
      return "at most \(decimalsMax) decimals can be represented, got \"\(text)\""
    }
    guard let value = Self.units(text) else { return "\"\(text)\" is too large" }
    let least = Self.units(minimum)!
    let isHighEnough = isMinimumExcluded ? value > least : value >= least
    guard isHighEnough, maximum.map({ value <= Self.units($0)! }) ?? true else {
      return "expected \(expectation), got \"\(text)\""
    }
    return nil
  }

  /// How many digits stand behind the point.
  static func decimals(_ text: String) -> Int {
    text.utf8.firstIndex(of: UInt8(ascii: ".")).map { point in
      text.utf8.distance(from: point, to: text.utf8.endIndex) - 1
    } ?? 0
  }

  private static func units(_ text: String) -> Int128? {
    try? DecimalText.parseWide(text, exponent: Money.exponent)
  }

  private static func isDecimal(_ text: String) -> Bool {
    let unsigned = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let parts = unsigned.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let areDigits = parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
    return (1...2).contains(parts.count) && areDigits && parts[0].count <= digitsMax
  }
}
