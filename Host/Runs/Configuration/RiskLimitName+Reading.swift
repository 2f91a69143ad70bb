package import JSON

/// Whom a limit can bind: each name is of some of them.
package enum RiskLimitHolder: Sendable, Equatable {
  case all, slot, assetClass

  fileprivate var words: String {
    switch self {
    case .all: "all together"
    case .slot: "a slot"
    case .assetClass: "an asset class"
    }
  }
}

/// A limit by its name, and what it becomes; nil switches it off.
package struct RiskLimitSetting: Sendable, Equatable {
  package let name: RiskLimitName
  package let value: Int64?
}

/// Limits that are set while trading: named and written as in the file, and held to its rules.
extension RiskLimitName {
  package static func names(of holder: RiskLimitHolder) -> [RiskLimitName] {
    allCases.filter { $0.isHeld(by: holder) }
  }

  private func isHeld(by holder: RiskLimitHolder) -> Bool {
    switch holder {
    case .all: isOfAll
    case .slot: isOfSlots
    case .assetClass: isOfClasses
    }
  }

  /// Of the value as it is written; empty where it is a word.
  package var unitText: String {
    switch unit {
    case .worth: "worth"
    case .share: "fraction"
    case .count: self == .orderLotsMax ? "lots" : "count"
    case .milliseconds: "milliseconds"
    case .minutes: "minutes"
    case .words: ""
    }
  }

  /// A value typed in a shell, as the file would have it: whole numbers bare, the rest in quotes.
  package func written(_ text: String) -> JSONValue {
    switch unit {
    case .worth, .share, .words: .string(text)
    case .count, .milliseconds, .minutes: Int64(text).map { .integer($0) } ?? .string(text)
    }
  }

  /// Every member of an object as the setting that it means, in the order of the object.
  package static func settings(
    _ written: JSONValue, of holder: RiskLimitHolder
  ) throws(ConfigurationErrors) -> [RiskLimitSetting] {
    let shape = Shape(about: "", fields: names(of: holder).map(\.field))
    var errors: [ConfigurationError] = []
    var known: [JSONMember] = []
    for member in written.members ?? [] {
      if let name = RiskLimitName(rawValue: member.key), !name.isHeld(by: holder) {
        errors.append(
          ConfigurationError(
            member.key, "it is no limit of \(holder.words)", remedy: name.remedy(for: holder),
            at: nil))
      } else {
        known.append(member)
      }
    }
    var checker = ShapeChecker()
    _ = checker.check(
      written.members == nil ? written : JSONValue(.object(known)), shape, "")
    errors += checker.errors
    guard errors.isEmpty else { throw ConfigurationErrors(file: "", errors: errors) }
    var values = RiskLimitValues()
    values.read(written)
    return known.compactMap { member in
      RiskLimitName(rawValue: member.key).map { RiskLimitSetting(name: $0, value: values[$0]) }
    }
  }

  private func remedy(for holder: RiskLimitHolder) -> String {
    if isOfSlots, holder != .slot, !isOfAll { return "name a slot" }
    if isOfClasses, holder != .assetClass, !isOfAll { return "name an asset class" }
    return isOfAll ? "set it for all" : "name whom it can bind"
  }
}
