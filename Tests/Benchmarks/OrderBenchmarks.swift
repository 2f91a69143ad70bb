import AllocationCounter
import JSON
import Kernel
import Market
import PluginABI
import PluginBridge
import Sessions

/// An order's whole way through the kernel, no plugin and no venue in it: asked for, assessed,
/// named, sent; then accepted and filled. Common limits are on. And what one order takes.
struct OrderBenchmarks {
  private static let runs = 7

  func run() {
    for size in [1, 64] {
      let loop = OrderLoop(ordersPerTurn: size)
      loop.run(2_000 / size)
      let rounds = 60_000 / size
      let before = allocation_counter_read()
      let times = Benchmark.time(runs: Self.runs, repetitions: rounds) { loop.run($0) }
      let allocations =
        Double(allocation_counter_read() - before) / Double(Self.runs * rounds * size)
      Benchmark(
        name: "orders.roundTrip, \(size) in a turn", unit: "ns/order", aim: 500
      ).report(
        times.map { $0 / Double(size) },
        [("allocationsPerOrder", .double(allocations < 0.001 ? 0 : allocations))])
    }
    let reports = OrderLoop(ordersPerTurn: 1)
    Benchmark(name: "turn.report, an order accepted again, no plugin", unit: "ns/event", aim: 100)
      .report(
        Benchmark.time(runs: Self.runs, repetitions: 300_000) { reports.repeatReport($0) })
    Benchmark.write([
      ("name", "memory"), ("unit", "bytes"),
      ("order", .integer(MemoryLayout<Order?>.stride)),
      ("position", .integer(MemoryLayout<Position>.stride)),
      ("instrument", .integer(MemoryLayout<Instrument?>.stride)),
      ("market", .integer(MemoryLayout<TopOfBook>.stride)),
    ])
  }
}

/// A kernel whose one slot answers every timer with orders, which the next turn accepts and fills.
private final class OrderLoop {
  private var kernel = Kernel(session: 1)
  private var effects = Effects()
  private var time: Int64 = 1_000_000_000
  private var input = RecordBuffer(capacity: 256 * 1_024)
  private let answer: UnsafeMutablePointer<RecordBuffer>
  private var intentID: UInt64 = 0
  private let count: Int
  private var execution: UInt64 = 0
  private var isBuying = true

  init(ordersPerTurn: Int) {
    count = ordersPerTurn
    answer = .allocate(capacity: 1)
    answer.initialize(to: RecordBuffer(capacity: 64 * 1_024))
    input.append(Quotes.instrument())
    LimitChange.record(
      [
        LimitChange(.orderWorth, .all, 100_000_000_000),
        LimitChange(.positionWorth, .all, 100_000_000_000),
        LimitChange(.priceCollar, .all, 50_000), LimitChange(.dataAge, .all, 5_000_000_000),
        LimitChange(.selfTrade, .all, 1), LimitChange(.orderLots, .all, 1_000_000_000),
      ], who: "benchmark", why: "start"
    ).withUnsafeBytes { _ = input.append($0) }
    input.append(Quotes.rate())
    let slot = Quotes.slot(types: 0)
    slot.withUnsafeBytes { _ = input.append($0) }
    turn()
    input.append(Quotes.quote(0, at: time))
    turn()
    kernel.attach(
      PluginPort(
        process: { context, _, records, bytes in
          let answer = context!.assumingMemoryBound(to: RecordBuffer.self)
          records.pointee = answer.pointee.bytes.baseAddress
          bytes.pointee = answer.pointee.byteCount
          return keel_status(KEEL_OK)
        }, context: UnsafeMutableRawPointer(answer)), to: 1)
  }

  deinit {
    answer.deinitialize(count: 1)
    answer.deallocate()
  }

  /// Orders out, then their reports in.
  func run(_ rounds: Int) {
    for _ in 0..<rounds {
      ask()
      turn()
      answerOrders()
      answer.pointee.removeAll()
      turn()
      isBuying.toggle()
    }
  }

  func repeatReport(_ times: Int) {
    if kernel.state.orders.openCount == 0 {
      ask()
      turn()
      answer.pointee.removeAll()
    }
    let id = kernel.state.orders.openOrder(at: 0).id
    for _ in 0..<times {
      input.append(Quotes.report(id))
      turn()
    }
  }

  private func ask() {
    answer.pointee.removeAll()
    let market = kernel.state.market(InstrumentID(rawValue: 0))
    for _ in 0..<count {
      intentID += 1
      var intent = keel_intent(.place, InstrumentID(rawValue: 0))
      intent.intent_id = intentID
      intent.qty = 1_000
      intent.limit = (isBuying ? market?.ask : market?.bid).abi
      intent.side = (isBuying ? Side.buy : .sell).rawValue
      intent.order_type = UInt8(KEEL_LIMIT)
      intent.tif = UInt8(KEEL_GTC)
      answer.pointee.append(intent)
    }
    var timer = keel_ev_timer()
    timer.h = keel_event(KEEL_EV_TIMER, of: keel_ev_timer.self)
    timer.h.source = 1
    input.append(timer)
  }

  private func answerOrders() {
    for record in effects.records.records where record.type == KEEL_CMD_SUBMIT {
      guard let order = record.cast(to: keel_order.self)?.pointee else { continue }
      input.append(Quotes.report(order.order_id))
      execution += 1
      input.append(Quotes.fill(order, execution))
    }
  }

  private func turn() {
    time += 1_000
    var last = kernel.sequence
    input.forEachMutable { header in
      last += 1
      header.pointee.seq = last
      header.pointee.ts_recv = time
    }
    kernel.handle(input.bytes, last: last, at: Timestamp(nanoseconds: time), into: &effects)
    input.removeAll()
  }
}
