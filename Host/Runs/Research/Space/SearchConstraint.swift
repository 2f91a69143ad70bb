import Wording

/// A comparison that every tried point satisfies: "trend.fast<trend.slow".
package struct SearchConstraint: Sendable, Equatable {
  enum Relation: String, CaseIterable, Sendable {
    // Those of two characters first: they begin with those of one.
    case atMost = "<="
    case atLeast = ">="
    case equal = "=="
    case unequal = "!="
    case below = "<"
    case above = ">"
  }

  enum Operand: Sendable, Equatable {
    /// By its place among the parameters.
    case parameter(Int)
    case number(Double)
    case word(String)
  }

  package let text: String
  let left: Operand
  let relation: Relation
  let right: Operand

  package func holds(_ point: SearchPoint) -> Bool {
    let (a, b) = (value(left, point), value(right, point))
    if let x = a.number, let y = b.number {
      return switch relation {
      case .atMost: x <= y
      case .atLeast: x >= y
      case .equal: x == y
      case .unequal: x != y
      case .below: x < y
      case .above: x > y
      }
    }
    return (a.text == b.text) == (relation == .equal)
  }

  private func value(_ operand: Operand, _ point: SearchPoint) -> TrialValue {
    switch operand {
    case .parameter(let index): point.values[index]
    case .number(let value): .decimal(value)
    case .word(let text): .word(text)
    }
  }

  package static func parse(
    _ text: String, _ parameters: [SearchParameter]
  ) throws(ResearchError) -> SearchConstraint {
    let isOperator: (Character) -> Bool = { "<>=!".contains($0) }
    let sides = text.split(omittingEmptySubsequences: true, whereSeparator: isOperator)
    let symbol = text.drop { !isOperator($0) }.prefix { isOperator($0) }
    guard sides.count == 2, let first = text.first, !isOperator(first), let last = text.last,
      !isOperator(last)
    else {
      throw usage(
        sides.count > 2
          ? "\"\(text)\" compares more than two" : "\"\(text)\" is no comparison of two",
        "write --where \"trend.fast<trend.slow\", once for each comparison")
    }
    guard let relation = Relation(rawValue: String(symbol)) else {
      throw usage(
        "\"\(symbol)\" compares nothing",
        "use one of " + Relation.allCases.map(\.rawValue).joined(separator: " "))
    }
    let left = try operand(sides[0], parameters)
    let right = try operand(sides[1], parameters)
    let constraint = SearchConstraint(text: text, left: left, relation: relation, right: right)
    try constraint.check(parameters)
    return constraint
  }

  private static func operand(
    _ text: Substring, _ parameters: [SearchParameter]
  ) throws(ResearchError) -> Operand {
    let trimmed = text.drop { $0 == " " }
    let word = String(trimmed.prefix { $0 != " " })
    guard !word.isEmpty, trimmed.dropFirst(word.count).allSatisfy({ $0 == " " }) else {
      throw usage("\"\(text)\" is neither a parameter nor a value", "compare two names or a number")
    }
    if let index = parameters.firstIndex(where: { $0.name == word }) { return .parameter(index) }
    if let number = DecimalNumber(word[...]) { return .number(number.value) }
    guard !word.contains(".") else {
      throw usage(
        "no --param is named \(word)",
        Suggestion.remedy(for: word, among: parameters.map(\.name)))
    }
    return .word(word)
  }

  private func check(_ parameters: [SearchParameter]) throws(ResearchError) {
    var hasParameter = false
    var wordCount = 0
    for operand in [left, right] {
      switch operand {
      case .parameter(let index):
        hasParameter = true
        if !parameters[index].domain.isOrdered { wordCount += 1 }
      case .word: wordCount += 1
      case .number: break
      }
    }
    guard hasParameter else {
      throw Self.usage(
        "\"\(text)\" names no parameter that is searched",
        Suggestion.remedy(for: text, among: parameters.map(\.name)))
    }
    guard wordCount != 1 else {
      throw Self.usage("\"\(text)\" compares a word with a number", "compare two alike")
    }
    guard wordCount == 0 || relation == .equal || relation == .unequal else {
      throw Self.usage("\"\(text)\": words have no order", "compare them by == or !=")
    }
  }

  private static func usage(_ message: String, _ remedy: String) -> ResearchError {
    ResearchError(.usage, "--where", message, remedy: remedy)
  }
}
