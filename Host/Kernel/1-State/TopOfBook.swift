package import Market
import PluginBridge

/// The best known prices of one instrument and when they were heard.
package struct TopOfBook: Sendable {
  package private(set) var bid: Price?
  package private(set) var ask: Price?
  package private(set) var last: Price?
  package private(set) var updated: Timestamp = .distantPast
  package private(set) var isTrading = true
  /// The book behind the prices missed something and is not whole again.
  package internal(set) var isGapped = false

  /// The price risk values things at: the middle of the book, else the last trade or close.
  /// Rounded down. nil before the first price, and for a price nothing can be worth.
  package var reference: Price? {
    guard let bid, let ask else { return (last ?? bid ?? ask).flatMap(Self.sound) }
    guard bid.mantissa > 0, bid <= ask else { return nil }
    return Price(mantissa: bid.mantissa + (ask.mantissa - bid.mantissa) / 2)
  }

  private static func sound(_ price: Price) -> Price? { price.mantissa > 0 ? price : nil }

  mutating func apply(_ quote: Quote) {
    bid = quote.bid
    ask = quote.ask
    // An empty book is no news of a price.
    if bid != nil || ask != nil { updated = quote.time }
  }
  mutating func apply(_ trade: Trade) {
    last = trade.price
    updated = trade.time
  }
  mutating func apply(_ bar: Bar) {
    last = bar.close
    updated = bar.time
  }
  mutating func setTrading(_ trading: Bool) { isTrading = trading }
}
