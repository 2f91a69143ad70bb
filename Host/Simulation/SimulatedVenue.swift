package import Market
import PluginABI
package import PluginBridge

/// A venue made of the market data it is shown: top of book, market and limit orders. Pure: time
/// comes in with the records, answers go out as records.
///
/// The rules, each in `SimulatedVenue+Matching.swift`:
/// - An order or cancel sent at t is at the venue at t + latency. It can fill only on data that
///   comes after it was sent and is not older than its arrival: never on what triggered it.
/// - A limit that does not reach the other side of the book it finds rests at once. Any other order
///   takes from the next quote: at the other side's price, up to the displayed quantity, which is
///   consumed once across all own orders. What is left rests (good till cancelled) or is cancelled
///   (immediate or cancel).
/// - A resting order fills at its limit: when the other side reaches it, when a trade goes through
///   it, or when trades at its price have used up the queue before it. The queue is what was
///   displayed when it joined, or when its price first became the best one; nobody joining behind
///   makes it longer, and it is never longer than what is displayed.
/// - Instruments without quotes fill from bars that opened after the order's arrival: market
///   orders at the open, limits at the open or, when the bar goes through them, at the limit.
package struct SimulatedVenue {
  struct Book {
    var instrument: Instrument?
    var bid: Price?
    var ask: Price?
    /// What is still displayed after own fills since the last quote.
    var bidLeft: Int64 = 0
    var askLeft: Int64 = 0
    var hasQuotes = false
  }
  private enum Arriving {
    case order(VenueOrder)
    case cancel(id: UInt64, arrival: Timestamp)
    case query(id: UInt64, InstrumentID, arrival: Timestamp)

    var arrival: Timestamp {
      switch self {
      case .order(let order): order.arrival
      case .cancel(_, let arrival), .query(_, _, let arrival): arrival
      }
    }
  }

  let model: VenueModel
  var books: [Book]
  var orders: [VenueOrder] = []
  private var pipe: [Arriving] = []
  private var pipeHead = 0
  private var executions: UInt64 = 0

  package init(model: VenueModel, instruments: Int) {
    self.model = model
    books = Array(repeating: Book(), count: instruments)
    orders.reserveCapacity(1_024)
    pipe.reserveCapacity(1_024)
  }

  package var openOrders: Int { orders.count }

  /// When the next order or cancel arrives; nil when none is on its way. Kept, because the session
  /// asks before every turn, and a call would copy the venue.
  package private(set) var nextArrival: Timestamp?

  /// Takes a command the host released at `now`. False for one it does not know how to execute.
  package mutating func send(_ command: Record, at now: Timestamp) -> Bool {
    guard let raw = command.cast(to: keel_order.self) else { return false }
    let arrival = now + model.latency
    switch command.type {
    case KEEL_CMD_SUBMIT:
      guard let order = VenueOrder(raw.pointee, arrival: arrival) else { return false }
      pipe.append(.order(order))
    case KEEL_CMD_CANCEL: pipe.append(.cancel(id: raw.pointee.order_id, arrival: arrival))
    case KEEL_CMD_QUERY:
      pipe.append(
        .query(id: raw.pointee.order_id, command.instrument, arrival: arrival))
    default: return false
    }
    nextArrival = pipe[pipeHead].arrival
    return true
  }

  /// Everything that has arrived by `now` is accepted, rejected or cancelled.
  package mutating func arrive(by now: Timestamp, into reports: inout RecordBuffer) {
    while pipeHead < pipe.count, pipe[pipeHead].arrival <= now {
      switch pipe[pipeHead] {
      case .order(var order):
        report(order, .accepted, at: order.arrival, into: &reports)
        restOnArrival(&order)
        orders.append(order)
      case .cancel(let id, let arrival):
        if let index = orders.firstIndex(where: { $0.id == id }) {
          report(orders[index], .cancelled, at: arrival, into: &reports)
          orders.remove(at: index)
        }
      case .query(let id, let instrument, let arrival):
        if let order = orders.first(where: { $0.id == id }) {
          report(order, .accepted, at: arrival, into: &reports)
        } else {
          reportMissing(id, instrument, at: arrival, into: &reports)
        }
      }
      pipeHead += 1
    }
    if pipeHead == pipe.count {
      pipe.removeAll(keepingCapacity: true)
      pipeHead = 0
    }
    nextArrival = pipeHead < pipe.count ? pipe[pipeHead].arrival : nil
  }

  /// Shows the venue one record of market data, before any strategy sees it.
  package mutating func see(_ record: Record, into reports: inout RecordBuffer) {
    let index = record.instrument.index
    guard index < books.count else { return }
    switch record.type {
    case KEEL_EV_INSTRUMENT:
      // The first definition stands: what has been traded by it was counted by it.
      books[index].instrument = books[index].instrument ?? InstrumentDefinition(record)?.instrument
    case KEEL_EV_QUOTE: if let quote = Quote(record) { match(quote, index, into: &reports) }
    case KEEL_EV_TRADE: if let trade = Trade(record) { match(trade, index, into: &reports) }
    case KEEL_EV_BAR:
      if let bar = Bar(record), !books[index].hasQuotes { match(bar, index, into: &reports) }
    default: break
    }
  }

  func report(
    _ order: VenueOrder, _ state: OrderState, reason: Int = KEEL_REASON_NONE, at time: Timestamp,
    into reports: inout RecordBuffer
  ) {
    var record = keel_ev_order()
    record.h = keel_event(
      KEEL_EV_ORDER, of: keel_ev_order.self, instrument: order.instrument, time: time)
    record.h.ts_venue = time.nanoseconds
    record.order_id = order.id
    record.limit = order.limit.abi
    record.trigger = KEEL_NULL
    record.average = KEEL_NULL
    record.qty = order.remaining.mantissa
    record.reason = UInt16(reason)
    record.state = state.rawValue
    record.side = order.side.rawValue
    record.order_type = order.type.rawValue
    record.tif = order.timeInForce.rawValue
    Self.append(record, to: &reports)
  }

  /// Asked about an order that is not here, it says so: what it has done it has told.
  private func reportMissing(
    _ id: UInt64, _ instrument: InstrumentID, at time: Timestamp,
    into reports: inout RecordBuffer
  ) {
    var record = keel_ev_order()
    record.h = keel_event(
      KEEL_EV_ORDER, of: keel_ev_order.self, instrument: instrument, time: time)
    record.h.ts_venue = time.nanoseconds
    record.order_id = id
    record.limit = KEEL_NULL
    record.trigger = KEEL_NULL
    record.average = KEEL_NULL
    record.state = OrderState.rejected.rawValue
    record.reason = UInt16(KEEL_REASON_NOT_FOUND)
    Self.append(record, to: &reports)
  }

  mutating func fill(
    _ order: VenueOrder, _ quantity: Quantity, at price: Price, _ liquidity: Liquidity,
    _ instrument: Instrument, time: Timestamp, into reports: inout RecordBuffer
  ) {
    executions += 1
    var record = keel_ev_fill()
    record.h = keel_event(
      KEEL_EV_FILL, of: keel_ev_fill.self, instrument: order.instrument, time: time)
    record.h.ts_venue = time.nanoseconds
    record.order_id = order.id
    record.px = price.mantissa
    record.qty = quantity.mantissa
    record.side = order.side.rawValue
    record.liquidity = liquidity.rawValue
    record.fee_exp = Self.feeExponent
    record.fee = fee(instrument.notional(price, quantity), liquidity)
    record.fee_asset = instrument.settlement.rawValue
    writeExecutionID(to: &record)
    Self.append(record, to: &reports)
  }

  /// What the venue has done is told, whatever it takes.
  private static func append<C: BitwiseCopyable>(_ record: C, to reports: inout RecordBuffer) {
    precondition(reports.append(record) != nil, "the caller makes room for every order's report")
  }

  private static let feeExponent: Int8 = -8

  private func fee(_ notional: Money?, _ liquidity: Liquidity) -> Int64 {
    let rate =
      liquidity == .maker ? model.makerFeePartsPerMillion : model.takerFeePartsPerMillion
    guard let notional, rate != 0 else { return 0 }
    // Rounded once. A worth too large to be multiplied is divided first: its rest is nothing.
    let divisor: Int128 = 1_000_000 * 100_000_000
    let (product, overflow) = notional.units.multipliedReportingOverflow(by: Int128(rate))
    return Int64(
      clamping: overflow
        ? FixedPoint.divideHalfToEven(notional.units, by: divisor) * Int128(rate)
        : FixedPoint.divideHalfToEven(product, by: divisor))
  }

  /// "s" and the execution's number in decimal.
  private func writeExecutionID(to record: inout keel_ev_fill) {
    withUnsafeMutableBytes(of: &record.exec_id) { bytes in
      bytes[0] = UInt8(ascii: "s")
      var length = 1
      var power: UInt64 = 1
      while executions / power >= 10 { power *= 10 }
      while power > 0 {
        bytes[length] = UInt8(ascii: "0") + UInt8(executions / power % 10)
        length += 1
        power /= 10
      }
    }
  }
}
