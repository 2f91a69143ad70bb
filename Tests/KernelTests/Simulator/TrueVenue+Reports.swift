import Market
import PluginABI
import PluginBridge
import TestSupport

/// What the venue says, as the records an adapter would make of it.
extension TrueVenue {
  /// Where an order stands; a reason that refuses a change leaves it standing.
  mutating func say(_ index: Int, refusing: Int? = nil) {
    let order = orders[index]
    var record = keel_ev_order()
    record.h = keel_event(
      KEEL_EV_ORDER, of: keel_ev_order.self, instrument: InstrumentID(rawValue: order.instrument))
    // An adapter that has just come up knows the venue's names alone.
    record.order_id = chance(2) ? order.hostID : 0
    record.limit = order.limit
    record.trigger = order.trigger
    record.qty = order.quantity
    record.filled = order.filled
    record.average = KEEL_NULL
    record.account = SimulatedInstrument.of(order.instrument).account
    record.reason = UInt16(refusing ?? order.reason)
    record.state = order.state.rawValue
    record.side = order.side.rawValue
    record.order_type = order.type
    record.tif = order.time
    record.position_side = order.leg.rawValue
    record.flags = order.flags
    if isCumulative(order.instrument) {
      record.is_cumulative = 1
      record.average = order.average ?? KEEL_NULL
    }
    FixedText.write(order.client, to: &record.client_id)
    FixedText.write("v\(index)", to: &record.venue_id)
    say(record)
  }

  mutating func say(execution number: Int) {
    let execution = executions[number]
    // Where only totals are told, no fill is.
    guard !isCumulative(execution.instrument) else { return }
    var record = keel_ev_fill()
    record.h = keel_event(
      KEEL_EV_FILL, of: keel_ev_fill.self,
      instrument: InstrumentID(rawValue: execution.instrument))
    record.px = execution.price
    record.qty = execution.quantity
    record.fee = execution.fee
    record.fee_exp = -4
    record.fee_asset = 2
    record.side = execution.side.rawValue
    record.liquidity = UInt8(KEEL_TAKER)
    record.account = SimulatedInstrument.of(execution.instrument).account
    FixedText.write(execution.id, to: &record.exec_id)
    if let index = execution.order {
      record.order_id = chance(2) ? orders[index].hostID : 0
      record.position_side = orders[index].leg.rawValue
      FixedText.write(orders[index].client, to: &record.client_id)
    } else {
      record.is_external = 1
    }
    say(record)
  }

  /// It was asked about an order it has never seen.
  mutating func sayNotFound(_ command: keel_order) {
    var record = keel_ev_order()
    record.h = keel_event(
      KEEL_EV_ORDER, of: keel_ev_order.self, instrument: InstrumentID(rawValue: command.h.inst))
    record.order_id = command.order_id
    record.limit = KEEL_NULL
    record.trigger = KEEL_NULL
    record.average = KEEL_NULL
    record.state = OrderState.rejected.rawValue
    record.reason = UInt16(KEEL_REASON_NOT_FOUND)
    record.client_id = command.client_id
    say(record)
  }

  /// Everything since an execution: after a connection was lost, and at a start.
  mutating func replay(since first: Int) {
    for number in executions.indices.dropFirst(first) { say(execution: number) }
    for index in orders.indices
    where orders[index].isOpen || first == 0 || isCumulative(orders[index].instrument) {
      say(index)
    }
  }

  private mutating func say<C: BitwiseCopyable>(_ record: C) {
    var bytes = RecordBytes()
    bytes.append(record)
    say(bytes)
  }
}
