import Market
import PluginABI
import PluginBridge

/// Trades of others: they go through resting orders, or use up the queues before them. Where they
/// are all there is, they are prices too.
extension MatchingEngine {
  mutating func see(_ trade: Trade, _ market: Market, _ reports: inout RecordBuffer) {
    let price = trade.price.mantissa
    let quantity = trade.quantity.mantissa
    guard price != KEEL_NULL, price.magnitude < Int64.max.magnitude else { return }
    let time = trade.raw.pointee.h.ts_recv
    market.pointee.last = price
    if model.slippage.rule == .squareRoot {
      market.pointee.activity.trade(
        quantity, at: time, window: model.slippage.window.count)
    }
    let isPrice = market.pointee.source.rawValue <= VenueMarket.Source.trades.rawValue
    if isPrice { show(trade, market) }
    guard !market.pointee.isIdle, market.pointee.instrument != nil else { return }
    if market.pointee.orderCount > 0, market.pointee.isTrading, market.pointee.isPriced {
      var left = quantity
      if trade.aggressor != .buy {
        go(through: .buys, market, price, of: quantity, &left, at: time, &reports)
      }
      if trade.aggressor != .sell {
        go(through: .sells, market, price, of: quantity, &left, at: time, &reports)
      }
      if isPrice {
        market.pointee.bidLeft = left
        market.pointee.askLeft = left
        decideWaiting(market, at: time, &reports)
      }
      trail(market, bid: price, ask: price, at: time)
      trip(market, bid: price, ask: price, at: time, decides: isPrice, &reports)
      refresh(market)
    }
    if isPrice, model.taking == .nextData { market.pointee.bidLeft = 0 }
    if isPrice, model.taking == .nextData { market.pointee.askLeft = 0 }
    if model.margin.isWatched { watch(market, at: time, &reports) }
  }

  private mutating func show(_ trade: Trade, _ market: Market) {
    market.pointee.source = .trades
    market.pointee.bid = trade.price.mantissa
    market.pointee.ask = trade.price.mantissa
    market.pointee.bidLeft = trade.quantity.mantissa
    market.pointee.askLeft = trade.quantity.mantissa
    market.pointee.priced = Self.priced(trade.raw.pointee.h)
  }

  /// The traded quantity goes to resting orders by price and age, each behind its own queue.
  private mutating func go(
    through place: VenueOrder.Place, _ market: Market, _ price: Int64, of quantity: Int64,
    _ left: inout Int64, at time: Int64, _ reports: inout RecordBuffer
  ) {
    let list = market.pointee.list(place)
    let key = place == .buys ? price : 0 &- price
    var index = list.pointee.count - 1
    while index >= 0, list.pointee[index].key >= key {
      let entry = list.pointee[index]
      index -= 1
      let order = orders[entry.slot]
      guard order.pointee.arrival <= time else { continue }
      var amount = Swift.min(order.pointee.remaining, left)
      if entry.key == key {
        let ahead = order.pointee.ahead
        guard ahead != VenueOrder.unknown else { continue }
        order.pointee.traded = order.pointee.traded &+ quantity
        order.pointee.ahead = Swift.max(0, ahead - left)
        amount = Swift.min(left - Swift.min(ahead, left), order.pointee.shown)
      } else {
        order.pointee.ahead = 0
      }
      guard amount > 0 else { continue }
      guard let amount = reduced(entry.slot, market, amount, at: time, &reports) else { continue }
      left -= amount
      makerFill(entry.slot, amount, market, at: time, &reports)
    }
  }
}
