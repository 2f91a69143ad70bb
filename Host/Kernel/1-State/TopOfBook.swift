package import Market
import PluginBridge

/// The best known prices of one instrument and when they were heard.
package struct TopOfBook: Sendable {
  package private(set) var bid: Price?
  package private(set) var ask: Price?
  package private(set) var last: Price?
  package private(set) var updated: Timestamp = .distantPast
  package private(set) var isTrading = true

  /// The price risk values things at: the middle of the book, else the last trade or close.
  /// Rounded down; nil before the first price.
  package var reference: Price? {
    if let bid, let ask {
      let difference = ask.mantissa.subtractingReportingOverflow(bid.mantissa)
      if !difference.overflow {
        return Price(mantissa: bid.mantissa + difference.partialValue / 2)
      }
    }
    return last ?? bid ?? ask
  }

  mutating func apply(_ quote: Quote) {
    bid = quote.bid
    ask = quote.ask
    updated = quote.time
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
