import Glibc

/// What values a parameter is tried at.
package enum ParameterDomain: Sendable, Equatable {
  /// Numbers, rising.
  case numbers([TrialValue])
  /// Words, none nearer to another than the rest.
  case words([TrialValue])
  case integers(ClosedRange<Int64>, isLogarithmic: Bool)
  case decimals(ClosedRange<Double>, isLogarithmic: Bool)

  /// nil where there is no end of them.
  package var count: Int? {
    switch self {
    case .numbers(let values), .words(let values): values.count
    case .integers(let range, _): Int(range.upperBound - range.lowerBound) + 1
    case .decimals: nil
    }
  }

  package var isOrdered: Bool { if case .words = self { false } else { true } }

  /// The value with that index; only where they are counted.
  package func value(_ index: Int) -> TrialValue {
    switch self {
    case .numbers(let values), .words(let values): return values[index]
    case .integers(let range, _): return .integer(range.lowerBound + Int64(index))
    case .decimals: preconditionFailure("decimals are not counted")
    }
  }

  /// The value at a share of the whole, from 0 up to 1. Even shares give even values, or on a
  /// logarithmic scale even ratios.
  package func value(atShare share: Double) -> TrialValue {
    let share = Swift.min(Swift.max(share, 0), 1)
    switch self {
    case .numbers(let values), .words(let values):
      return values[Swift.min(values.count - 1, Int(share * Double(values.count)))]
    case .integers(let range, let isLogarithmic):
      let (low, high) = (Double(range.lowerBound), Double(range.upperBound) + 1)
      let exact = Self.between(low, high, share, isLogarithmic).rounded(.down)
      return .integer(Swift.min(Swift.max(Int64(exact), range.lowerBound), range.upperBound))
    case .decimals(let range, let isLogarithmic):
      let exact = Self.between(range.lowerBound, range.upperBound, share, isLogarithmic)
      return .decimal(Swift.min(Swift.max(exact, range.lowerBound), range.upperBound))
    }
  }

  /// From 0 for the lowest to 1 for the highest; of a word, its index.
  package func place(of value: TrialValue) -> Double {
    switch self {
    case .words(let values): return Double(values.firstIndex(of: value) ?? 0)
    case .numbers(let values):
      guard values.count > 1 else { return 0.5 }
      return Double(values.firstIndex(of: value) ?? 0) / Double(values.count - 1)
    case .integers(let range, let isLogarithmic):
      return Self.place(
        value.number ?? 0, Double(range.lowerBound), Double(range.upperBound), isLogarithmic)
    case .decimals(let range, let isLogarithmic):
      return Self.place(value.number ?? 0, range.lowerBound, range.upperBound, isLogarithmic)
    }
  }

  /// The value whose place is nearest; of words the one with that index.
  package func value(nearest place: Double) -> TrialValue {
    let inside = Swift.min(Swift.max(place, 0), 1)
    switch self {
    case .words(let values):
      let last = Double(values.count - 1)
      return values[Int(Swift.min(Swift.max(place, 0), last).rounded())]
    case .numbers(let values): return values[Int((inside * Double(values.count - 1)).rounded())]
    case .integers(let range, let isLogarithmic):
      let exact = Self.between(
        Double(range.lowerBound), Double(range.upperBound), inside, isLogarithmic)
      let whole = Int64(exact.rounded())
      return .integer(Swift.min(Swift.max(whole, range.lowerBound), range.upperBound))
    case .decimals: return value(atShare: inside)
    }
  }

  private static func between(
    _ low: Double, _ high: Double, _ share: Double, _ isLogarithmic: Bool
  ) -> Double {
    isLogarithmic
      ? exp(log(low) + (log(high) - log(low)) * share) : low + (high - low) * share
  }

  private static func place(
    _ value: Double, _ low: Double, _ high: Double, _ isLogarithmic: Bool
  ) -> Double {
    guard high > low else { return 0.5 }
    return isLogarithmic
      ? (log(value) - log(low)) / (log(high) - log(low)) : (value - low) / (high - low)
  }
}
