import Market
import PluginABI
import PluginBridge

/// What the host asks for.
extension MatchingEngine {
  mutating func send(_ record: Record, at now: Int64) -> Bool {
    guard let command = record.cast(to: keel_order.self) else { return false }
    switch record.type {
    case KEEL_CMD_SUBMIT:
      guard Int(command.pointee.h.inst) < marketCount,
        VenueOrder(command.pointee, arrival: now) != nil
      else { return false }
    case KEEL_CMD_AMEND: guard command.pointee.qty > 0 else { return false }
    case KEEL_CMD_CANCEL, KEEL_CMD_QUERY: break
    default: return false
    }
    if model.faults.lossesPerMillion > 0,
      faultRandom.happens(model.faults.lossesPerMillion)
    {
      return true
    }
    var arrival = now.addingReportingOverflow(
      model.orderLatency.delay(at: now, &orderRandom)
    ).partialValue
    if hasOutages, let outage = model.faults.outage(at: arrival) {
      if outage.outage == .loses { return true }
      arrival = outage.end.nanoseconds
    }
    lastArrival = Swift.max(lastArrival, arrival)
    commands.append(VenueCommand(order: command.pointee, arrival: lastArrival))
    return true
  }

  mutating func take(
    _ command: UnsafeMutablePointer<VenueCommand>, _ reports: inout RecordBuffer
  ) {
    let time = command.pointee.arrival
    let id = command.pointee.order.order_id
    switch Int(command.pointee.order.h.type) {
    case KEEL_CMD_SUBMIT:
      if let order = VenueOrder(command.pointee.order, arrival: time) {
        submit(order, expires: command.pointee.order.expires, at: time, &reports)
      }
    case KEEL_CMD_AMEND:
      if let slot = orders.find(id) { amend(slot, command.pointee.order, at: time, &reports) }
    case KEEL_CMD_CANCEL:
      if let slot = orders.find(id) {
        end(slot, .cancelled, at: time, &reports)
      }
    default:
      if let slot = orders.find(id) {
        let order = orders[slot].pointee
        report(order, standing(order), at: time, &reports)
      } else {
        reportMissing(id, command.pointee.order.h.inst, at: time, &reports)
      }
    }
  }

  private mutating func submit(
    _ asked: VenueOrder, expires: Int64, at time: Int64, _ reports: inout RecordBuffer
  ) {
    var order = asked
    let market = market(Int(order.instrument))
    order.expires = end(of: order, expires, at: time)
    if let reason = refusal(of: order, market, at: time) {
      report(order, .rejected, reason: reason, at: time, &reports)
      return
    }
    let reason = order.type == .market ? staleness(market, at: time) : KEEL_REASON_NONE
    order.isTold = reason != KEEL_REASON_NONE
    report(order, .accepted, reason: reason, at: time, &reports)
    let slot = orders.insert(order)
    market.pointee.orderCount += 1
    if order.expires != .max { deadlines.insert(0 &- order.expires, slot) }
    place(slot, market, at: time, &reports)
  }

  /// Puts an order where it belongs: one that is new, or has given up its place.
  mutating func place(
    _ slot: Slot, _ market: Market, at time: Int64, _ reports: inout RecordBuffer
  ) {
    let order = orders[slot]
    if order.pointee.type.hasTrigger {
      hold(slot, market)
      return
    }
    if market.pointee.hasBook, order.pointee.hasLimit, !order.pointee.isImmediate {
      let other = order.pointee.side == .buy ? market.pointee.ask : market.pointee.bid
      let isThere = other != VenueMarket.noBid && other != VenueMarket.noAsk
      if !isThere || !order.pointee.accepts(other) {
        rest(slot, market, at: time, &reports)
        return
      }
    }
    wait(slot, market)
    guard model.taking == .standingPrices, market.pointee.isPriced, market.pointee.isTrading
    else { return }
    decide(slot, market, at: time, &reports)
    refresh(market)
  }

  mutating func end(of order: VenueOrder, _ expires: Int64, at time: Int64) -> Int64 {
    switch order.timeInForce {
    case .goodTillDate: return expires
    case .day:
      guard expires == KEEL_NULL else { return expires }
      let day: Int64 = 86_400_000_000_000
      let (since, overflow) = time.subtractingReportingOverflow(model.dayStart.count)
      guard !overflow else { return .max }
      let begun = since - ((since % day) + day) % day
      return begun.addingReportingOverflow(day &+ model.dayStart.count).partialValue
    default: return .max
    }
  }

  /// Why the venue does not take an order; nil when it does.
  private mutating func refusal(
    of order: VenueOrder, _ market: Market, at time: Int64
  ) -> Int? {
    if orders.find(order.id) != nil { return KEEL_REASON_DUPLICATE_ORDER }
    guard let instrument = market.pointee.instrument else { return KEEL_REASON_UNKNOWN_INSTRUMENT }
    if market.pointee.hasExpired { return KEEL_REASON_EXPIRED }
    if !market.pointee.isTrading { return KEEL_REASON_HALTED }
    if order.expires <= time { return KEEL_REASON_TIME_IN_FORCE }
    if order.hasLimit, order.limit % instrument.tick.mantissa != 0 { return KEEL_REASON_OFF_TICK }
    if order.trigger != KEEL_NULL, order.trigger % instrument.tick.mantissa != 0 {
      return KEEL_REASON_OFF_TICK
    }
    if order.quantity % instrument.lot.mantissa != 0 { return KEEL_REASON_OFF_LOT }
    if !order.isReduceOnly {
      if order.quantity < instrument.quantityMin.mantissa { return KEEL_REASON_BELOW_MINIMUM }
      if order.hasLimit, instrument.notionalMin.units > 0,
        let worth = instrument.notional(
          Price(mantissa: order.limit), Quantity(mantissa: order.quantity)),
        worth.units < instrument.notionalMin.units
      {
        return KEEL_REASON_BELOW_NOTIONAL
      }
    } else if !order.type.hasTrigger, market.pointee.reducible(order.side, order.leg) == 0 {
      return KEEL_REASON_REDUCE_ONLY
    }
    if model.faults.rejectsPerMillion > 0,
      faultRandom.happens(model.faults.rejectsPerMillion)
    {
      return KEEL_REASON_VENUE
    }
    return model.margin.isWatched ? marginRefusal(of: order, market, instrument) : nil
  }
}
