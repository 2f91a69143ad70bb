import Market
import PluginABI
import PluginBridge

/// Orders that are held until the market reaches a price, and trailing stops, whose price follows.
extension MatchingEngine {
  mutating func hold(_ slot: Slot, _ market: Market) {
    let order = orders[slot]
    let place = order.pointee.heldPlace
    let trigger = order.pointee.trigger
    if order.pointee.type == .trailingStop { enterTrail(slot, market) }
    // A trailing stop that has seen no price yet is reached by none.
    let key =
      trigger == KEEL_NULL
      ? Int64.min + 1 : VenueOrder.waitsAbove(place) ? 0 &- trigger : trigger
    enter(slot, market, place, key: key)
  }

  private mutating func enterTrail(_ slot: Slot, _ market: Market) {
    let order = orders[slot]
    let (trigger, trail) = (order.pointee.trigger, order.pointee.trail)
    if order.pointee.side == .sell {
      let extreme = trigger.addingReportingOverflow(trail)
      order.pointee.trailKey =
        trigger == KEEL_NULL ? .max : extreme.overflow ? .min + 1 : 0 &- extreme.partialValue
      market.pointee.trailSells.insert(order.pointee.trailKey, slot)
    } else {
      let extreme = trigger.subtractingReportingOverflow(trail)
      order.pointee.trailKey =
        trigger == KEEL_NULL ? .max : extreme.overflow ? .min + 1 : extreme.partialValue
      market.pointee.trailBuys.insert(order.pointee.trailKey, slot)
    }
  }

  mutating func leaveTrail(_ slot: Slot, _ market: Market) {
    let order = orders[slot]
    if order.pointee.side == .sell {
      market.pointee.trailSells.remove(order.pointee.trailKey, slot)
    } else {
      market.pointee.trailBuys.remove(order.pointee.trailKey, slot)
    }
  }

  mutating func trail(_ market: Market, at time: Int64) {
    trail(market, bid: market.pointee.bid, ask: market.pointee.ask, at: time)
  }

  /// Triggers follow a market that moves away from them, and never go back.
  mutating func trail(_ market: Market, bid: Int64, ask: Int64, at time: Int64) {
    if bid != VenueMarket.noBid {
      while let slot = firstArrived(market.pointee.trailSells, above: 0 &- bid, at: time) {
        let wanted = bid.subtractingReportingOverflow(orders[slot].pointee.trail)
        move(slot, market, to: wanted.overflow ? 1 : wanted.partialValue)
      }
    }
    if ask != VenueMarket.noAsk {
      while let slot = firstArrived(market.pointee.trailBuys, above: ask, at: time) {
        let wanted = ask.addingReportingOverflow(orders[slot].pointee.trail)
        move(slot, market, to: wanted.overflow ? .max : wanted.partialValue)
      }
    }
  }

  private mutating func move(_ slot: Slot, _ market: Market, to trigger: Int64) {
    leave(slot, market)
    orders[slot].pointee.trigger = Swift.max(1, trigger)
    hold(slot, market)
  }

  private mutating func firstArrived(
    _ list: borrowing SortedOrders, above key: Int64, at time: Int64
  ) -> Slot? {
    var index = list.count - 1
    while index >= 0, list[index].key > key {
      if orders[list[index].slot].pointee.arrival <= time { return list[index].slot }
      index -= 1
    }
    return nil
  }

  mutating func trip(
    _ market: Market, at time: Int64, decides: Bool, _ reports: inout RecordBuffer
  ) {
    trip(
      market, bid: market.pointee.bid, ask: market.pointee.ask, at: time, decides: decides,
      &reports)
  }

  /// Held orders whose trigger is met. Where the prices of now may not be taken, they wait.
  mutating func trip(
    _ market: Market, bid: Int64, ask: Int64, at time: Int64, decides: Bool,
    _ reports: inout RecordBuffer
  ) {
    if ask != VenueMarket.noAsk {
      trip(market, .stopBuys, key: 0 &- ask, at: time, decides: decides, &reports)
    }
    if bid != VenueMarket.noBid {
      trip(market, .stopSells, key: bid, at: time, decides: decides, &reports)
      trip(market, .profitSells, key: 0 &- bid, at: time, decides: decides, &reports)
    }
    if ask != VenueMarket.noAsk {
      trip(market, .profitBuys, key: ask, at: time, decides: decides, &reports)
    }
  }

  private mutating func trip(
    _ market: Market, _ place: VenueOrder.Place, key: Int64, at time: Int64, decides: Bool,
    _ reports: inout RecordBuffer
  ) {
    let list = market.pointee.list(place)
    while list.pointee.bestKey >= key,
      let slot = firstArrived(list.pointee, above: key &- 1, at: time)
    {
      release(slot, market)
      if decides { decide(slot, market, at: time, &reports) }
    }
  }

  /// Its trigger is met: from here on it is the order that it wanted to be.
  mutating func release(_ slot: Slot, _ market: Market) {
    let order = orders[slot]
    leave(slot, market)
    order.pointee.type = order.pointee.hasLimit ? .limit : .market
    wait(slot, market)
  }
}
