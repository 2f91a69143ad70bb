import JSON
import Wording

/// Reads the JSON of manifests, signatures and trust stores: unknown keys, wrong kinds and values
/// out of bounds are all collected, in the order they stand.
struct StrictReader {
  private(set) var defects: [PluginHostError.Defect] = []

  mutating func refuse(_ path: String, _ message: String, _ remedy: String) {
    defects.append(.init("\(path): \(message)", remedy))
  }

  /// The object with its members, or an empty one; refuses what is none and keys that mean nothing.
  mutating func object(_ value: JSONValue?, _ path: String, keys: [String]) -> JSONValue {
    guard let value else {
      refuse(path, "it is missing", "add it as an object")
      return .object([])
    }
    guard let members = value.members else {
      refuse(path, "expected an object, got \(value.kindName)", "write it in braces")
      return .object([])
    }
    for member in members where !keys.contains(member.key) {
      let shown = member.key.count <= 64 ? member.key : member.key.prefix(61) + "..."
      refuse(
        Self.join(path, String(shown)), "unknown key",
        Suggestion.remedy(for: member.key, among: keys))
    }
    return value
  }

  mutating func text(
    _ object: JSONValue, _ key: String, in path: String, bytesMax: Int = 255,
    _ expectation: String = "a text", where isRight: (String) -> Bool = { _ in true }
  ) -> String {
    let place = Self.join(path, key)
    guard let value = object[key] else {
      refuse(place, "it is missing", "add \(expectation)")
      return ""
    }
    return text(value, place, bytesMax: bytesMax, expectation, where: isRight)
  }

  mutating func text(
    _ value: JSONValue, _ place: String, bytesMax: Int = 255, _ expectation: String = "a text",
    where isRight: (String) -> Bool = { _ in true }
  ) -> String {
    // Such a text is shown to people who decide by it: no line of it may look like another's.
    guard let text = value.string, text.utf8.count <= bytesMax,
      text.unicodeScalars.allSatisfy(Self.isPrintable), isRight(text)
    else {
      refuse(
        place, "expected \(expectation) of at most \(bytesMax) bytes, got \(Self.shown(value))",
        "write \(expectation), in plain characters")
      return ""
    }
    return text
  }

  mutating func whole(
    _ object: JSONValue, _ key: String, in path: String, _ range: ClosedRange<Int64>
  ) -> Int64 {
    let place = Self.join(path, key)
    guard let value = object[key] else {
      refuse(place, "it is missing", "add a whole number")
      return range.lowerBound
    }
    guard let number = value.integer, range.contains(number) else {
      refuse(
        place,
        "expected a whole number from \(range.lowerBound) to \(range.upperBound), got "
          + Self.shown(value), "write such a number")
      return range.lowerBound
    }
    return number
  }

  /// False where it is absent.
  mutating func bool(_ object: JSONValue, _ key: String, in path: String) -> Bool {
    guard let value = object[key] else { return false }
    guard let bool = value.bool else {
      refuse(
        Self.join(path, key), "expected true or false, got \(Self.shown(value))", "write one")
      return false
    }
    return bool
  }

  /// Empty where it is absent and may be.
  mutating func list(
    _ object: JSONValue, _ key: String, in path: String, _ count: ClosedRange<Int>
  ) -> [JSONValue] {
    let value = object[key]
    if value == nil && count.lowerBound == 0 { return [] }
    guard let elements = value?.elements, count.contains(elements.count) else {
      let got = value?.elements.map { "\($0.count)" } ?? value?.kindName ?? "nothing"
      refuse(
        Self.join(path, key),
        "expected an array of \(count.lowerBound) to \(count.upperBound) elements, got \(got)",
        "write such an array")
      return []
    }
    return elements
  }

  static func join(_ path: String, _ key: String) -> String {
    path.isEmpty ? key : "\(path).\(key)"
  }

  /// ASCII, or a letter or digit of another script: no controls, no marks that turn a line around.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII
      ? scalar.value >= 0x20 && scalar.value < 0x7f
      : scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }

  private static func shown(_ value: JSONValue) -> String {
    guard value.members == nil, value.elements == nil else { return value.kindName }
    let text = value.text()
    return text.count <= 40 ? text : text.prefix(37) + "..."
  }
}
