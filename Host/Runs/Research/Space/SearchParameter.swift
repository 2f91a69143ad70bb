/// A parameter of a slot and the values it is tried at.
package struct SearchParameter: Sendable, Equatable {
  /// "trend.fast", by which it is set and spoken of.
  package let name: String
  package let domain: ParameterDomain
  /// As it was asked for.
  package let text: String

  /// Before the first point.
  package var slot: String { String(name[..<(name.firstIndex(of: ".") ?? name.endIndex)]) }

  /// So many values of one parameter are nobody's wish.
  package static let valuesMax = 100_000
}

extension SearchParameter {
  private static let remedy =
    "write SLOT.NAME=10:50:10 for a range with a step, =5,10,20 for a list, or =0.1..0.9 for an "
    + "interval"

  /// "trend.fast=10:50:10", "trend.fast=5,10,20", "trend.threshold=log:0.001..1.0".
  package static func parse(_ text: String) throws(ResearchError) -> SearchParameter {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw usage("\"\(text)\" names no values", remedy)
    }
    let name = String(text[..<equals])
    try checkName(name)
    let values = text[text.index(after: equals)...]
    guard !values.isEmpty else { throw usage("\(name) has no values", remedy) }
    return SearchParameter(name: name, domain: try domain(values, name), text: text)
  }

  private static func checkName(_ name: String) throws(ResearchError) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 2, !parts.contains("") else {
      throw usage(
        "\"\(name)\" is no parameter of a slot", "write SLOT.NAME, such as trend.fast")
    }
    let isPlain = name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && !"<>!,:;\"'".utf8.contains($0) }
    guard isPlain else {
      throw usage("\"\(name)\" holds what no name does", "write SLOT.NAME, such as trend.fast")
    }
  }

  private static func domain(
    _ values: Substring, _ name: String
  ) throws(ResearchError) -> ParameterDomain {
    let isLogarithmic = values.hasPrefix("log:")
    let values = isLogarithmic ? values.dropFirst(4) : values
    if let dots = values.firstRange(of: "..") {
      return try interval(
        values[..<dots.lowerBound], values[dots.upperBound...], isLogarithmic, name)
    }
    guard !isLogarithmic else {
      throw usage(
        "\(name): a logarithmic scale is for an interval", "write \(name)=log:0.001..1.0")
    }
    return values.contains(":") ? try steps(values, name) : try list(values, name)
  }

  private static func interval(
    _ lowText: Substring, _ highText: Substring, _ isLogarithmic: Bool, _ name: String
  ) throws(ResearchError) -> ParameterDomain {
    let low = try number(lowText, name)
    let high = try number(highText, name)
    guard low.value < high.value else {
      throw usage(
        "\(name): \(lowText) is not below \(highText)", "write the lower end first")
    }
    guard !isLogarithmic || low.value > 0 else {
      throw usage(
        "\(name): a logarithmic scale has no \(lowText)", "begin above zero, or leave log: out")
    }
    if let first = low.integer, let last = high.integer {
      guard low.value.magnitude < 0x1p53, high.value.magnitude < 0x1p53 else {
        throw usage("\(name): \(lowText)..\(highText) is too wide", "stay within 2^53")
      }
      return .integers(first...last, isLogarithmic: isLogarithmic)
    }
    guard (high.value - low.value).isFinite else {
      throw usage("\(name): \(lowText)..\(highText) is too wide", "narrow the interval")
    }
    return .decimals(low.value...high.value, isLogarithmic: isLogarithmic)
  }

  private static func steps(
    _ values: Substring, _ name: String
  ) throws(ResearchError) -> ParameterDomain {
    let parts = values.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3 else {
      throw usage("\(name): \"\(values)\" has \(parts.count) parts", "write FROM:TO:STEP")
    }
    var numbers: [DecimalNumber] = []
    for part in parts { numbers.append(try number(part, name)) }
    if numbers.count == 2 {
      guard numbers.allSatisfy({ $0.integer != nil }), let one = DecimalNumber("1") else {
        throw usage(
          "\(name): a range of decimals needs its step",
          "write \(name)=\(values):0.1, or \(parts[0])..\(parts[1]) for an interval")
      }
      numbers.append(one)
    }
    let places = numbers.map(\.places).max() ?? 0
    guard let low = numbers[0].mantissa(places: places),
      let high = numbers[1].mantissa(places: places),
      let step = numbers[2].mantissa(places: places)
    else {
      throw usage(
        "\(name): \"\(values)\" has too many digits to count steps in",
        "write plain decimals, or \(parts[0])..\(parts[1]) for an interval")
    }
    guard step > 0 else {
      throw usage(
        "\(name): the step \(parts.last ?? "") is not above zero", "write a step above zero")
    }
    guard low <= high else {
      throw usage("\(name): \(parts[0]) is above \(parts[1])", "write the lower end first")
    }
    let (span, overflow) = high.subtractingReportingOverflow(low)
    guard !overflow, span / step < Int64(valuesMax) else {
      throw usage("\(name): more than \(valuesMax) values", "widen the step")
    }
    let isWhole = numbers.allSatisfy { $0.integer != nil }
    return .numbers(
      (0...span / step).map { index in
        let mantissa = low + index * step
        return isWhole
          ? .integer(mantissa) : .decimal(DecimalNumber.value(mantissa, places: places))
      })
  }

  private static func list(
    _ values: Substring, _ name: String
  ) throws(ResearchError) -> ParameterDomain {
    let parts = values.split(separator: ",", omittingEmptySubsequences: false)
    guard !parts.contains("") else {
      throw usage("\(name): a value of the list is empty", "separate values by one comma")
    }
    guard parts.count <= valuesMax else {
      throw usage("\(name): more than \(valuesMax) values", "list fewer")
    }
    let numbers = parts.map { DecimalNumber($0) }
    guard numbers.allSatisfy({ $0 != nil }) else {
      if let word = zip(parts, numbers).first(where: { $0.1 == nil })?.0,
        numbers.contains(where: { $0 != nil })
      {
        throw usage(
          "\(name): \"\(word)\" stands among numbers", "list either numbers or words")
      }
      try checkRepeats(parts.map { .word(String($0)) }, name)
      return .words(parts.map { .word(String($0)) })
    }
    let isWhole = numbers.allSatisfy { $0?.integer != nil }
    let tried = numbers.compactMap { number -> TrialValue? in
      number.map { isWhole ? .integer($0.integer ?? 0) : .decimal($0.value) }
    }
    try checkRepeats(tried, name)
    return .numbers(tried.sorted { ($0.number ?? 0) < ($1.number ?? 0) })
  }

  private static func checkRepeats(
    _ values: [TrialValue], _ name: String
  ) throws(ResearchError) {
    var seen: Set<TrialValue> = []
    for value in values where !seen.insert(value).inserted {
      throw usage("\(name): \(value.text) is listed twice", "list each value once")
    }
  }

  private static func number(
    _ text: Substring, _ name: String
  ) throws(ResearchError) -> DecimalNumber {
    guard let number = DecimalNumber(text) else {
      throw usage("\(name): \"\(text)\" is no number", "write it like 12, -0.5 or 1e-4")
    }
    return number
  }

  private static func usage(_ message: String, _ remedy: String) -> ResearchError {
    ResearchError(.usage, "--param", message, remedy: remedy)
  }
}
