import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport

/// A venue outside the kernel that is right by being simple: it knows orders by their client id,
/// keeps every fill, and holds the truth that the kernel must end with.
struct TrueVenue {
  struct Execution {
    let id: String
    let price: Int64
    let quantity: Int64
    let fee: Int64
    /// Of which order; nil for what none stands behind.
    let order: Int?
    let instrument: UInt32
    let side: Side
  }
  struct Order {
    var client: String
    /// The host's number, 0 for what was placed by hand.
    var hostID: UInt64
    /// Whose it is: the host sends that along, and it is the host's own for what was not its.
    var slot: UInt32
    var instrument: UInt32
    var side: Side
    var leg: PositionSide
    var type: UInt8
    var time: UInt8
    var flags: UInt8
    var limit: Int64
    var trigger: Int64
    var expires: Int64
    var quantity: Int64
    var filled: Int64 = 0
    /// Price times quantity of what is filled.
    var turnover: Int128 = 0
    /// Of what is filled, as it was settled.
    var value: Int128 = 0
    var executions: [Int] = []
    var state = OrderState.accepted
    var reason = KEEL_REASON_NONE

    var isOpen: Bool { !state.isTerminal }
    var left: Int64 { quantity - filled }
    var average: Int64? {
      filled == 0
        ? nil : Int64(SimulatedInstrument.divide(turnover, by: Int128(filled)))
    }
  }

  private(set) var orders: [Order] = []
  private(set) var executions: [Execution] = []
  private(set) var book = SlowBook()
  /// What it says, oldest first, until it is taken.
  private var said: [RecordBytes] = []
  /// What it says until it is heard: nobody would think of asking for it.
  private var insisted: [RecordBytes] = []
  private var byClient: [String: Int] = [:]
  private(set) var duplicates = 0
  var random: SeededGenerator

  init(random: SeededGenerator) { self.random = random }

  mutating func takeReports() -> [RecordBytes] {
    defer { said = [] }
    return said
  }

  mutating func takeInsisted() -> [RecordBytes] {
    defer { insisted = [] }
    return insisted
  }

  /// Money comes and goes by itself.
  mutating func change(_ account: UInt16, _ asset: UInt32, _ amount: Int128) {
    book.change(account, asset, amount)
  }
  mutating func fund(_ instrument: UInt32, rate: Int64, mark: Int64) {
    book.fund(instrument, rate: rate, mark: mark)
  }

  // MARK: commands

  mutating func receive(_ command: keel_order, market: (UInt32) -> Int64) {
    let client = FixedText.read(command.client_id)
    let known = byClient[client]
    switch Int(command.h.type) {
    case KEEL_CMD_SUBMIT:
      guard known == nil else {
        duplicates += 1
        return
      }
      open(command, client, market: market)
    case KEEL_CMD_CANCEL:
      guard let known else { return sayNotFound(command) }
      cancel(known, market: market)
    case KEEL_CMD_AMEND:
      guard let known else { return sayNotFound(command) }
      amend(known, command)
    default:
      guard let known else { return sayNotFound(command) }
      repeatAll(of: known)
    }
  }

  private mutating func open(_ command: keel_order, _ client: String, market: (UInt32) -> Int64) {
    guard let side = Side(rawValue: command.side),
      let leg = PositionSide(rawValue: command.position_side)
    else { return }
    var order = Order(
      client: client, hostID: command.order_id, slot: command.h.source,
      instrument: command.h.inst, side: side, leg: leg, type: command.order_type,
      time: command.tif, flags: command.flags, limit: command.limit, trigger: command.trigger,
      expires: command.expires, quantity: command.qty)
    let isTooMuch = command.qty > 1 << 32 || command.limit > 1 << 40
    if isTooMuch || chance(12) {
      order.state = .rejected
      order.reason = KEEL_REASON_VENUE
    }
    let index = add(order)
    say(index)
    guard orders[index].isOpen else { return }
    let isImmediate = Int(order.type) == KEEL_MARKET
    let isAllOrNone = Int(order.time) == KEEL_FOK
    if isImmediate || isAllOrNone || Int(order.time) == KEEL_IOC {
      if isAllOrNone {
        if chance(2) { fill(index, order.quantity, market: market) }
      } else if !chance(5) {
        for _ in 0..<number(1...3) { fillSome(index, market: market) }
      }
      if orders[index].isOpen { end(index, .cancelled, KEEL_REASON_NO_LIQUIDITY) }
    }
  }

  private mutating func cancel(_ index: Int, market: (UInt32) -> Int64) {
    guard orders[index].isOpen else { return say(index) }
    if chance(6) { fillSome(index, market: market) }
    guard orders[index].isOpen else { return say(index) }
    if chance(10) { return say(index, refusing: KEEL_REASON_VENUE) }
    end(index, .cancelled, KEEL_REASON_NONE)
  }

  private mutating func amend(_ index: Int, _ command: keel_order) {
    guard orders[index].isOpen else { return say(index) }
    guard command.qty > orders[index].filled, command.qty <= 1 << 32, command.limit <= 1 << 40,
      !chance(4)
    else { return say(index, refusing: KEEL_REASON_VENUE) }
    orders[index].quantity = command.qty
    orders[index].limit = command.limit
    orders[index].trigger = command.trigger
    say(index)
  }

  /// The whole story of an order: its fills, and where it stands.
  private mutating func repeatAll(of index: Int) {
    for execution in orders[index].executions { say(execution: execution) }
    say(index)
  }

