import Wording

/// What a value on the command line may be, and the words for one that is not.
enum ValueKind: Sendable, Equatable {
  case text
  case integer(ClosedRange<Int>)
  /// Plain decimal text such as "0.0005", kept as text: money never passes through a Double.
  case decimal
  case choice([String])

  static let integer = ValueKind.integer(Int.min...Int.max)
  static let count = ValueKind.integer(1...Int.max)

  /// nil when `value` fits; otherwise "expected ..., got '...'".
  func defect(of value: String) -> String? {
    switch self {
    case .text:
      return value.isEmpty ? "expected some text, got an empty value" : nil
    case .integer(let range):
      guard let number = Int(value) else { return "expected a whole number, got '\(value)'" }
      guard !range.contains(number) else { return nil }
      if range.upperBound == Int.max {
        return "expected a whole number of at least \(range.lowerBound), got '\(value)'"
      }
      return "expected a whole number from \(range.lowerBound) to \(range.upperBound), "
        + "got '\(value)'"
    case .decimal:
      return Self.isDecimal(value)
        ? nil : "expected a decimal number such as 0.25, got '\(value)'"
    case .choice(let choices):
      guard !choices.contains(value) else { return nil }
      return "expected \(choices.joined(separator: " or ")), got '\(value)'"
        + Suggestion.phrase(for: value, among: choices)
    }
  }

  private static func isDecimal(_ text: String) -> Bool {
    let unsigned = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let parts = unsigned.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.allSatisfy { part in
      !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) }
    }
  }
}
