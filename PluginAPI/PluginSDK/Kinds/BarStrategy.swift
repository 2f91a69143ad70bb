#if KEEL_MODULES
  public import Market
#endif

/// A strategy in four steps per bar: indicators, entry test, exit test, size. It holds one position
/// per instrument, as a target that the host works.
public protocol BarStrategy: Strategy {
  associatedtype Indicators

  /// Nil until there is enough of the past.
  mutating func indicators(_ bar: Bar) -> Indicators?
  /// While flat: the side to enter, or nil.
  func entry(_ indicators: Indicators, _ bar: Bar) -> Side?
  /// While holding: whether to leave.
  func exit(_ indicators: Indicators, _ bar: Bar, holding: Side) -> Bool
  func size(_ indicators: Indicators, _ bar: Bar, _ instrument: Instrument) -> Quantity
}

extension BarStrategy {
  public var interests: Interests { Interests([.bars]) }

  public mutating func onBar(_ bar: Bar, _ context: inout Context) {
    guard let indicators = indicators(bar), let instrument = context.instrument(bar.instrument)
    else { return }
    let position = context.position(bar.instrument)
    if position != 0 {
      let holding: Side = position > 0 ? .buy : .sell
      if exit(indicators, bar, holding: holding) { context.flatten(bar.instrument) }
    } else if context.mode != .drain, let side = entry(indicators, bar) {
      let quantity = size(indicators, bar, instrument)
      if !quantity.isZero { context.target(side, quantity, on: bar.instrument) }
    }
  }
}
