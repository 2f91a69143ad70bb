import Market
import PluginABI
import PluginBridge

/// The prices a piece of market data shows: to a buyer and to a seller, at their highest, lowest
/// and latest.
struct SeenPrices {
  var buyHigh: Int64
  var buyLow: Int64
  var buyLast: Int64
  var sellHigh: Int64
  var sellLow: Int64
  var sellLast: Int64

  /// nil for a record that shows no price, or shows one side of the market alone.
  init?(_ record: Record) {
    switch record.type {
    case KEEL_EV_QUOTE:
      guard let quote = Quote(record), let bid = quote.bid, let ask = quote.ask else { return nil }
      self.init(buy: ask.mantissa, sell: bid.mantissa)
    case KEEL_EV_TRADE:
      guard let trade = Trade(record), trade.price.mantissa > 0 else { return nil }
      self.init(buy: trade.price.mantissa, sell: trade.price.mantissa)
    case KEEL_EV_BAR:
      guard let bar = Bar(record), bar.low.mantissa > 0 else { return nil }
      self.init(buy: bar.close.mantissa, sell: bar.close.mantissa)
      buyHigh = bar.high.mantissa
      buyLow = bar.low.mantissa
      sellHigh = bar.high.mantissa
      sellLow = bar.low.mantissa
    default: return nil
    }
  }

  /// From what is known of the market now.
  init?(_ market: TopOfBook) {
    guard let reference = market.reference else { return nil }
    self.init(
      buy: (market.ask ?? reference).mantissa, sell: (market.bid ?? reference).mantissa)
  }

  private init(buy: Int64, sell: Int64) {
    (buyHigh, buyLow, buyLast) = (buy, buy, buy)
    (sellHigh, sellLow, sellLast) = (sell, sell, sell)
  }
}

extension Order {
  /// Whether it waits for a price above the market: a stop that buys, a profit taken by selling.
  private var waitsAbove: Bool {
    switch type {
    case .stop, .stopLimit, .trailingStop: side == .buy
    case .takeProfit, .ifTouched: side == .sell
    case .market, .limit: false
    }
  }

  /// Whether its trigger is met. What buys looks at what a buyer must pay, what sells at what a
  /// seller gets.
  func isReached(by seen: SeenPrices) -> Bool {
    guard let trigger else { return false }
    let (high, low) =
      side == .buy ? (seen.buyHigh, seen.buyLow) : (seen.sellHigh, seen.sellLow)
    return waitsAbove ? high >= trigger.mantissa : low <= trigger.mantissa
  }

  /// The trigger of a trailing stop after these prices: it follows the market and never goes back.
  func trailed(by seen: SeenPrices) -> Price? {
    guard let trail else { return trigger }
    let wanted =
      side == .sell
      ? seen.sellHigh.subtractingReportingOverflow(trail.mantissa)
      : seen.buyLow.addingReportingOverflow(trail.mantissa)
    guard !wanted.overflow else { return trigger }
    guard let trigger else { return Price(mantissa: Swift.max(wanted.partialValue, 1)) }
    let isBetter =
      side == .sell
      ? wanted.partialValue > trigger.mantissa : wanted.partialValue < trigger.mantissa
    return isBetter ? Price(mantissa: wanted.partialValue) : trigger
  }

  /// The prices at and beyond which it wants to be looked at again.
  var bounds: TriggerBounds {
    guard state == .held, !isDormant, !isTriggered else { return .never }
    guard let trigger else { return .always }
    var bounds = TriggerBounds.never
    if waitsAbove { bounds.above = trigger.mantissa } else { bounds.below = trigger.mantissa }
    if let trail {
      // A new extreme moves the trigger.
      let extreme =
        side == .sell
        ? trigger.mantissa.addingReportingOverflow(trail.mantissa)
        : trigger.mantissa.subtractingReportingOverflow(trail.mantissa)
      guard !extreme.overflow else { return .always }
      if side == .sell {
        bounds.above = extreme.partialValue
      } else {
        bounds.below = extreme.partialValue
      }
    }
    return bounds
  }
}

/// Between these prices nothing that is held in an instrument has anything to do.
struct TriggerBounds: Sendable {
  var above: Int64
  var below: Int64

  static let never = TriggerBounds(above: .max, below: .min)
  static let always = TriggerBounds(above: .min, below: .max)

  func include(_ seen: SeenPrices) -> Bool {
    Swift.max(seen.buyHigh, seen.sellHigh) >= above || Swift.min(seen.buyLow, seen.sellLow) <= below
  }
  func isAsWide(as other: TriggerBounds) -> Bool {
    above <= other.above && below >= other.below
  }
  mutating func widen(by other: TriggerBounds) {
    above = Swift.min(above, other.above)
    below = Swift.max(below, other.below)
  }
}
