import AllocationCounter
import JSON
import Market
import PluginABI
import PluginBridge
import Simulation

/// The simulated venue by itself: market data with own orders at rest and without, and an order's
/// way from its submission to its fill.
struct VenueBenchmarks {
  func run() {
    for resting in [0, 20, 1_000] {
      let loop = VenueLoop(resting: resting)
      measure("venue.quote, \(resting) orders at rest", "ns/quote", resting == 0 ? 10 : 30) {
        loop.quotes($0)
      }
    }
    let queued = VenueLoop(resting: 20, atBest: true)
    measure("venue.quote, 20 orders at the best price", "ns/quote", nil) { queued.quotes($0) }
    let trades = VenueLoop(resting: 20)
    measure("venue.trade, 20 orders at rest", "ns/trade", nil) { trades.trades($0) }
    for resting in [0, 20] {
      let books = VenueLoop(resting: resting, hasBook: true)
      measure("venue.book delta, \(resting) orders at rest", "ns/delta", nil) { books.deltas($0) }
    }
    let orders = VenueLoop(resting: 0)
    measure("venue.market order, submitted to filled", "ns/order", 150) { orders.marketOrders($0) }
    let cancels = VenueLoop(resting: 20)
    measure("venue.limit order, submitted to cancelled", "ns/order", nil) { cancels.limits($0) }
  }

  private func measure(
    _ name: String, _ unit: String, _ aim: Double?, _ body: (Int) -> Void
  ) {
    let repetitions = 200_000
    body(repetitions)
    let before = allocation_counter_read()
    let times = Benchmark.time(repetitions: repetitions, body)
    let allocations = Double(allocation_counter_read() - before) / Double(7 * repetitions)
    Benchmark(name: name, unit: unit, aim: aim)
      .report(times, [("allocations", .double(allocations < 0.0001 ? 0 : allocations))])
  }
}

/// A venue of one instrument, and records that are changed in place and shown to it again.
private final class VenueLoop {
  private let venue: SimulatedVenue
  private var reports = RecordBuffer(capacity: 1 << 20)
  private let record = UnsafeMutableRawPointer.allocate(byteCount: 512, alignment: 16)
  private var time: Int64 = 1_000
  private var orderID: UInt64 = 0
  private var sequence: UInt64 = 1

  init(resting: Int, atBest: Bool = false, hasBook: Bool = false) {
    var model = VenueModel()
    model.fees = FeeModel(maker: 200, taker: 500)
    venue = SimulatedVenue(model: model, instruments: 64)
    show(Quotes.instrument())
    show(Quotes.quote(0, at: time))
    if hasBook { showBook() }
    for index in 0..<resting {
      send(limit: 3_999_000 - (atBest ? -1_000 : Int64(index) * 10), quantity: 100)
      arrive()
    }
    reports.removeAll()
  }

  deinit { record.deallocate() }

  func quotes(_ count: Int) {
    record.storeBytes(of: Quotes.quote(0, at: time), as: keel_ev_quote.self)
    let quote = record.assumingMemoryBound(to: keel_ev_quote.self)
    for index in 0..<Int64(count) {
      time += 1_000
      quote.pointee.h.ts_recv = time
      quote.pointee.bid = 4_000_000 + index & 15
      quote.pointee.ask = 4_000_010 + index & 15
      see()
    }
  }

  func trades(_ count: Int) {
    var trade = keel_ev_trade()
    trade.h = keel_event(
      KEEL_EV_TRADE, of: keel_ev_trade.self, instrument: InstrumentID(rawValue: 0))
    record.storeBytes(of: trade, as: keel_ev_trade.self)
    let place = record.assumingMemoryBound(to: keel_ev_trade.self)
    place.pointee.qty = 1_000
    for index in 0..<Int64(count) {
      time += 1_000
      place.pointee.h.ts_recv = time
      place.pointee.px = 4_000_000 + index & 15
      see()
    }
  }

