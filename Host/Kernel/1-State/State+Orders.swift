import Market
import PluginABI
package import PluginBridge

/// What venues say of orders.
extension State {
  /// A venue's word on an order.
  mutating func report(_ record: Record) -> Change {
    guard let report = OrderUpdate(record) else { return unknown() }
    guard let id = identify(report) else { return adopt(report) }
    guard let before = orders[id], before.isOpen else { return unknown() }
    nameAsTold(id, report)
    if report.raw.pointee.is_cumulative != 0 { fillUpTo(report, before) }
    guard let order = orders[id], order.isOpen else { return .fill(orderID: id) }
    var after = order
    let isNews = after.take(report)
    // Its time is over all the same: it is ended again.
    if order.state == .pendingCancel, after.isOpen, after.state != .pendingCancel,
      after.state != .unknown, order.endsAs == .expired
    {
      after.deadline = now
    }
    update(order, to: after)
    return isNews ? .order(id: id) : order.filled != before.filled ? .fill(orderID: id) : .nothing
  }

  private mutating func unknown() -> Change {
    counts.unknownReports += 1
    return .nothing
  }

  /// Puts an order as it is now in the place of what it was, with all that hangs on it.
  mutating func update(_ before: Order, to after: Order) {
    if before.countsAsWorking { positions.addWork(before, -before.remaining.mantissa) }
    if after.countsAsWorking { positions.addWork(after, after.remaining.mantissa) }
    orders.modify(after.id) { $0 = after }
    portfolio.changed(
      before, after, positions.whole(after.slot, after.instrument),
      market: markets[after.instrument.index].valuation)
    guard after.isOpen else { return }
    if !after.awaitsAnswer {
      orders.settle(after.id)
    } else if !before.awaitsAnswer {
      orders.await(after.id, at: now)
    }
  }

  /// The order that a report names, open or not.
  package func order(named report: OrderUpdate) -> Order? {
    identify(report).flatMap { orders[$0] }
  }

  /// The order a report is about: by its id, else by the client id that names it.
  private func identify(_ report: OrderUpdate) -> UInt64? {
    if report.orderID != 0 { return orders[report.orderID]?.id ?? report.orderID }
    return find(
      client: OrderNames.text(report.raw.pointee.client_id),
      venue: OrderNames.text(report.raw.pointee.venue_id))
  }

  func find(client: OrderNames.Text, venue: OrderNames.Text) -> UInt64? {
    if let id = withUnsafeBytes(of: client, { ClientID($0) }), id.session == session,
      let order = orders[id.order], clientID(of: order) == id
    {
      return order.id
    }
    // Orders that came from the venue have names of their own.
    guard !OrderNames.isEmpty(client) || !OrderNames.isEmpty(venue) else { return nil }
    for index in 0..<orders.openCount {
      let order = orders.openOrder(at: index)
      let names = orders.names(of: order.id)
      if !OrderNames.isEmpty(venue), OrderNames.isSame(names.venue, venue) { return order.id }
      if !OrderNames.isEmpty(client), OrderNames.isSame(names.client, client) { return order.id }
    }
    return nil
  }

  /// The name an order was sent with; nil for one that the venue brought.
  private func clientID(of order: Order) -> ClientID? {
    let names = orders.names(of: order.id)
    return withUnsafeBytes(of: names.client) { ClientID($0) }
  }

  private mutating func nameAsTold(_ id: UInt64, _ report: OrderUpdate) {
    let venue = OrderNames.text(report.raw.pointee.venue_id)
    guard !OrderNames.isEmpty(venue) else { return }
    orders.name(id) { $0.venue = venue }
  }

  /// An order at the venue that no record here tells of: a manual one, which the host's own slot
  /// takes, or one of this session whose record was lost with the machine's power, which its slot
  /// gets back.
  private mutating func adopt(_ report: OrderUpdate) -> Change {
    let raw = report.raw.pointee
    let client = OrderNames.text(raw.client_id)
    guard !report.state.isTerminal, let side = Side(rawValue: raw.side), raw.qty > 0,
      let type = OrderType(rawValue: raw.order_type), let time = TimeInForce(rawValue: raw.tif),
      let leg = PositionSide(rawValue: raw.position_side),
      let instrument = instrument(report.instrument),
      !orders.hasFinished(client: client, venue: OrderNames.text(raw.venue_id))
    else { return unknown() }
    var slot: UInt32 = 0
    if let id = withUnsafeBytes(of: client, { ClientID($0) }), id.session == session,
      Int(id.slot) < positions.slots
    {
      slot = UInt32(id.slot)
    }
    let id = insert(slot: slot) { id in
      var order = Order(
        id: id, slot: slot, generation: 0, author: 0, intentID: 0, instrument: instrument.id,
        side: side, type: type, timeInForce: time, flags: raw.flags, limit: report.limit,
        quantity: report.quantity)
      order.account = instrument.account
      order.positionSide = leg
      order.trigger = report.trigger
      order.isSent = true
      // What it had filled before is part of the position already, or comes as a correction.
      order.filled = Swift.min(report.filled, report.quantity)
      order.reported = order.filled
      order.state = order.filled.isZero ? .accepted : .partiallyFilled
      return order
    }?.id
    guard let id else { return unknown() }
    orders.name(id) {
      $0.client = client
      $0.venue = OrderNames.text(raw.venue_id)
    }
    counts.externalOrders += 1
    return .order(id: id)
  }

  /// Adds a new order to the table and to what its slot has working.
  mutating func insert(slot: UInt32, _ make: (UInt64) -> Order) -> Order? {
    guard let id = orders.insert(slot: slot, make), let order = orders[id] else { return nil }
    positions.addWork(order, order.remaining.mantissa)
    portfolio.opened(
      order, positions.whole(slot, order.instrument),
      market: markets[order.instrument.index].valuation)
    let client = ClientID(session: session, start: start, slot: slot, order: id)
    orders.name(id) { names in
      withUnsafeMutableBytes(of: &names.client) { client.write(to: $0) }
    }
    return order
  }
}
