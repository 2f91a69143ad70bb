import Market
import PluginABI
import PluginBridge

/// What keeps an account from trading with itself.
extension MatchingEngine {
  /// An order is about to trade, or to rest: own resting orders of the other side come before a
  /// public offer at `offer` and before any worse one, as far as the order's limit accepts them.
  /// False once the order has ended.
  mutating func meetOwn(
    _ slot: Slot, _ market: Market, upTo offer: Int64?, at time: Int64,
    _ reports: inout RecordBuffer
  ) -> Bool {
    let isBuy = orders[slot].pointee.side == .buy
    let list = market.pointee.list(isBuy ? .sells : .buys)
    while list.pointee.count > 0 {
      let best = list.pointee[list.pointee.count - 1]
      let price = isBuy ? 0 &- best.key : best.key
      guard orders[slot].pointee.accepts(price) else { return true }
      if let offer, isBuy ? price > offer : price < offer { return true }
      guard prevent(slot, best.slot, at: time, &reports) else { return false }
    }
    return true
  }

  /// False once the newer of the two has ended.
  private mutating func prevent(
    _ newer: Slot, _ older: Slot, at time: Int64, _ reports: inout RecordBuffer
  ) -> Bool {
    switch model.selfTrade {
    case .ignore: return true
    case .cancelNewest:
      endSelfTrade(newer, at: time, &reports)
      return false
    case .cancelOldest:
      endSelfTrade(older, at: time, &reports)
      return true
    case .cancelBoth:
      endSelfTrade(older, at: time, &reports)
      endSelfTrade(newer, at: time, &reports)
      return false
    case .decrement:
      let amount = Swift.min(orders[newer].pointee.remaining, orders[older].pointee.remaining)
      let endsNewer = orders[newer].pointee.remaining == amount
      shrink(older, by: amount, at: time, &reports)
      shrink(newer, by: amount, at: time, &reports)
      return !endsNewer
    }
  }

  private mutating func shrink(
    _ slot: Slot, by amount: Int64, at time: Int64, _ reports: inout RecordBuffer
  ) {
    let order = orders[slot]
    guard order.pointee.remaining > amount else {
      endSelfTrade(slot, at: time, &reports)
      return
    }
    order.pointee.quantity -= amount
    order.pointee.shown = Swift.min(order.pointee.shown, order.pointee.remaining)
    order.pointee.isShrunk = true
    report(
      order.pointee, standing(order.pointee), reason: KEEL_REASON_SELF_TRADE, at: time, &reports)
  }

  private mutating func endSelfTrade(
    _ slot: Slot, at time: Int64, _ reports: inout RecordBuffer
  ) {
    end(slot, .cancelled, reason: KEEL_REASON_SELF_TRADE, at: time, &reports)
  }
}
