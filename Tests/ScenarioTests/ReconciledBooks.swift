import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport
import Testing

@testable import Sessions

/// A kernel with something to reconcile, and a venue that agrees with it until a test has it say
/// otherwise.
final class ReconciledBooks {
  struct Told {
    var orders: [keel_ev_order] = []
    var fills: [keel_ev_fill] = []
    var positions: [keel_ev_position] = []
    var balances: [keel_ev_balance] = []
    var tells = VenueTruth.Telling.all

    var truth: VenueTruth {
      var bytes = RecordBytes()
      orders.forEach { bytes.append($0) }
      fills.forEach { bytes.append($0) }
      positions.forEach { bytes.append($0) }
      balances.forEach { bytes.append($0) }
      return bytes.withRecords { VenueTruth(account: 0, tells: tells, records: $0) }
    }
  }

  static let perpetual = InstrumentID(rawValue: 0)
  private(set) var kernel: Kernel
  private(set) var directory = Directory()
  private var effects: Effects
  private var input = RecordBytes()
  private var time = Timestamp(nanoseconds: 1_000)
  /// What the venue was sent.
  private(set) var commands: [keel_order] = []
  /// What the slot's code answers to its next batch.
  private var answers: [keel_intent] = []
  private var answer = RecordBuffer(capacity: 4_096)

  init(acknowledged: Bool = true) throws {
    var limits = Limits()
    limits.slots = 4
    limits.instruments = 8
    limits.assets = 8
    limits.orders = 64
    limits.inboxBytes = 16_384
    limits.effectBytes = 65_536
    kernel = Kernel(session: 0xABC, limits: limits)
    effects = Effects(limits: limits)
    define()
    turn()
    kernel.attach(port, to: 1)
    quote()
    place(KEEL_BUY, 5, nil)
    turn()
    report(0, .accepted)
    input.append(fill(order: 0, quantity: 5, price: 100, execution: "v1"))
    turn()
    commands.removeAll()
    place(KEEL_BUY, 3, 90)
    place(KEEL_SELL, 4, 120)
    quote()
    turn()
    try #require(commands.count == 2)
    if acknowledged {
      report(0, .accepted)
      report(1, .accepted)
      turn()
    }
  }

  // MARK: the venue

  func truth() -> Told {
    var told = Told()
    told.orders = commands.map { command in
      var order = self.order(
        quantity: command.qty, limit: command.limit, client: FixedText.read(command.client_id),
        venue: "")
      order.side = command.side
      return order
    }
    told.fills = [fill(order: nil, quantity: 5, price: 100, execution: "v1")]
    var position = keel_ev_position()
    position.h = keel_event(
      KEEL_EV_POSITION, of: keel_ev_position.self, instrument: Self.perpetual)
    position.qty = self.position
    position.average = 100
    told.positions = [position]
    var balance = keel_ev_balance()
    balance.h = keel_event(KEEL_EV_BALANCE, of: keel_ev_balance.self)
    balance.asset = 2
    balance.exp = -8
    balance.total = Int64(kernel.state.cash[0, AssetID(rawValue: 2)].total / 100_000_000)
    told.balances = [balance]
    return told
  }

  func order(quantity: Int64, limit: Int64, client: String, venue: String) -> keel_ev_order {
    var order = keel_ev_order()
    order.h = keel_event(KEEL_EV_ORDER, of: keel_ev_order.self, instrument: Self.perpetual)
    order.qty = quantity
    order.limit = limit
    order.trigger = KEEL_NULL
    order.average = KEEL_NULL
    order.state = OrderState.accepted.rawValue
    order.side = UInt8(KEEL_BUY)
    order.order_type = OrderType.limit.rawValue
    order.tif = TimeInForce.goodTillCancelled.rawValue
    FixedText.write(client, to: &order.client_id)
    FixedText.write(venue, to: &order.venue_id)
    return order
  }

  func fill(order: Int?, quantity: Int64, price: Int64, execution: String) -> keel_ev_fill {
    var fill = keel_ev_fill()
    fill.h = keel_event(KEEL_EV_FILL, of: keel_ev_fill.self, instrument: Self.perpetual)
    fill.qty = quantity
    fill.px = price
    fill.side = UInt8(KEEL_BUY)
    fill.fee_asset = 2
    FixedText.write(execution, to: &fill.exec_id)
    if let order { fill.client_id = commands[order].client_id }
    return fill
  }

  func randomTruth(_ round: inout FuzzRound) -> Told {
    var told = truth()
    if round.chance(3) { told.orders.remove(at: round.number(0..<2)) }
    if round.chance(3) {
      told.orders.append(
        order(
          quantity: Int64(round.number(1..<9)), limit: Int64(round.number(50..<150)),
          client: round.chance(2) ? "manual" : "", venue: round.chance(3) ? "" : "v5"))
    }
    for _ in 0..<round.number(0..<4) {
      let execution = round.chance(3) ? "" : "x\(round.number(0..<3))"
      told.fills.append(
        fill(
          order: round.chance(2) ? round.number(0..<2) : nil,
          quantity: Int64(round.number(1..<6)), price: Int64(round.number(80..<130)),
          execution: execution))
    }
    told.positions[0].qty = Int64(round.number(-8..<12))
    told.positions[0].average = round.chance(3) ? KEEL_NULL : Int64(round.number(90..<110))
    told.balances[0].total += Int64(round.number(-5..<5))
    if round.chance(6) { told.positions[0].qty = round.pick([.max, .min, .min + 1]) }
    if round.chance(6) { told.balances[0].total = round.pick([.max, .min]) }
    if round.chance(8), !told.orders.isEmpty { told.orders[0].filled = round.pick([.max, -1, 2]) }
    if round.chance(8) { told.fills[0].px = round.pick([.max, .min, 0]) }
    if round.chance(8) { told.positions[0].h.inst = round.pick([7, .max]) }
    return told
  }

