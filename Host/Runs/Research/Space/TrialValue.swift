package import JSON

/// One value that a parameter is tried at.
package enum TrialValue: Hashable, Sendable {
  case integer(Int64)
  /// Always finite.
  case decimal(Double)
  case word(String)

  /// As the option that sets a parameter takes it.
  package var text: String {
    switch self {
    case .integer(let value): String(value)
    case .decimal(let value): "\(value)"
    case .word(let text): text
    }
  }

  /// nil for a word.
  package var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .decimal(let value): value
    case .word: nil
    }
  }

  package var json: JSONValue {
    switch self {
    case .integer(let value): .integer(value)
    case .decimal(let value): .double(value)
    case .word(let text): .string(text)
    }
  }

  /// What `json` wrote; nil for anything else.
  package init?(_ json: JSONValue) {
    if let text = json.string {
      self = .word(text)
    } else if let integer = json.integer {
      self = .integer(integer)
    } else if let value = json.double {
      self = .decimal(value)
    } else {
      return nil
    }
  }
}

/// One value for each parameter of a search, in their order.
package struct SearchPoint: Hashable, Sendable {
  package var values: [TrialValue]

  package init(_ values: [TrialValue]) { self.values = values }
}
