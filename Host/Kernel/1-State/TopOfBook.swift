package import Market
import PluginBridge

/// The best known prices of one instrument and when they were heard.
package struct TopOfBook: Sendable {
  package internal(set) var bid: Price?
  package internal(set) var ask: Price?
  package internal(set) var last: Price?
  /// The venue's own idea of what it is worth.
  package internal(set) var mark: Price?
  package internal(set) var updated: Timestamp = .distantPast
  package internal(set) var isTrading = true
  /// The instrument's order book is broken: bid and ask stand as they were when it broke.
  package internal(set) var isGapped = false

  /// The price risk values things at: the middle of the book, else the last trade or close.
  /// Rounded down. nil before the first price, and for a price nothing can be worth.
  package var reference: Price? {
    guard let bid, let ask else { return (last ?? bid ?? ask).flatMap(Self.sound) }
    guard bid.mantissa > 0, bid <= ask else { return nil }
    return Price(mantissa: bid.mantissa + (ask.mantissa - bid.mantissa) / 2)
  }

  /// What a holding is valued at: the venue's mark where it tells one.
  package var valuation: Price? { mark.flatMap(Self.sound) ?? reference }

  private static func sound(_ price: Price) -> Price? { price.mantissa > 0 ? price : nil }

  mutating func apply(_ quote: Quote) {
    bid = quote.bid
    ask = quote.ask
    // An empty book is no news of a price.
    if bid != nil || ask != nil { updated = quote.time }
  }
  /// From a valid book, at the end of a message.
  mutating func apply(bid: Price?, ask: Price?, at time: Timestamp) {
    isGapped = false
    self.bid = bid
    self.ask = ask
    if bid != nil || ask != nil { updated = time }
  }
  mutating func markGapped() { isGapped = true }
  mutating func apply(_ trade: Trade) {
    last = trade.price
    updated = trade.time
  }
  mutating func apply(_ bar: Bar) {
    last = bar.close
    updated = bar.time
  }
  mutating func setMark(_ price: Price?) { mark = price }
  mutating func setTrading(_ trading: Bool) { isTrading = trading }
}
