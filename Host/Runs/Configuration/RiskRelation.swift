/// What limits say of each other, whoever sets them: the file, or an operator while trading.
package enum RiskRelation: Sendable {
  case below(RiskLimitName, RiskLimitName, why: String)
  /// The first counts in the second.
  case counts(RiskLimitName, in: RiskLimitName)

  package static let all: [RiskRelation] =
    [
      .below(.drawdownReduce, .drawdownStop, why: "sizes shrink before all stops"),
      .below(.drawdownWarning, .drawdownStop, why: "a warning comes before all stops"),
    ] + [.slotOrdersMax, .accountOrdersMax, .venueOrdersMax].map(inOrderRate)
    + [.breakerRejectsMax, .breakerMove].flatMap { (name: RiskLimitName) in
      [
        RiskRelation.counts(name, in: .breakerMilliseconds),
        .counts(name, in: .breakerPauseMilliseconds),
      ]
    }

  private static func inOrderRate(_ name: RiskLimitName) -> RiskRelation {
    .counts(name, in: .orderRateMilliseconds)
  }

  /// Both of them, the first first.
  package var names: [RiskLimitName] {
    switch self {
    case .below(let first, let second, _), .counts(let first, in: let second): [first, second]
    }
  }

  /// What is wrong with these limits together, and what to do; nil where nothing is. `prefix`
  /// stands before the name of what is to be set.
  package func defect(
    in limits: RiskLimitValues, prefix: String = ""
  ) -> (message: String, remedy: String)? {
    switch self {
    case .below(let lower, let upper, let why):
      guard let low = limits[lower], let high = limits[upper], low >= high else { return nil }
      return (
        "\(lower.rawValue) is \(lower.text(low)), and \(upper.rawValue) is \(upper.text(high))",
        "make \(lower.rawValue) the smaller one: \(why)"
      )
    case .counts(let name, in: let other):
      guard limits[name] != nil, limits[other] == nil else { return nil }
      return (
        "\(name.rawValue) counts in \(other.rawValue), which is off",
        "set \(prefix)\(other.rawValue)"
      )
    }
  }
}
