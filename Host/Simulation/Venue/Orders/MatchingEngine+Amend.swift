import Market
import PluginABI
import PluginBridge

/// Changes of an open order. A new limit or a larger quantity gives its place up, and is decided
/// like a new order's; a smaller quantity keeps it.
extension MatchingEngine {
  mutating func amend(
    _ slot: Slot, _ command: keel_order, at time: Int64, _ reports: inout RecordBuffer
  ) {
    let order = orders[slot]
    let market = market(Int(order.pointee.instrument))
    if let reason = refusal(of: command, order.pointee, market) {
      report(order.pointee, standing(order.pointee), reason: reason, at: time, &reports)
      return
    }
    let isRepriced = order.pointee.hasLimit && command.limit != order.pointee.limit
    let isLarger = command.qty > order.pointee.quantity
    let isMoved = command.trigger != KEEL_NULL && command.trigger != order.pointee.trigger
    resize(order, to: command.qty)
    order.pointee.isShrunk = false
    if isRepriced { order.pointee.limit = command.limit }
    let isHeld = order.pointee.isHeld
    if isHeld, isMoved { leave(slot, market) }
    if command.trigger != KEEL_NULL { order.pointee.trigger = command.trigger }
    guard order.pointee.remaining > 0 else {
      end(slot, .cancelled, at: time, &reports)
      return
    }
    report(order.pointee, standing(order.pointee), at: time, &reports)
    if isHeld {
      if isMoved { hold(slot, market) }
    } else if isRepriced || isLarger {
      leave(slot, market)
      order.pointee.arrival = time
      replace(slot, market, at: time, &reports)
    }
  }

  private mutating func resize(_ order: UnsafeMutablePointer<VenueOrder>, to quantity: Int64) {
    order.pointee.quantity = quantity
    let left = Swift.max(0, order.pointee.remaining)
    if order.pointee.display == 0 || order.pointee.shown > left { order.pointee.shown = left }
  }

  /// A triggered order is held no more.
  private mutating func replace(
    _ slot: Slot, _ market: Market, at time: Int64, _ reports: inout RecordBuffer
  ) {
    let order = orders[slot]
    order.pointee.type = order.pointee.hasLimit ? .limit : .market
    place(slot, market, at: time, &reports)
  }

  private mutating func refusal(
    of command: keel_order, _ order: VenueOrder, _ market: Market
  ) -> Int? {
    guard let instrument = market.pointee.instrument else { return KEEL_REASON_UNKNOWN_INSTRUMENT }
    if !market.pointee.isTrading { return KEEL_REASON_HALTED }
    if order.hasLimit != (command.limit != KEEL_NULL) { return KEEL_REASON_MALFORMED }
    if order.hasLimit, command.limit % instrument.tick.mantissa != 0 { return KEEL_REASON_OFF_TICK }
    if command.trigger != KEEL_NULL,
      command.trigger <= 0 || command.trigger % instrument.tick.mantissa != 0
    {
      return KEEL_REASON_OFF_TICK
    }
    if command.qty % instrument.lot.mantissa != 0 { return KEEL_REASON_OFF_LOT }
    if order.isPostOnly, !order.isHeld, market.pointee.hasBook, command.limit != order.limit {
      let other = order.side == .buy ? market.pointee.ask : market.pointee.bid
      let isThere = other != VenueMarket.noBid && other != VenueMarket.noAsk
      let crosses = order.side == .buy ? command.limit >= other : command.limit <= other
      if isThere, crosses { return KEEL_REASON_POST_ONLY_WOULD_CROSS }
    }
    return nil
  }
}
