import Market
import PluginABI
import PluginBridge

/// The lists that an order stands in, and its end.
extension MatchingEngine {
  mutating func enter(_ slot: Slot, _ market: Market, _ place: VenueOrder.Place, key: Int64) {
    orders[slot].pointee.place = place
    orders[slot].pointee.key = key
    market.pointee.list(place).pointee.insert(key, slot)
  }

  mutating func leave(_ slot: Slot, _ market: Market) {
    let order = orders[slot]
    guard order.pointee.place != .none else { return }
    market.pointee.list(order.pointee.place).pointee.remove(order.pointee.key, slot)
    if order.pointee.type == .trailingStop, order.pointee.isHeld { leaveTrail(slot, market) }
    order.pointee.place = .none
  }

  /// Waits for the next prices, behind those that wait already.
  mutating func wait(_ slot: Slot, _ market: Market) {
    waited += 1
    enter(slot, market, .waiting, key: 0 &- waited)
  }

  /// Joins the resting orders of its side, behind what is displayed at its price.
  mutating func rest(
    _ slot: Slot, _ market: Market, at time: Int64, _ reports: inout RecordBuffer
  ) {
    let order = orders[slot]
    if model.selfTrade != .ignore {
      guard meetOwn(slot, market, upTo: nil, at: time, &reports) else { return }
    }
    let isBuy = order.pointee.side == .buy
    let limit = order.pointee.limit
    enter(slot, market, isBuy ? .buys : .sells, key: isBuy ? limit : 0 &- limit)
    order.pointee.traded = 0
    order.pointee.ahead = queue(at: limit, isBuy, market)
  }

  /// What a new order finds before it at a price; `unknown` where that is not displayed.
  mutating func queue(at limit: Int64, _ isBuy: Bool, _ market: Market) -> Int64 {
    if model.queue.rule == .front { return 0 }
    guard market.pointee.hasBook else { return VenueOrder.unknown }
    if let book = market.pointee.book, market.pointee.source == .book {
      return isBuy ? book.pointee.bids.left(at: limit) : book.pointee.asks.left(at: limit)
    }
    let best = isBuy ? market.pointee.bid : market.pointee.ask
    if limit == best { return isBuy ? market.pointee.bidLeft : market.pointee.askLeft }
    let isBetter = isBuy ? limit > best : limit < best
    return isBetter ? 0 : VenueOrder.unknown
  }

  /// An order is over, as the host is told.
  mutating func end(
    _ slot: Slot, _ state: OrderState, reason: Int = KEEL_REASON_NONE, at time: Int64,
    _ reports: inout RecordBuffer
  ) {
    let order = orders[slot]
    report(order.pointee, state, reason: reason, at: time, &reports)
    forget(slot)
  }

  /// Nothing of it is left to fill. The fills have said so, but for an order that the venue shrank.
  mutating func finish(_ slot: Slot, at time: Int64, _ reports: inout RecordBuffer) {
    if orders[slot].pointee.isShrunk {
      report(orders[slot].pointee, .filled, at: time, &reports)
    }
    forget(slot)
  }

  private mutating func forget(_ slot: Slot) {
    let order = orders[slot]
    let market = market(Int(order.pointee.instrument))
    leave(slot, market)
    if order.pointee.expires != .max { deadlines.remove(0 &- order.pointee.expires, slot) }
    market.pointee.orderCount -= 1
    orders.remove(slot)
  }

  mutating func endByTime(_ slot: Slot, at time: Int64, _ reports: inout RecordBuffer) {
    end(slot, .expired, at: time, &reports)
  }

  /// Takes an order off its list and puts the next displayed part of it at the end of its price.
  mutating func refresh(_ market: Market) {
    guard market.pointee.needsRefresh else { return }
    market.pointee.needsRefresh = false
    refresh(market, .buys)
    refresh(market, .sells)
  }

  private mutating func refresh(_ market: Market, _ place: VenueOrder.Place) {
    let list = market.pointee.list(place)
    var index = list.pointee.count - 1
    while index >= 0 {
      let slot = list.pointee[index].slot
      let order = orders[slot]
      guard order.pointee.display > 0, order.pointee.shown == 0 else {
        index -= 1
        continue
      }
      order.pointee.shown = Swift.min(order.pointee.display, order.pointee.remaining)
      list.pointee.remove(order.pointee.key, slot)
      list.pointee.insert(order.pointee.key, slot)
      order.pointee.traded = 0
      order.pointee.ahead = queue(at: order.pointee.limit, place == .buys, market)
    }
  }
}
