import Market
import PluginABI
import PluginBridge

extension SimulatedVenue {
  mutating func match(_ quote: Quote, _ index: Int, into reports: inout RecordBuffer) {
    let shrunk = queueShrinks(quote, books[index])
    books[index].bid = quote.bid
    books[index].ask = quote.ask
    books[index].bidLeft = quote.bidQuantity.mantissa
    books[index].askLeft = quote.askQuantity.mantissa
    books[index].hasQuotes = true
    forEachOrder(of: quote.instrument, at: quote.time) { venue, order in
      guard let instrument = venue.books[index].instrument else { return .keep }
      if order.isResting, let limit = shrunk, order.limit == limit.price {
        order.queueAhead = order.queueAhead.map { Swift.min($0, limit.quantity) }
      }
      return venue.meet(&order, instrument, index, at: quote.time, into: &reports)
    }
  }

  /// Displayed quantity at an unchanged best price fell below the queue: those before left.
  private func queueShrinks(_ quote: Quote, _ book: Book) -> (price: Price, quantity: Int64)? {
    if let bid = quote.bid, bid == book.bid { return (bid, quote.bidQuantity.mantissa) }
    if let ask = quote.ask, ask == book.ask { return (ask, quote.askQuantity.mantissa) }
    return nil
  }

  /// An order and the current quote.
  private mutating func meet(
    _ order: inout VenueOrder, _ instrument: Instrument, _ index: Int, at time: Timestamp,
    into reports: inout RecordBuffer
  ) -> Fate {
    let other = order.side == .buy ? books[index].ask : books[index].bid
    if let other, order.accepts(other) {
      if order.isPostOnly, !order.isResting {
        report(order, .rejected, reason: KEEL_REASON_POST_ONLY_WOULD_CROSS, at: time, into: &reports)
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
    if order.type == .limit, !order.isResting { joinQueue(&order, books[index]) }
    return .keep
  }

  /// An order that finds a book it does not cross makes from the start.
  func restOnArrival(_ order: inout VenueOrder) {
    let book = books[order.instrument.index]
    let other = order.side == .buy ? book.ask : book.bid
    guard order.type == .limit, order.timeInForce == .goodTillCancelled, book.hasQuotes,
      other.map(order.accepts) != true
    else { return }
    joinQueue(&order, book)
  }

  private func joinQueue(_ order: inout VenueOrder, _ book: Book) {
    order.isResting = true
    let best = order.side == .buy ? book.bid : book.ask
    guard let best, let limit = order.limit else { return }
    if limit == best {
      order.queueAhead = order.side == .buy ? book.bidLeft : book.askLeft
    } else if order.isBeyond(best) {
      order.queueAhead = 0  // better than the best: first at its price
    }
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
    forEachOrder(of: bar.instrument, at: bar.time) { venue, order in
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
      } else if let limit = order.limit, order.isBeyond(order.side == .buy ? bar.low : bar.high) {
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
