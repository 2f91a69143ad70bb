import Market

/// What stands before resting orders, as the data shows it.
extension MatchingEngine {
  /// New best price of a side: nothing is left before an order better than it; at it, no more than
  /// is displayed. Behind it nothing is known, and nothing changes. `before`: what was displayed at
  /// the same price before, -1 where the best price was another.
  mutating func showQueue(
    _ market: Market, _ place: VenueOrder.Place, best: Int64, shown: Int64, before: Int64,
    _ time: Int64
  ) {
    let list = market.pointee.list(place)
    var index = list.pointee.count - 1
    while index >= 0 {
      let entry = list.pointee[index]
      guard entry.key >= best else { return }
      index -= 1
      let order = orders[entry.slot]
      guard order.pointee.arrival <= time else { continue }
      if entry.key > best {
        order.pointee.ahead = 0
      } else {
        shorten(order, before: before, now: shown, lot: market.pointee.lot)
      }
    }
  }

  /// A level of the book has changed.
  mutating func showLevel(
    _ market: Market, _ place: VenueOrder.Place, key: Int64, before: Int64, now: Int64
  ) {
    let list = market.pointee.list(place)
    var index = list.pointee.firstIndex(notBelow: key)
    while index < list.pointee.count, list.pointee[index].key == key {
      shorten(orders[list.pointee[index].slot], before: before, now: now, lot: market.pointee.lot)
      index += 1
    }
  }

  mutating func shorten(
    _ order: UnsafeMutablePointer<VenueOrder>, before: Int64, now: Int64, lot: Int64
  ) {
    let ahead = order.pointee.ahead
    if ahead == VenueOrder.unknown {
      order.pointee.ahead = model.queue.rule == .front ? 0 : now
    } else if before < 0 {
      order.pointee.ahead = Swift.min(ahead, now)
    } else {
      order.pointee.ahead = model.queue.ahead(
        ahead, before: before, now: now, traded: order.pointee.traded, lot: lot)
    }
    order.pointee.traded = 0
  }
}