  private mutating func add(_ order: Order) -> Int {
    byClient[order.client] = orders.count
    orders.append(order)
    return orders.count - 1
  }

  // MARK: what happens there

  /// One moment of the venue's own life.
  mutating func live(at now: Int64, market: (UInt32) -> Int64) {
    for index in orders.indices where orders[index].isOpen {
      if orders[index].expires != KEEL_NULL, now >= orders[index].expires {
        end(index, .expired, KEEL_REASON_NONE)
      } else if chance(8) {
        fillSome(index, market: market)
      } else if chance(40) {
        end(index, chance(2) ? .expired : .cancelled, KEEL_REASON_VENUE)
        if chance(2) { correct(index, market: market) }
      }
    }
    if chance(40) { placeByHand(market: market) }
    if chance(60) { liquidate(market: market) }
  }

  private mutating func placeByHand(market: (UInt32) -> Int64) {
    let instrument = UInt32(number(0...4))
    let price = market(instrument)
    let index = add(
      Order(
        client: "web-\(orders.count)", hostID: 0, slot: 0, instrument: instrument,
        side: chance(2) ? .buy : .sell, leg: .net, type: UInt8(KEEL_LIMIT), time: UInt8(KEEL_GTC),
        flags: 0, limit: price, trigger: KEEL_NULL, expires: KEEL_NULL,
        quantity: Int64(number(1...50))))
    say(index)
  }

  /// It has said how much was filled in the end, and finds that it was more.
  private mutating func correct(_ index: Int, market: (UInt32) -> Int64) {
    let order = orders[index]
    guard order.left > 0, !isCumulative(order.instrument) else { return }
    execute(
      index, order.instrument, order.side, slot: order.slot, leg: order.leg, quantity: 1,
      price: market(order.instrument))
    orders[index].filled += 1
    orders[index].executions.append(executions.count - 1)
    let before = said.count
    say(execution: executions.count - 1)
    insisted += said[before...]
    said.removeSubrange(before...)
  }

  /// A fill that no order stands behind.
  private mutating func liquidate(market: (UInt32) -> Int64) {
    let instrument = UInt32(number(2...4))
    execute(
      nil, instrument, chance(2) ? .buy : .sell, slot: 0, leg: .net,
      quantity: Int64(number(1...20)), price: market(instrument))
    say(execution: executions.count - 1)
  }

  private mutating func fillSome(_ index: Int, market: (UInt32) -> Int64) {
    let left = orders[index].left
    guard left > 0 else { return }
    // Some venues give more than was asked for; one that tells totals alone does not.
    if chance(80), !isCumulative(orders[index].instrument), orders[index].hostID != 0 {
      return fill(index, left + Int64(number(1...3)), market: market)
    }
    fill(
      index,
      chance(2) ? min(left, 1_000_000) : Int64.random(in: 1...min(left, 1_000), using: &random),
      market: market)
  }

  private mutating func fill(_ index: Int, _ quantity: Int64, market: (UInt32) -> Int64) {
    let order = orders[index]
    let now = market(order.instrument)
    // At the market, or at its limit and sometimes better.
    let price =
      order.limit == KEEL_NULL
      ? max(1, now + Int64(number(-3...3)))
      : max(1, order.limit - order.side.sign * Int64(number(0...9)))
    execute(
      index, order.instrument, order.side, slot: order.slot, leg: order.leg, quantity: quantity,
      price: price)
    orders[index].filled += quantity
    orders[index].executions.append(executions.count - 1)
    orders[index].state = .partiallyFilled
    let isLast = orders[index].left <= 0
    if isLast { orders[index].state = .filled }
    if isCumulative(order.instrument) { return say(index) }
    say(execution: executions.count - 1)
    if isLast || chance(2) { say(index) }
  }

  private mutating func execute(
    _ order: Int?, _ id: UInt32, _ side: Side, slot: UInt32, leg: PositionSide, quantity: Int64,
    price: Int64
  ) {
    let instrument = SimulatedInstrument.of(id)
    let isCumulative = isCumulative(id)
    let fee = isCumulative ? 0 : Int64(number(-200...900))
    executions.append(
      Execution(
        id: "e\(executions.count)", price: price, quantity: quantity, fee: fee, order: order,
        instrument: id, side: side))
    var value = instrument.value(price: price, quantity: quantity)
    if isCumulative, let order {
      // Settled at the average it tells, all of it.
      orders[order].turnover += Int128(price) * Int128(quantity)
      let filled = orders[order].filled + quantity
      let average = Int64(
        SimulatedInstrument.divide(orders[order].turnover, by: Int128(filled)))
      let whole = instrument.value(price: average, quantity: filled)
      value = whole - orders[order].value
      orders[order].value = whole
    }
    book.take(
      SlowBook.Fill(
        slot: slot, instrument: id, side: side, leg: leg, quantity: quantity, value: value,
        fee: Int128(fee) * SimulatedInstrument.power(12)))
  }

  private mutating func end(_ index: Int, _ state: OrderState, _ reason: Int) {
    orders[index].state = state
    orders[index].reason = reason
    say(index)
  }

  func isCumulative(_ instrument: UInt32) -> Bool {
    SimulatedInstrument.of(instrument).account == SimulatedAccount.cumulative
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
  mutating func chance(_ oneIn: Int) -> Bool { number(1...oneIn) == 1 }

  mutating func say(_ report: RecordBytes) { said.append(report) }
}
