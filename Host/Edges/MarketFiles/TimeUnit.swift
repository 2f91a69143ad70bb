import Market
import Wording

/// What the whole numbers of a time column count, or that it is text.
package enum TimeUnit: String, Sendable, CaseIterable {
  case seconds = "s"
  case milliseconds = "ms"
  case microseconds = "us"
  case nanoseconds = "ns"
  case text = "iso"

  var nanoseconds: Int64 {
    switch self {
    case .seconds: 1_000_000_000
    case .milliseconds: 1_000_000
    case .microseconds: 1_000
    case .nanoseconds, .text: 1
    }
  }

  /// Digits behind the point of this unit that make a nanosecond.
  var decimals: Int {
    switch self {
    case .seconds: 9
    case .milliseconds: 6
    case .microseconds: 3
    case .nanoseconds, .text: 0
    }
  }

  /// 2200-01-01: what is later is a mistake.
  static let timeMax: Int64 = 7_258_118_400_000_000_000

  /// By magnitude: from 1973 to 5138, seconds, milliseconds and so on have no number in common.
  static func detected(_ number: Int64) -> TimeUnit {
    switch number {
    case ..<100_000_000_000: .seconds
    case ..<100_000_000_000_000: .milliseconds
    case ..<100_000_000_000_000_000: .microseconds
    default: .nanoseconds
    }
  }

  /// The numbers that can be times: of this unit, and where it was not stated, of no other.
  func numbers(isStated: Bool) -> ClosedRange<Int64> {
    let top = Self.timeMax / nanoseconds
    guard !isStated else { return 0...top }
    switch self {
    case .seconds: return 0...top
    case .milliseconds: return 100_000_000_000...top
    case .microseconds: return 100_000_000_000_000...top
    case .nanoseconds, .text: return 100_000_000_000_000_000...top
    }
  }

  package var name: String { self == .text ? "text" : "\(self)" }
}
