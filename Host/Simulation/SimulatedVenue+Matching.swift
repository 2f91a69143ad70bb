import Market
import PluginABI
import PluginBridge

extension SimulatedVenue {
  mutating func match(_ quote: Quote, _ index: Int, into reports: inout RecordBuffer) {
    books[index].bid = quote.bid
    books[index].ask = quote.ask
    books[index].bidLeft = quote.bidQuantity.mantissa
    books[index].askLeft = quote.askQuantity.mantissa
    books[index].hasQuotes = true
    forEachOrder(of: quote.instrument, at: quote.time) { venue, order in
      guard let instrument = venue.books[index].instrument else { return .keep }
      if order.isResting { order.shrinkQueue(quote) }
      return venue.meet(&order, instrument, index, at: quote.time, into: &reports)
    }
  }

  /// An order and the current quote.
  private mutating func meet(
    _ order: inout VenueOrder, _ instrument: Instrument, _ index: Int, at time: Timestamp,
    into reports: inout RecordBuffer
  ) -> Fate {
    let other = order.side == .buy ? books[index].ask : books[index].bid
    if let other, order.accepts(other) {
      if order.isPostOnly, !order.isResting {
        report(
          order, .rejected, reason: KEEL_REASON_POST_ONLY_WOULD_CROSS, at: time, into: &reports)
        return .remove
      }
      let displayed = order.side == .buy ? books[index].askLeft : books[index].bidLeft
      let amount = Swift.min(order.remaining.mantissa, displayed)
      if amount > 0 {
        let price = order.isResting ? order.limit ?? other : other
        fill(
          order, Quantity(mantissa: amount), at: price, order.isResting ? .maker : .taker,
          instrument, time: time, into: &reports)
        order.remaining = order.remaining - Quantity(mantissa: amount)
        if order.side == .buy {
          books[index].askLeft -= amount
        } else {
          books[index].bidLeft -= amount
        }
      }
    }
    return rest(&order, index, at: time, into: &reports)
  }

  /// What is left after a look at the market.
  private mutating func rest(
    _ order: inout VenueOrder, _ index: Int, at time: Timestamp, into reports: inout RecordBuffer
  ) -> Fate {
    if order.remaining.isZero { return .remove }
    if order.timeInForce == .immediateOrCancel {
      report(order, .cancelled, reason: KEEL_REASON_NO_LIQUIDITY, at: time, into: &reports)
      return .remove
    }
    if order.type == .limit, !order.isResting { joinQueue(&order, index) }
    return .keep
  }

  /// An order that finds a book it does not cross makes from the start.
  func restOnArrival(_ order: inout VenueOrder) {
    let index = order.instrument.index
    guard order.type == .limit, order.timeInForce == .goodTillCancelled, index < books.count,
      books[index].hasQuotes
    else { return }
    let other = order.side == .buy ? books[index].ask : books[index].bid
    if other.map(order.accepts) != true { joinQueue(&order, index) }
  }

  private func joinQueue(_ order: inout VenueOrder, _ index: Int) {
    order.isResting = true
    guard books[index].hasQuotes else { return }
    order.join(
      best: order.side == .buy ? books[index].bid : books[index].ask,
      displayed: order.side == .buy ? books[index].bidLeft : books[index].askLeft)
  }

  mutating func match(_ trade: Trade, _ index: Int, into reports: inout RecordBuffer) {
    var left = trade.quantity.mantissa
    forEachOrder(of: trade.instrument, at: trade.time) { venue, order in
      guard let instrument = venue.books[index].instrument, order.isResting, left > 0,
        let limit = order.limit, order.accepts(trade.price), trade.aggressor != order.side
      else { return .keep }
      var available = left
      if !order.isBeyond(trade.price) {
        // Touched, not traded through: the queue goes first.
        guard let ahead = order.queueAhead else { return .keep }
        order.queueAhead = Swift.max(0, ahead - left)
        available = left - Swift.min(ahead, left)
      }
      let amount = Swift.min(order.remaining.mantissa, available)
      guard amount > 0 else { return .keep }
      venue.fill(
        order, Quantity(mantissa: amount), at: limit, .maker, instrument, time: trade.time,
        into: &reports)
      order.remaining = order.remaining - Quantity(mantissa: amount)
      left -= amount
      return order.remaining.isZero ? .remove : .keep
    }
  }

  mutating func match(_ bar: Bar, _ index: Int, into reports: inout RecordBuffer) {
    // Only a bar that opened after the order arrived: an older one holds prices from before it.
    forEachOrder(of: bar.instrument, at: bar.opened) { venue, order in
      guard let instrument = venue.books[index].instrument else { return .keep }
      let price: Price
      if order.accepts(bar.open) {
        if order.isPostOnly, !order.isResting {
          venue.report(
            order, .rejected, reason: KEEL_REASON_POST_ONLY_WOULD_CROSS, at: bar.time,
            into: &reports)
          return .remove
        }
        price = order.isResting ? order.limit ?? bar.open : bar.open
      } else if order.timeInForce != .immediateOrCancel, let limit = order.limit,
        order.isBeyond(order.side == .buy ? bar.low : bar.high)
      {
        price = limit
      } else {
        return venue.rest(&order, index, at: bar.time, into: &reports)
      }
      venue.fill(
        order, order.remaining, at: price, order.isResting || price != bar.open ? .maker : .taker,
        instrument, time: bar.time, into: &reports)
      return .remove
    }
  }

  private enum Fate { case keep, remove }

  /// Walks the orders of one instrument that have arrived, oldest first.
  private mutating func forEachOrder(
    of instrument: InstrumentID, at time: Timestamp,
    _ body: (inout SimulatedVenue, inout VenueOrder) -> Fate
  ) {
    var index = 0
    while index < orders.count {
      guard orders[index].instrument == instrument, orders[index].arrival <= time else {
        index += 1
        continue
      }
      var order = orders[index]
      switch body(&self, &order) {
      case .keep:
        orders[index] = order
        index += 1
      case .remove: orders.remove(at: index)
      }
    }
  }
}

extension Bar {
  /// When its first price was made.
  fileprivate var opened: Timestamp {
    time + Nanoseconds(-Swift.max(0, interval.count))
  }
}
