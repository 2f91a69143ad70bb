/// The mood of a whole market. It goes over into another at random, with a mean length in steps.
package enum MarketRegime: Int, CaseIterable, Sendable {
  case calm, trending, volatile

  /// Of the usual volatility. With the lengths below the mean variance is the usual one.
  var volatility: Double {
    switch self {
    case .calm: 0.6
    case .trending: 0.9
    case .volatile: 2
    }
  }

  var meanSteps: Double {
    switch self {
    case .calm: 3_600
    case .trending: 1_800
    case .volatile: 900
    }
  }

  /// In deviations of a step: over its mean length a trend goes three times as far as chance does.
  var drift: Double { self == .trending ? 3 / meanSteps.squareRoot() : 0 }

  func next(_ random: inout MarketRandom) -> MarketRegime {
    guard random.chance(1 / meanSteps) else { return self }
    let others = Self.allCases.filter { $0 != self }
    return others[random.below(others.count)]
  }
}
