import JSON
import Wording

/// `SLOT.PARAMETER=VALUE`: another value for one parameter of a strategy, an alpha or a provider.
package struct ConfigurationOverride: Sendable, Equatable {
  package let slot: String
  package let parameter: String
  package let value: ConfigurationValue

  /// nil where the text is not written so. Numbers and true and false are what they look like.
  package init?(_ text: String) {
    guard let equals = text.firstIndex(of: "="), let dot = text[..<equals].firstIndex(of: ".")
    else { return nil }
    slot = String(text[..<dot])
    parameter = String(text[text.index(after: dot)..<equals])
    let right = String(text[text.index(after: equals)...])
    guard !slot.isEmpty, !parameter.isEmpty, !right.isEmpty else { return nil }
    let parsed = try? JSONValue.parse(right)
    value = parsed.flatMap(ConfigurationValue.init) ?? .text(right)
  }
}

extension Configuration {
  /// Applies them in their order.
  package mutating func apply(
    _ overrides: [ConfigurationOverride]
  ) throws(ConfigurationError) {
    for override in overrides {
      let value = (override.parameter, override.value)
      if let index = strategies.firstIndex(where: { $0.name == override.slot }) {
        strategies[index].plugin.set(value)
      } else if let index = alphas.firstIndex(where: { $0.name == override.slot }) {
        alphas[index].plugin.set(value)
      } else if let index = data.firstIndex(where: { $0.name == override.slot }) {
        data[index].plugin.set(value)
      } else {
        let names = strategies.map(\.name) + alphas.map(\.name) + data.map(\.name)
        throw ConfigurationError(
          "", "there is no '\(override.slot)' to set \(override.parameter) of",
          remedy: Suggestion.remedy(for: override.slot, among: names), at: nil)
      }
      canonicalText += " \(override.slot).\(override.parameter)=\(override.value.text)"
    }
  }
}

extension PluginConfiguration {
  fileprivate mutating func set(_ value: (name: String, value: ConfigurationValue)) {
    if let index = parameters.firstIndex(where: { $0.name == value.name }) {
      parameters[index] = value
    } else {
      parameters.append(value)
    }
  }
}
