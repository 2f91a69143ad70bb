import Kernel
import Market
import PluginABI
import PluginBridge

extension Reconciliation {
  // MARK: fills

  /// Fills that the venue names by an execution id: each counts once, whoever tells it.
  mutating func compareFills() {
    for fill in truth.fills where FixedText.read(fill.exec_id) != "" {
      guard let instrument = state.instrument(InstrumentID(rawValue: fill.h.inst)) else {
        refuseInstrument(fill.h.inst, "a fill of \(fill.qty)")
        continue
      }
      take(fill, instrument)
    }
    let nameless = truth.fills.contains { FixedText.read($0.exec_id) == "" }
    guard nameless, !truth.tells.contains(.positions) else { return }
    note(
      ReconciliationDifference(
        kind: .missingFill, outcome: .refused("without ids or positions nobody can tell"),
        local: "unknown", venue: "fills without execution ids"))
  }

  /// Books a fill unless it is booked.
  mutating func take(_ fill: keel_ev_fill, _ instrument: Instrument) {
    let before = state.counts
    var difference = ReconciliationDifference(
      kind: .missingFill, outcome: .mended, instrument: instrument.id, orderID: fill.order_id,
      local: "none", venue: "\(fill.qty) at \(fill.px) (\(FixedText.read(fill.exec_id)))")
    let isNews = attempt(fill) {
      $0.counts.duplicateFills == before.duplicateFills
        && $0.counts.refusedAmounts == before.refusedAmounts
        && $0.counts.unknownReports == before.unknownReports
    }
    if isNews {
      note(difference)
    } else if state.counts.duplicateFills == before.duplicateFills {
      difference.outcome = .refused("its numbers cannot be booked")
      note(difference)
    }
  }

  func difference(
    _ kind: ReconciliationDifference.Kind, _ order: Order, _ local: String, _ venue: String
  ) -> ReconciliationDifference {
    ReconciliationDifference(
      kind: kind, outcome: .mended, instrument: order.instrument, orderID: order.id, local: local,
      venue: venue)
  }

  mutating func refuseInstrument(_ number: UInt32, _ what: String) {
    note(
      ReconciliationDifference(
        kind: .instrument, outcome: .refused("instrument \(number) is not known here"),
        local: "unknown", venue: what))
  }

  // MARK: orders

  mutating func compareOrders() {
    var there: Set<UInt64> = []
    for order in truth.orders {
      let known = withUnsafePointer(to: order) { pointer in
        pointer.withMemoryRebound(to: keel_event.self, capacity: 1) { header in
          OrderUpdate(Record(header)).flatMap { state.order(named: $0) }
        }
      }
      if let known {
        there.insert(known.id)
        compare(known, order)
      } else {
        adopt(order)
      }
    }
    var gone: [Order] = []
    state.orders.forEachOpen { order in
      if order.isSent, order.account == truth.account, !there.contains(order.id) {
        gone.append(order)
      }
    }
    for order in gone.sorted(by: { $0.id < $1.id })
    where !adopted.contains(where: { $0 == order.id }) {
      end(order)
    }
  }

  /// Orders of the copy that came from this very truth.
  private var adopted: [UInt64] {
    differences.filter { $0.kind == .orderUnknown && $0.outcome == .mended }.map(\.orderID)
  }

  private mutating func compare(_ order: Order, _ venue: keel_ev_order) {
    guard order.isOpen else {
      var closed = difference(.orderState, order, "\(order.state)", "open")
      closed.outcome = .refused("what has ended here does not open again: cancel it there")
      return note(closed)
    }
    guard venue.h.inst == order.instrument.rawValue else {
      return refuseInstrument(venue.h.inst, "the order that is \(order.id) here")
    }
    let isOld = venue.limit == order.limit.abi && venue.qty == order.sentQuantity.mantissa
    let wanted = (order.wantedQuantity ?? order.quantity).mantissa - order.crossed.mantissa
    let isAsWanted = venue.limit == (order.wantedLimit ?? order.limit).abi && venue.qty == wanted
    guard isOld || isAsWanted else {
      var terms = difference(
        .orderTerms, order, "\(order.sentQuantity.mantissa) at \(order.limit.abi)",
        "\(venue.qty) at \(venue.limit)")
      terms.outcome = .refused("it was changed there")
      return note(terms)
    }
    let filled = order.filled.mantissa - order.crossed.mantissa
    guard venue.filled >= filled else {
      var less = difference(.orderState, order, "\(filled) filled", "\(venue.filled) filled")
      less.outcome = .refused("the venue has taken back what was filled")
      return note(less)
    }
    let isUnderWay = order.state != .accepted && order.state != .partiallyFilled
    guard venue.filled > filled || isUnderWay else { return }
    var report = venue
    report.order_id = order.id
    report.is_cumulative = venue.filled > filled ? 1 : 0
    report.state = OrderState.accepted.rawValue
    let isRefused =
      order.state == .pendingCancel || (order.state == .pendingAmend && !isAsWanted)
    report.reason = isRefused ? UInt16(KEEL_REASON_RECONCILED) : 0
    mend(
      report,
      difference(
        .orderState, order, "\(order.state), \(filled) filled", "open, \(venue.filled) filled"),
      orElse: "the report does not lead there"
    ) {
      guard let after = $0.orders[order.id] else { return false }
      return after.filled.mantissa - after.crossed.mantissa == venue.filled
        && (!after.isOpen || after.state == .accepted || after.state == .partiallyFilled)
    }
  }

  /// Open there and unknown here: it goes to the slot its client id names, or to the host's own.
  private mutating func adopt(_ venue: keel_ev_order) {
    let id = InstrumentID(rawValue: venue.h.inst)
    guard let instrument = state.instrument(id) else {
      return refuseInstrument(venue.h.inst, "an order of \(venue.qty)")
    }
    var unknown = ReconciliationDifference(
      kind: .orderUnknown, outcome: .mended, instrument: id, local: "none",
      venue: "\(venue.qty) at \(venue.limit), \(venue.filled) filled")
    let names = [FixedText.read(venue.client_id), FixedText.read(venue.venue_id)]
    guard names.contains(where: { $0 != "" }) else {
      unknown.outcome = .refused("it has no name to know it by")
      return note(unknown)
    }
    guard (venue.position_side != 0) == state.account(of: instrument).isHedging else {
      unknown.kind = .positionSide
      unknown.outcome = .refused("one nets, the other holds both sides")
      return note(unknown)
    }
    var report = venue
    report.order_id = 0
    report.state = OrderState.accepted.rawValue
    var newest: UInt64 = 0
    state.orders.forEachOpen { newest = Swift.max(newest, $0.id) }
    let before = state.counts.externalOrders
    let isTaken = attempt(report) { $0.counts.externalOrders == before + 1 }
    if isTaken {
      state.orders.forEachOpen { if $0.id > newest { unknown.orderID = $0.id } }
    } else {
      unknown.outcome = .refused("it is no order that can be taken over")
    }
    note(unknown)
  }

  private mutating func end(_ order: Order) {
    var report = order.update(for: order.author, at: state.now, sequence: 0)
    report.h.source = 0
    report.h.flags = 0
    report.state = OrderState.cancelled.rawValue
    report.reason = UInt16(KEEL_REASON_RECONCILED)
    report.filled = order.filled.mantissa - order.crossed.mantissa
    mend(
      report, difference(.orderGone, order, "\(order.state)", "gone"),
      orElse: "fills are owed that the venue does not tell"
    ) { $0.orders[order.id]?.isOpen != true }
  }
}
