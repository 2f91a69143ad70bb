import Market
import PluginABI
import PluginBridge

/// Orders that take what the market offers.
extension MatchingEngine {
  /// What came since the last prices, oldest first.
  mutating func decideWaiting(
    _ market: Market, at time: Int64, _ reports: inout RecordBuffer
  ) {
    let list = market.pointee.list(.waiting)
    var index = list.pointee.count - 1
    while index >= 0 {
      let slot = list.pointee[index].slot
      if orders[slot].pointee.arrival <= time { decide(slot, market, at: time, &reports) }
      index = Swift.min(index, list.pointee.count) - 1
    }
  }

  /// An order that waits, and the prices of now. Afterwards it has ended, rests, or waits on.
  mutating func decide(
    _ slot: Slot, _ market: Market, at time: Int64, _ reports: inout RecordBuffer
  ) {
    let order = orders[slot]
    if !order.pointee.hasLimit {
      let reason = staleness(market, at: time)
      guard reason == KEEL_REASON_NONE else {
        waitOn(slot, reason, at: time, &reports)
        return
      }
    }
    let reachable = available(market, order)
    if order.pointee.isPostOnly, order.pointee.hasLimit, crosses(market, order) {
      end(
        slot, .rejected, reason: KEEL_REASON_POST_ONLY_WOULD_CROSS, at: time, &reports)
      return
    }
    if order.pointee.timeInForce == .fillOrKill, reachable < order.pointee.remaining {
      end(slot, .cancelled, reason: KEEL_REASON_NO_LIQUIDITY, at: time, &reports)
      return
    }
    guard take(slot, market, at: time, &reports) else { return }
    if order.pointee.isImmediate {
      end(slot, .cancelled, reason: KEEL_REASON_NO_LIQUIDITY, at: time, &reports)
    } else if order.pointee.hasLimit {
      leave(slot, market)
      rest(slot, market, at: time, &reports)
    }
  }

  /// Takes level by level. False once the order has ended.
  private mutating func take(
    _ slot: Slot, _ market: Market, at time: Int64, _ reports: inout RecordBuffer
  ) -> Bool {
    let order = orders[slot]
    let isBuy = order.pointee.side == .buy
    while true {
      let offer = bestOffer(market, isBuy: isBuy)
      let isOpen = offer.left > 0 && order.pointee.accepts(offer.price)
      if model.selfTrade != .ignore {
        guard
          meetOwn(slot, market, upTo: isOpen ? offer.price : nil, at: time, &reports)
        else { return false }
      }
      guard isOpen else { return true }
      var amount = Swift.min(order.pointee.remaining, offer.left)
      if order.pointee.isReduceOnly {
        amount = Swift.min(
          amount, market.pointee.reducible(order.pointee.side, order.pointee.leg))
        guard amount > 0 else {
          end(slot, .cancelled, reason: KEEL_REASON_REDUCE_ONLY, at: time, &reports)
          return false
        }
      }
      let price = paid(order, offer.price, amount, market, at: time)
      consume(market, isBuy: isBuy, amount, from: offer.level)
      fill(order, amount, at: price, .taker, market, at: time, &reports)
      if order.pointee.remaining == 0 {
        finish(slot, at: time, &reports)
        return false
      }
    }
  }

  struct Offer {
    var price: Int64
    var left: Int64
    /// Of the book, where the offer is one of its levels.
    var level: Int
  }

  /// The best that is left for a buyer, or for a seller.
  mutating func bestOffer(_ market: Market, isBuy: Bool) -> Offer {
    if market.pointee.source == .book, let book = market.pointee.book {
      let count = isBuy ? book.pointee.asks.count : book.pointee.bids.count
      for level in 0..<count {
        let left =
          isBuy ? book.pointee.asks[level].pointee.left : book.pointee.bids[level].pointee.left
        guard left > 0 else { continue }
        let price = isBuy ? book.pointee.asks.price(level) : book.pointee.bids.price(level)
        return Offer(price: price, left: left, level: level)
      }
      return Offer(price: 0, left: 0, level: 0)
    }
    let price = isBuy ? market.pointee.ask : market.pointee.bid
    guard price != VenueMarket.noAsk, price != VenueMarket.noBid else {
      return Offer(price: 0, left: 0, level: 0)
    }
    return Offer(
      price: price, left: isBuy ? market.pointee.askLeft : market.pointee.bidLeft, level: 0)
  }

  mutating func consume(_ market: Market, isBuy: Bool, _ amount: Int64, from level: Int) {
    switch market.pointee.source {
    case .book:
      guard let book = market.pointee.book else { return }
      if isBuy {
        book.pointee.asks[level].pointee.taken &+= amount
      } else {
        book.pointee.bids[level].pointee.taken &+= amount
      }
    case .quotes:
      if isBuy { market.pointee.askLeft -= amount } else { market.pointee.bidLeft -= amount }
    case .trades, .bars, .none:
      // A trade or a bar has one quantity for both sides.
      market.pointee.askLeft -= amount
      market.pointee.bidLeft -= amount
    }
  }

  /// All that an order's limit lets it reach.
  mutating func available(_ market: Market, _ order: UnsafeMutablePointer<VenueOrder>) -> Int64 {
    let isBuy = order.pointee.side == .buy
    guard market.pointee.source == .book, let book = market.pointee.book else {
      let offer = bestOffer(market, isBuy: isBuy)
      return order.pointee.accepts(offer.price) ? offer.left : 0
    }
    var sum: Int64 = 0
    let count = isBuy ? book.pointee.asks.count : book.pointee.bids.count
    for level in 0..<count {
      let price = isBuy ? book.pointee.asks.price(level) : book.pointee.bids.price(level)
      guard order.pointee.accepts(price) else { break }
      let left =
        isBuy ? book.pointee.asks[level].pointee.left : book.pointee.bids[level].pointee.left
      let (total, overflow) = sum.addingReportingOverflow(left)
      guard !overflow else { return .max }
      sum = total
    }
    return sum
  }

  private mutating func crosses(_ market: Market, _ order: UnsafeMutablePointer<VenueOrder>) -> Bool
  {
    let other = order.pointee.side == .buy ? market.pointee.ask : market.pointee.bid
    return other != VenueMarket.noBid && other != VenueMarket.noAsk && order.pointee.accepts(other)
  }

  /// Why a market order does not take the prices of now.
  mutating func staleness(_ market: Market, at time: Int64) -> Int {
    if market.pointee.source == .book, market.pointee.book?.pointee.isValid != true {
      return KEEL_REASON_GAPPED_DATA
    }
    guard let most = model.priceAgeMax?.count else { return KEEL_REASON_NONE }
    let (age, overflow) = time.subtractingReportingOverflow(market.pointee.priced)
    return overflow || age > most ? KEEL_REASON_STALE_DATA : KEEL_REASON_NONE
  }

  /// The prices are no good for it: it waits, and says so once, or has no time to wait.
  private mutating func waitOn(
    _ slot: Slot, _ reason: Int, at time: Int64, _ reports: inout RecordBuffer
  ) {
    let order = orders[slot]
    if order.pointee.isImmediate {
      end(slot, .cancelled, reason: reason, at: time, &reports)
    } else if !order.pointee.isTold {
      order.pointee.isTold = true
      report(order.pointee, standing(order.pointee), reason: reason, at: time, &reports)
    }
  }
}
