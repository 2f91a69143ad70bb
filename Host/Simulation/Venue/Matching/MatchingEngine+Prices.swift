import Market
import PluginABI
import PluginBridge

/// What new prices do to an instrument's orders: one order of steps for every source.
extension MatchingEngine {
  mutating func meetPrices(
    _ market: Market, at time: Int64, _ reports: inout RecordBuffer
  ) {
    meetResting(market, at: time, &reports)
    decideWaiting(market, at: time, &reports)
    trail(market, at: time)
    trip(market, at: time, decides: true, &reports)
    refresh(market)
  }

  /// Whether any order has to be looked at, with a few comparisons.
  mutating func concerns(_ market: Market) -> Bool {
    let bid = market.pointee.bid
    let ask = market.pointee.ask
    let lists = market.pointee.lists
    func best(_ place: VenueOrder.Place) -> Int64 { lists[Int(place.rawValue)].bestKey }
    return best(.buys) >= bid || best(.sells) >= 0 &- ask || lists[6].count > 0
      || (ask != VenueMarket.noAsk && best(.stopBuys) >= 0 &- ask)
      || (bid != VenueMarket.noBid && best(.stopSells) >= bid)
      || best(.profitBuys) >= ask || best(.profitSells) >= 0 &- bid
      || market.pointee.trailBuys.bestKey > ask || market.pointee.trailSells.bestKey > 0 &- bid
  }

  mutating func see(
    _ quote: UnsafePointer<keel_ev_quote>, _ market: Market, _ reports: inout RecordBuffer
  ) {
    guard market.pointee.source != .book else { return }
    let bid = quote.pointee.bid == KEEL_NULL ? VenueMarket.noBid : quote.pointee.bid
    let ask = quote.pointee.ask == KEEL_NULL ? VenueMarket.noAsk : quote.pointee.ask
    let bidShown = Swift.max(0, quote.pointee.bid_qty)
    let askShown = Swift.max(0, quote.pointee.ask_qty)
    let (bidBefore, askBefore) = (market.pointee.bid, market.pointee.ask)
    let (bidShownBefore, askShownBefore) = (market.pointee.bidShown, market.pointee.askShown)
    let isFirst = market.pointee.source != .quotes
    market.pointee.source = .quotes
    market.pointee.bid = bid
    market.pointee.ask = ask
    market.pointee.bidShown = bidShown
    market.pointee.askShown = askShown
    market.pointee.bidLeft = bidShown
    market.pointee.askLeft = askShown
    market.pointee.priced = Self.priced(quote.pointee.h)
    guard !market.pointee.isIdle, market.pointee.instrument != nil else { return }
    let time = quote.pointee.h.ts_recv
    if market.pointee.orderCount > 0, market.pointee.isTrading, concerns(market) {
      let isSameBid = bid == bidBefore && !isFirst
      let isSameAsk = ask == askBefore && !isFirst
      showQueue(
        market, .buys, best: bid, shown: bidShown, before: isSameBid ? bidShownBefore : -1, time)
      showQueue(
        market, .sells, best: 0 &- ask, shown: askShown, before: isSameAsk ? askShownBefore : -1,
        time)
      meetPrices(market, at: time, &reports)
    }
    if model.margin.isWatched { watch(market, at: time, &reports) }
  }
}
