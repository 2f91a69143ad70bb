package import Market
package import Simulation
import Wording

/// A scenario as it is written: `crash`, or `crash:at=TIME,size=0.3,length=1h,recovery=1d`.
package struct Scenario: Sendable, Equatable {
  package struct Defect: Error, Equatable {
    package var message: String
    package var remedy: String
  }

  package var kind: MarketShock.Kind
  /// nil: in the middle of the data.
  package var at: Timestamp?
  package var size: Double
  package var length: Nanoseconds
  package var recovery: Nanoseconds?

  package init(_ text: String) throws(Defect) {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    let names = MarketShock.Kind.allCases.map(\.rawValue)
    guard let kind = parts.first.flatMap(MarketShock.Kind.init(rawValue:)) else {
      throw Defect(
        message: "there is no scenario '\(parts.first ?? "")'",
        remedy: Suggestion.remedy(for: parts.first ?? "", among: names))
    }
    self.kind = kind
    (size, length) = Self.usual(kind)
    let keys = Self.keys(kind)
    // A time holds colons, never commas.
    for part in parts.dropFirst().first?.split(separator: ",") ?? [] {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2 else {
        throw Defect(
          message: "'\(part)' is not written as name=value", remedy: "Write it like size=0.3")
      }
      guard keys.contains(pair[0]) else {
        throw Defect(
          message: "the scenario \(kind.rawValue) has no '\(pair[0])'",
          remedy: Suggestion.remedy(for: pair[0], among: keys))
      }
      try set(pair[0], pair[1])
    }
  }

  /// What each kind is told; nothing is taken that would change nothing.
  private static func keys(_ kind: MarketShock.Kind) -> [String] {
    switch kind {
    case .crash: ["at", "size", "length", "recovery"]
    case .gap, .illiquidity: ["at", "size", "length"]
    case .outage: ["at", "length"]
    }
  }

  private static func usual(_ kind: MarketShock.Kind) -> (Double, Nanoseconds) {
    switch kind {
    case .crash: (0.3, .seconds(3_600))
    case .gap: (-0.1, .seconds(3_600))
    case .illiquidity: (0.9, .seconds(3_600))
    case .outage: (0, .seconds(600))
    }
  }

  private mutating func set(_ name: String, _ value: String) throws(Defect) {
    switch name {
    case "at":
      guard let time = UTCTime.parse(value) else {
        throw Defect(
          message: "'\(value)' is no time", remedy: "Write it as 2024-01-01T09:30:00Z")
      }
      at = time
    case "size":
      guard let share = Double(value), share.isFinite, abs(share) <= 0.99 else {
        throw Defect(
          message: "'\(value)' is no size", remedy: "Write a share between -0.99 and 0.99")
      }
      guard kind == .gap || share > 0 else {
        throw Defect(
          message: "a \(kind.rawValue) takes something away, and '\(value)' does not",
          remedy: "Write a share between 0 and 0.99")
      }
      size = share
    case "length": length = try duration(value)
    default: recovery = try duration(value)
    }
  }

  private func duration(_ text: String) throws(Defect) -> Nanoseconds {
    if let length = DurationText.parse(text), length > .zero { return length }
    throw Defect(
      message: "'\(text)' is no length of time", remedy: "Write it as 90s, 15m, 1h or 2d")
  }

  /// Within data that lasts from `first` for `span`.
  package func shock(from first: Timestamp, span: Nanoseconds?) -> MarketShock {
    let middle = first + Nanoseconds((span?.count ?? 0) / 2)
    return MarketShock(
      kind, at: at ?? middle, length: length, size: Int64((size * 1_000_000).rounded()),
      recovery: recovery)
  }
}
