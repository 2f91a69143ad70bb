package import Market

/// When a bar closes. A bar that closes on an amount closes with the trade that brings its total to
/// at least that much; trades are never split.
package enum BarRule: Equatable, Sendable {
  /// UTC intervals, their first instant in and their last one out; one without a trade has no bar.
  case time(Nanoseconds)
  case ticks(Int)
  case volume(Quantity)
  /// In units of `Money`, of the settlement asset.
  case notional(Int128)

  package var interval: Nanoseconds? {
    if case .time(let interval) = self { interval } else { nil }
  }

  /// Whether a bar can close at all by it.
  package var isSound: Bool {
    switch self {
    case .time(let interval): interval > .zero
    case .ticks(let count): count > 0
    case .volume(let quantity): quantity > .zero
    case .notional(let units): units > 0
    }
  }
}
