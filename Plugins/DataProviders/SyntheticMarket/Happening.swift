import PluginSDK

/// One record before it is published, so that it can wait where the feed is full.
struct Happening {
  enum What {
    case quote(bid: Price, bidQuantity: Quantity, ask: Price, askQuantity: Quantity)
    case trade(price: Price, quantity: Quantity, aggressor: Side, id: UInt64)
    case bar(BarInProgress)
  }
  let instrument: InstrumentID
  let time: Timestamp
  let what: What

  func publish(to feed: Feed) -> Bool {
    switch what {
    case .quote(let bid, let bidQuantity, let ask, let askQuantity):
      feed.publishQuote(
        instrument, at: time, bid: bid, bidQuantity: bidQuantity, ask: ask,
        askQuantity: askQuantity)
    case .trade(let price, let quantity, let aggressor, let id):
      feed.publishTrade(
        instrument, at: time, price: price, quantity: quantity, aggressor: aggressor, id: id)
    case .bar(let bar):
      feed.publishBar(
        instrument, at: time, open: bar.open, high: bar.high, low: bar.low, close: bar.close,
        volume: bar.volume, interval: bar.interval)
    }
  }
}
