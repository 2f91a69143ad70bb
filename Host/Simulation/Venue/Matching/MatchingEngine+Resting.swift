import Market
import PluginABI
import PluginBridge

/// Resting orders that the other side of the market has reached: they fill at their limits.
extension MatchingEngine {
  mutating func meetResting(
    _ market: Market, at time: Int64, _ reports: inout RecordBuffer
  ) {
    if market.pointee.ask != VenueMarket.noAsk {
      meetResting(market, .buys, key: market.pointee.ask, at: time, &reports)
    }
    if market.pointee.bid != VenueMarket.noBid {
      meetResting(market, .sells, key: 0 &- market.pointee.bid, at: time, &reports)
    }
  }

  private mutating func meetResting(
    _ market: Market, _ place: VenueOrder.Place, key: Int64, at time: Int64,
    _ reports: inout RecordBuffer
  ) {
    let list = market.pointee.list(place)
    var index = list.pointee.count - 1
    while index >= 0, list.pointee[index].key >= key {
      let slot = list.pointee[index].slot
      index -= 1
      let order = orders[slot]
      guard order.pointee.arrival <= time else { continue }
      let available = Swift.min(order.pointee.remaining, available(market, order))
      guard available > 0 else { continue }
      guard let amount = reduced(slot, market, available, at: time, &reports) else { continue }
      consume(market, isBuy: place == .buys, amount, upTo: order.pointee.limit)
      makerFill(slot, amount, market, at: time, &reports)
    }
  }

  /// A resting order fills at its limit.
  mutating func makerFill(
    _ slot: Slot, _ amount: Int64, _ market: Market, at time: Int64,
    _ reports: inout RecordBuffer
  ) {
    let order = orders[slot]
    fill(order, amount, at: order.pointee.limit, .maker, market, at: time, &reports)
    if order.pointee.remaining == 0 { finish(slot, at: time, &reports) }
  }

  /// As much as an order may fill; nil where it only reduces and there is nothing to reduce: then
  /// it has ended.
  mutating func reduced(
    _ slot: Slot, _ market: Market, _ amount: Int64, at time: Int64,
    _ reports: inout RecordBuffer
  ) -> Int64? {
    let order = orders[slot]
    guard order.pointee.isReduceOnly else { return amount }
    let left = market.pointee.reducible(order.pointee.side, order.pointee.leg)
    guard left > 0 else {
      end(slot, .cancelled, reason: KEEL_REASON_REDUCE_ONLY, at: time, &reports)
      return nil
    }
    return Swift.min(amount, left)
  }

  /// Takes an amount off the levels up to a price, best first.
  private mutating func consume(_ market: Market, isBuy: Bool, _ amount: Int64, upTo limit: Int64) {
    guard market.pointee.source == .book else {
      consume(market, isBuy: isBuy, amount, from: 0)
      return
    }
    var amount = amount
    while amount > 0 {
      let offer = bestOffer(market, isBuy: isBuy)
      let taken = Swift.min(amount, offer.left)
      guard taken > 0 else { return }
      consume(market, isBuy: isBuy, taken, from: offer.level)
      amount -= taken
    }
  }
}