  // MARK: questions

  var position: Int64 { kernel.state.positions.account(Self.perpetual).quantity }
  func order(_ index: Int) -> Order? { kernel.state.orders[commands[index].order_id] }
  func openOrders(of slot: UInt32) -> Int { kernel.state.orders.openCount(of: slot) }
  func clientID(_ index: Int) -> String { FixedText.read(commands[index].client_id) }

  func reconcile(
    _ told: Told, _ tolerance: Reconciliation.Tolerance = Reconciliation.Tolerance()
  ) -> Reconciliation {
    Reconciliation.run(kernel.state, told.truth, tolerance: tolerance)
  }

  /// Reconciles, applies, and expects that nothing is left to do.
  @discardableResult
  func mend(
    _ told: Told, _ kinds: [ReconciliationDifference.Kind],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Reconciliation {
    let answer = reconcile(told)
    #expect(
      answer.outcome == .mended && answer.differences.map(\.kind) == kinds,
      "\(answer.words(directory))", sourceLocation: sourceLocation)
    apply(answer)
    let again = reconcile(told)
    #expect(
      again.outcome == .equal && again.words.isEmpty, "\(again.words(directory))",
      sourceLocation: sourceLocation)
    return answer
  }

  func apply(_ answer: borrowing Reconciliation) {
    answer.withRecords { records in for record in records { input.append(record.bytes) } }
    turn()
  }

  func cancel(_ index: Int) {
    report(index, .cancelled)
    turn()
  }

  // MARK: the kernel

  private func define() {
    var instrument = keel_ev_instrument()
    instrument.h = keel_event(
      KEEL_EV_INSTRUMENT, of: keel_ev_instrument.self, instrument: Self.perpetual)
    instrument.kind = InstrumentKind.perpetual.rawValue
    instrument.tick = 1
    instrument.lot = 1
    instrument.multiplier = 1
    instrument.expiry = KEEL_NULL
    instrument.strike = KEEL_NULL
    FixedText.write("P", to: &instrument.symbol)
    FixedText.write("B", to: &instrument.base_code)
    FixedText.write("U", to: &instrument.quote_code)
    FixedText.write("U", to: &instrument.settle_code)
    _ = directory.add(instrument)
    input.append(directory.instruments[0])
    var cash = keel_rec_cash()
    cash.h = keel_event(KEEL_REC_CASH, of: keel_rec_cash.self)
    cash.cause = UInt16(KEEL_CASH_DEPOSIT)
    cash.low = 1_000 * 10_000_000_000_000_000
    cash.asset = 2
    input.append(cash)
    var slot = keel_rec_slot()
    slot.h = keel_event(KEEL_REC_SLOT, of: keel_rec_slot.self)
    slot.h.size += 8
    slot.h.source = 1
    slot.cause = UInt32(KEEL_SLOT_STARTED)
    slot.generation = 1
    slot.kind = 2
    slot.types = 1 << UInt64(KEEL_EV_QUOTE)
    slot.instruments = 1
    input.append(slot)
    withUnsafeBytes(of: UInt64(0)) { input.append($0) }
  }

  private func quote() {
    var quote = keel_ev_quote()
    quote.h = keel_event(KEEL_EV_QUOTE, of: keel_ev_quote.self, instrument: Self.perpetual)
    (quote.bid, quote.bid_qty, quote.ask, quote.ask_qty) = (100, 9, 100, 9)
    input.append(quote)
  }

  private func place(_ side: Int, _ quantity: Int64, _ limit: Int64?) {
    var intent = keel_intent(.place, Self.perpetual)
    intent.intent_id = UInt64(kernel.sequence) * 8 + UInt64(answers.count) + 1
    intent.side = UInt8(side)
    intent.qty = quantity
    intent.limit = limit ?? KEEL_NULL
    intent.order_type = UInt8(limit == nil ? KEEL_MARKET : KEEL_LIMIT)
    intent.tif = UInt8(KEEL_GTC)
    answers.append(intent)
  }

  private func report(_ index: Int, _ state: OrderState) {
    var report = keel_ev_order()
    report.h = keel_event(KEEL_EV_ORDER, of: keel_ev_order.self, instrument: Self.perpetual)
    report.order_id = commands[index].order_id
    report.state = state.rawValue
    input.append(report)
  }

  private func turn() {
    time = time + Nanoseconds(1_000)
    var sequence = kernel.sequence
    let now = time
    input.forEachHeader { header in
      sequence += 1
      header.seq = sequence
      header.ts_recv = now.nanoseconds
    }
    input.withBytes { kernel.handle($0, last: sequence, at: now, into: &effects) }
    input = RecordBytes()
    kernel.checkInvariants()
    for record in effects.records.records where record.type == KEEL_CMD_SUBMIT {
      if let command = record.cast(to: keel_order.self)?.pointee { commands.append(command) }
    }
  }

  private var port: PluginPort {
    PluginPort(
      process: { context, _, records, size in
        let books = Unmanaged<ReconciledBooks>.fromOpaque(context!).takeUnretainedValue()
        books.answer.removeAll()
        for intent in books.answers { books.answer.append(intent) }
        books.answers.removeAll()
        records.pointee = books.answer.bytes.baseAddress
        size.pointee = books.answer.byteCount
        return keel_status(KEEL_OK)
      },
      context: Unmanaged.passUnretained(self).toOpaque())
  }
}
