import Market
import PluginABI
import PluginBridge

/// Where it is switched on, orders of different slots that would trade with each other do so in the
/// host: at the middle of the market, without a fee. Neither shows at the venue.
extension Kernel {
  /// Crosses what is about to leave with this turn, oldest first.
  @inline(__always)
  mutating func cross(into effects: inout Effects) {
    if router.leaving.count > 1, risk.limits[.crossing] == 1 { crossLeaving(into: &effects) }
  }

  private mutating func crossLeaving(into effects: inout Effects) {
    for second in router.leaving.indices {
      for first in 0..<second {
        guard let taker = crossable(router.leaving[second]) else { break }
        guard let maker = crossable(router.leaving[first]), maker.slot != taker.slot,
          maker.instrument == taker.instrument, maker.side != taker.side,
          let price = middle(of: taker.instrument), maker.accepts(price), taker.accepts(price)
        else { continue }
        let amount = Swift.min(maker.remaining, taker.remaining)
        let bytes = MemoryLayout<keel_ev_fill>.size
        guard effects.hasRoom(for: 2 * bytes) else { return }
        fill(maker, amount, at: price, into: &effects)
        fill(taker, amount, at: price, into: &effects)
      }
    }
  }

  private func crossable(_ id: UInt64) -> Order? {
    guard let order = state.orders[id], order.state == .pending, !order.isSent,
      !order.isPostOnly
    else { return nil }
    return order
  }

  /// Rounded half to even to what a price can be.
  private func middle(of instrument: InstrumentID) -> Price? {
    guard let market = state.market(instrument), market.isTrading, let bid = market.bid,
      let ask = market.ask, bid <= ask, bid.mantissa > 0
    else { return nil }
    let sum = Int128(bid.mantissa) + Int128(ask.mantissa)
    return Int64(exactly: FixedPoint.divideHalfToEven(sum, by: 2)).map(Price.init(mantissa:))
  }

  private mutating func fill(
    _ order: Order, _ amount: Quantity, at price: Price, into effects: inout Effects
  ) {
    var record = keel_ev_fill()
    record.h = keel_event(
      KEEL_EV_FILL, of: keel_ev_fill.self, instrument: order.instrument)
    record.order_id = order.id
    record.intent_id = order.intentID
    record.px = price.mantissa
    record.qty = amount.mantissa
    record.generation = order.generation
    record.side = order.side.rawValue
    record.position_side = order.positionSide.rawValue
    record.account = order.account
    guard let stamped = effects.append(record, source: order.slot) else { return }
    var before = order
    before.crossed = order.crossed + amount
    state.orders.modify(order.id) { $0.crossed = before.crossed }
    let change = state.apply(Record(UnsafePointer(stamped)))
    if let instrument = state.instrument(order.instrument),
      let value = instrument.value(price, signed: amount.mantissa)
    {
      state.orders.modify(order.id) {
        $0.crossedValue += value.units
        // What is left is still to be sent, and unknown to the venue.
        if $0.isOpen { $0.state = .pending }
      }
    }
    slots.deliver(Record(UnsafePointer(stamped)), change, state)
    settleGroup(of: order.id, into: &effects)
  }
}

extension Order {
  /// Whether it may trade at this price.
  fileprivate func accepts(_ price: Price) -> Bool {
    guard let limit, tradesAs == .limit else { return true }
    return side == .buy ? price <= limit : price >= limit
  }
}
