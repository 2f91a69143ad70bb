import Market
import PluginABI
import PluginBridge

/// What the venue says.
extension MatchingEngine {
  mutating func report(
    _ order: borrowing VenueOrder, _ state: OrderState, reason: Int = KEEL_REASON_NONE,
    at time: Int64, _ reports: inout RecordBuffer
  ) {
    var record = keel_ev_order()
    record.h = keel_event(KEEL_EV_ORDER, of: keel_ev_order.self)
    let time = barTime ?? time
    record.h.inst = order.instrument
    record.h.ts_recv = time
    record.h.ts_venue = time
    record.order_id = order.id
    record.limit = order.limit
    record.trigger = order.trigger
    record.average = KEEL_NULL
    record.qty = order.quantity
    record.filled = order.filled
    record.account = model.account
    record.reason = UInt16(truncatingIfNeeded: reason)
    record.state = state.rawValue
    record.side = order.side.rawValue
    record.order_type = order.type.rawValue
    record.tif = order.timeInForce.rawValue
    record.position_side = order.positionSide
    record.flags = order.flags
    tell(record, at: time, &reports)
  }

  /// Asked about an order that is not here, it says so: what it has done it has told.
  mutating func reportMissing(
    _ id: UInt64, _ instrument: UInt32, at time: Int64, _ reports: inout RecordBuffer
  ) {
    var record = keel_ev_order()
    record.h = keel_event(KEEL_EV_ORDER, of: keel_ev_order.self)
    record.h.inst = instrument
    record.h.ts_recv = time
    record.h.ts_venue = time
    record.order_id = id
    record.limit = KEEL_NULL
    record.trigger = KEEL_NULL
    record.average = KEEL_NULL
    record.account = model.account
    record.state = OrderState.rejected.rawValue
    record.reason = UInt16(KEEL_REASON_NOT_FOUND)
    tell(record, at: time, &reports)
  }

  /// How it stands, for an order that is open.
  mutating func standing(_ order: borrowing VenueOrder) -> OrderState {
    order.filled > 0 ? .partiallyFilled : .accepted
  }

  mutating func tell<C: BitwiseCopyable>(
    _ record: C, at time: Int64, _ reports: inout RecordBuffer
  ) {
    if tellsAtOnce {
      precondition(reports.append(record) != nil, "the caller makes room for every order's report")
      return
    }
    var due = time.addingReportingOverflow(
      model.reportLatency.delay(at: time, &reportRandom)
    ).partialValue
    if hasOutages, let outage = model.faults.outage(at: due) { due = outage.end.nanoseconds }
    if due <= time, reportsUnderWay.firstDue == .max {
      withUnsafeBytes(of: record) { Self.append($0, &reports) }
      return
    }
    withUnsafeBytes(of: record) { reportsUnderWay.append($0, due: due) }
  }

  /// What the venue has done is told, whatever it takes.
  static func append(_ bytes: UnsafeRawBufferPointer, _ reports: inout RecordBuffer) {
    precondition(reports.append(bytes) != nil, "the caller makes room for every order's report")
  }

  mutating func delay(_ record: Record, from source: UInt32, at now: Int64) {
    let delay = model.feedLatency.delay(at: now, &feedRandom)
    dataUnderWay.append(
      record.bytes, source: source, due: now.addingReportingOverflow(delay).partialValue)
  }
}
