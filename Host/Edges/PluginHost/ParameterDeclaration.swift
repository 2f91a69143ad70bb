import PluginABI
import Wording

/// A parameter as a plugin declares it: what it is for, and which values are good.
package struct ParameterDeclaration: Sendable {
  package enum Kind: UInt32, Sendable {
    case boolean = 1, integer, decimal, choice, text
  }

  package let id: UInt32
  package let kind: Kind
  package let name: String
  package let unit: String
  /// Numbers: inclusive range. Text: bytes.
  package let min: Double
  package let max: Double
  package let initial: ParameterValue
  package let choices: [String]
  package let about: String
  package let isLive: Bool
  package let isRequired: Bool

  /// Reads one declaration, adding what contradicts itself to `defects`.
  init(_ info: keel_param_info, index: UInt32, defects: inout [PluginHostError.Defect]) {
    id = info.id
    name = BoundedText.shown(info.name)
    unit = BoundedText.shown(info.unit)
    about = BoundedText.shown(info.about)
    min = info.min
    max = info.max
    isLive = Int(info.flags) & Int(KEEL_PARAMF_LIVE) != 0
    isRequired = Int(info.flags) & Int(KEEL_PARAMF_REQUIRED) != 0
    let shown = name.isEmpty ? "parameter \(index)" : "parameter \"\(name)\""
    let kind = Kind(rawValue: info.kind)
    self.kind = kind ?? .text
    let names = BoundedText.shown(info.choices).split(separator: "|").map(String.init)
    choices = kind == .choice ? names : []
    switch kind {
    case .boolean: initial = .boolean(info.initial != 0)
    case .integer: initial = .integer(Int64(exactly: info.initial) ?? 0)
    case .decimal: initial = .decimal(info.initial)
    case .choice:
      let index = Int(exactly: info.initial) ?? -1
      initial = .text(names.indices.contains(index) ? names[index] : "")
    case .text, nil: initial = .text(BoundedText.shown(info.text))
    }
    if kind == nil {
      defects.append(.init("\(shown): kind \(info.kind) is unknown", "use a KEEL_PARAM_ kind"))
    }
    if name.isEmpty { defects.append(.init("\(shown) has no name", "give each a name")) }
    if kind == .choice && names.isEmpty {
      defects.append(.init("\(shown) has no choices", "list them as \"fast|slow\""))
    } else if kind != nil, !isRequired, let complaint = complaint(about: initial) {
      defects.append(
        .init("\(shown): its own default is wrong: \(complaint)", "declare a default in range"))
    }
  }

  /// What is wrong with a value, nil if nothing.
  package func complaint(about value: ParameterValue) -> String? {
    switch (kind, value) {
    case (.boolean, .boolean): return nil
    case (.integer, .integer(let number)):
      guard Double(exactly: number) != nil else { return "\(number) is too large to be exact" }
      return outOfRange(Double(number), value)
    case (.decimal, .decimal(let number)): return outOfRange(number, value)
    case (.decimal, .integer(let number)): return outOfRange(Double(number), value)
    case (.choice, .text(let text)):
      if choices.contains(text) { return nil }
      return "\"\(text)\" is not a choice; \(Suggestion.remedy(for: text, among: choices))"
    case (.text, .text(let text)):
      let count = Double(text.utf8.count)
      if max <= 0 || (count >= min && count <= max) { return nil }
      return "the text has \(text.utf8.count) bytes, expected \(rangeText)"
    default: return "expected \(kindText), got \(value)"
    }
  }

  /// The C form: a number, or a text, of a value without complaint.
  package func encoded(_ value: ParameterValue) -> (number: Double, text: String) {
    switch value {
    case .boolean(let flag): (flag ? 1 : 0, "")
    case .integer(let number): (Double(number), "")
    case .decimal(let number): (number, "")
    case .text(let text):
      kind == .choice ? (Double(choices.firstIndex(of: text) ?? 0), "") : (0, text)
    }
  }

  private func outOfRange(_ number: Double, _ value: ParameterValue) -> String? {
    if number.isFinite && number >= min && number <= max { return nil }
    let unit = unit.isEmpty ? "" : " \(unit)"
    return "\(value) is out of range, expected \(rangeText)\(unit)"
  }

  private var rangeText: String { "\(Self.shown(min)) to \(Self.shown(max))" }

  private static func shown(_ number: Double) -> String {
    Int64(exactly: number).map { "\($0)" } ?? "\(number)"
  }

  private var kindText: String {
    switch kind {
    case .boolean: "true or false"
    case .integer: "a whole number"
    case .decimal: "a number"
    case .choice: "one of \(choices.joined(separator: ", "))"
    case .text: "a text"
    }
  }
}