  func deltas(_ count: Int) {
    let place = record.assumingMemoryBound(to: keel_ev_book.self)
    record.storeBytes(of: level(KEEL_BOOK_SET, KEEL_BUY, 0, 1), as: keel_ev_book.self)
    place.pointee.h.flags = UInt16(KEEL_EVF_LAST)
    for index in 0..<Int64(count) {
      time += 1_000
      let isBid = index & 1 == 0
      place.pointee.h.ts_recv = time
      place.pointee.side = UInt8(isBid ? KEEL_BUY : KEEL_SELL)
      place.pointee.px = isBid ? 3_999_999 - index & 7 : 4_000_010 + index & 7
      place.pointee.qty = 500 + index & 63
      place.pointee.venue_seq_prev = sequence
      sequence += 1
      place.pointee.venue_seq = sequence
      see()
    }
  }

  /// Submitted, accepted, and filled by the next quote.
  func marketOrders(_ count: Int) {
    for index in 0..<count {
      time += 1_000
      send(limit: KEEL_NULL, quantity: 100, isBuy: index & 1 == 0)
      arrive()
      record.storeBytes(of: Quotes.quote(0, at: time), as: keel_ev_quote.self)
      see()
      reports.removeAll()
    }
  }

  func limits(_ count: Int) {
    for _ in 0..<count {
      time += 1_000
      send(limit: 3_999_500, quantity: 100)
      arrive()
      record.assumingMemoryBound(to: keel_order.self).pointee.h.type = UInt16(KEEL_CMD_CANCEL)
      _ = venue.send(command, at: Timestamp(nanoseconds: time))
      arrive()
      reports.removeAll()
    }
  }

  private var command: Record { Record(record.assumingMemoryBound(to: keel_event.self)) }

  private func send(limit: Int64, quantity: Int64, isBuy: Bool = true) {
    orderID += 1
    var order = keel_order()
    order.h = keel_event(
      KEEL_CMD_SUBMIT, of: keel_order.self, instrument: InstrumentID(rawValue: 0))
    order.order_id = orderID
    order.qty = quantity
    order.limit = limit
    (order.trigger, order.trail, order.expires) = (KEEL_NULL, KEEL_NULL, KEEL_NULL)
    order.side = (isBuy ? Side.buy : .sell).rawValue
    order.order_type = UInt8(limit == KEEL_NULL ? KEEL_MARKET : KEEL_LIMIT)
    order.tif = UInt8(KEEL_GTC)
    record.storeBytes(of: order, as: keel_order.self)
    if !venue.send(command, at: Timestamp(nanoseconds: time)) {
      Benchmark.fail("the venue does not take the order that is measured")
    }
  }

  private func arrive() { venue.arrive(by: Timestamp(nanoseconds: time), into: &reports) }
  private func see() { venue.see(command, into: &reports) }

  private func show<C: BitwiseCopyable>(_ value: C) {
    record.storeBytes(of: value, as: C.self)
    see()
  }

  private func showBook() {
    func show(_ action: Int, _ side: Int, _ price: Int64, isLast: Bool = false) {
      var level = level(action, side, price, 500)
      level.h.flags = UInt16(KEEL_EVF_SNAPSHOT | (isLast ? KEEL_EVF_LAST : 0))
      self.show(level)
    }
    show(KEEL_BOOK_CLEAR, 0, 0)
    for index in 0..<100 as Range<Int64> {
      show(KEEL_BOOK_SET, KEEL_BUY, 3_999_999 - index)
      show(KEEL_BOOK_SET, KEEL_SELL, 4_000_010 + index, isLast: index == 99)
    }
  }

  private func level(_ action: Int, _ side: Int, _ price: Int64, _ quantity: Int64) -> keel_ev_book
  {
    var level = keel_ev_book()
    level.h = keel_event(
      KEEL_EV_BOOK, of: keel_ev_book.self, instrument: InstrumentID(rawValue: 0))
    (level.action, level.side) = (UInt8(action), UInt8(side))
    (level.px, level.qty, level.venue_seq) = (price, quantity, sequence)
    return level
  }
}
