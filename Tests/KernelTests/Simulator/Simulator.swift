import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport

/// A world around the kernel, all of it decided by one seed: a venue that is right, a wire that is
/// not, code that asks for anything, people who interfere. After every turn the kernel is held
/// against a slow model; at the end it must know what the venue knows.
struct Simulator {
  let seed: UInt64
  private(set) var host: SimulatedHost
  private(set) var venue: TrueVenue
  private(set) var wire: FaultyWire
  private(set) var market: RandomMarket
  private var trader: RandomTrader
  private var people: RandomOperator
  private(set) var oracle = SlowOracle()
  private var random: SeededGenerator
  /// Apart, so that a session with restarts is the same session as one without.
  private var restarts: SeededGenerator
  private(set) var restartCount = 0
  private(set) var lateAnswers = 0
  var now: Int64 = 1_000
  /// What the next turn is given, and what the host's end of the wire tells the turn after.
  private var input = RecordBytes()
  private var told: [RecordBytes] = []
  private var lastFunding: RecordBytes?
  let isRestarting: Bool

  init(seed: UInt64, isRestarting: Bool = true) {
    self.seed = seed
    self.isRestarting = isRestarting
    var seeds = SeededGenerator(seed: seed)
    func next() -> SeededGenerator { SeededGenerator(seed: seeds.next()) }
    venue = TrueVenue(random: next())
    wire = FaultyWire(random: next())
    market = RandomMarket(random: next())
    trader = RandomTrader(random: next())
    people = RandomOperator(random: next())
    random = next()
    restarts = next()
    host = SimulatedHost(slots: Self.slots.count + 1, limits: .simulated)
  }

  /// The whole of it; returns a hash over all effects.
  static func run(seed: UInt64, turns: Int, isRestarting: Bool = true) throws(SimulationFailure)
    -> Simulator
  {
    var simulator = Simulator(seed: seed, isRestarting: isRestarting)
    try simulator.open()
    for _ in 0..<turns { try simulator.step() }
    try simulator.settle()
    return simulator
  }

  // MARK: steps

  /// Facts, before any code is there to answer them.
  private mutating func open() throws(SimulationFailure) {
    people.set([LimitChange(.answerTime, .all, 60)], into: &input)
    for account in SimulatedAccount.all { input.append(account) }
    for (index, instrument) in SimulatedInstrument.all.enumerated() {
      input.append(instrument.definition(index))
    }
    for asset in UInt32(1)...4 { input.append(Self.rate(asset)) }
    for (index, kind) in Self.slots.enumerated() {
      input.append(contentsOf: Self.started(index + 1, kind))
    }
    for account in UInt16(0)...3 {
      for asset in UInt32(1)...4 {
        let units = 1_000_000 * SimulatedInstrument.power(16)
        venue.change(account, asset, units)
        input.append(RandomOperator.cash(account, asset, units, KEEL_CASH_DEPOSIT))
      }
    }
    market.open(into: &input)
    try turn()
  }

  /// One moment of everything.
  private mutating func step() throws(SimulationFailure) {
    now += Int64(number(0...6))
    fund()
    breakAndMend()
    carry()
    if wire.isConnected || chance(2) {
      venue.live(at: now) { [market] in market.price($0) }
      report()
    }
    deliver()
    if chance(25) {
      let count = host.kernel.state.orders.openCount
      let order = count > 0 ? host.kernel.state.orders.openOrder(at: 0).id : nil
      JunkReport.make(about: order, &random, into: &input)
    }
    market.move(at: now, into: &input)
    people.act(host, &venue, &market, into: &input)
    for slot in UInt32(1)...UInt32(Self.slots.count) where chance(3) { ask(slot) }
    answerLate(oneIn: 3)
    try turn()
    if isRestarting, Int.random(in: 0..<150, using: &restarts) == 0 {
      try host.restart()
      restartCount += 1
    }
  }

  private mutating func ask(_ slot: UInt32) {
    for _ in 0..<number(1...3) {
      if Self.slots[Int(slot) - 1] == 1 {
        host.plugin(slot).answer(trader.signal(market))
      } else {
        let intent = trader.intent(of: slot, host.kernel.state, market, at: now)
        host.plugin(slot).answer(intent)
        if chance(2) { host.companion(slot)?.answer(intent) }
      }
    }
    if chance(8) { host.plugin(slot).beLate() }
    var timer = keel_ev_timer()
    timer.h = keel_event(KEEL_EV_TIMER, of: keel_ev_timer.self)
    timer.h.source = slot
    input.append(timer)
  }

  /// Answers that were too late for their turn, and have come.
  private mutating func answerLate(oneIn: Int) {
    for slot in UInt32(1)...UInt32(Self.slots.count)
    where host.kernel.slots[slot].isAwaited && chance(oneIn) {
      var record = keel_rec_slot()
      record.h = keel_event(KEEL_REC_SLOT, of: keel_rec_slot.self)
      record.h.source = slot
      record.cause = UInt32(KEEL_SLOT_ANSWERED)
      input.append(record)
      lateAnswers += 1
    }
  }

  private mutating func breakAndMend() {
    if wire.isConnected {
      if chance(70) { wire.disconnect() }
    } else if chance(12) {
      wire.connect()
      if chance(2) { reconcile(since: number(0...venue.executions.count)) }
    }
  }

  /// What the venue tells whoever connects: all at once, and before anything else.
  private mutating func reconcile(since first: Int) {
    venue.replay(since: first)
    for report in venue.takeReports() { input.append(contentsOf: report) }
  }

  /// Charged where both sides hold the same, or it could not be the same amount.
  private mutating func fund() {
    guard chance(12) else { return }
    if let lastFunding, chance(2) { return input.append(contentsOf: lastFunding) }
    let index = [2, 3, 5, 6][number(0...3)]
    let leg = [PositionSide.net, .short]
    let isSame = (0..<UInt32(SlowBook.slots)).allSatisfy { slot in
      leg.allSatisfy {
        host.kernel.state.positions[slot, SimulatedInstrument.id(index), $0].quantity
          == venue.book.held(slot, UInt32(index), $0.leg).quantity
      }
    }
    guard isSame else { return }
    var record = keel_ev_funding()
    record.h = keel_event(
      KEEL_EV_FUNDING, of: keel_ev_funding.self, instrument: SimulatedInstrument.id(index))
    record.rate = Int64(number(-90_000...90_000))
    record.rate_exp = -8
    record.mark = market.price(UInt32(index))
    fundings += 1
    record.due = fundings
    input.append(record)
    venue.fund(UInt32(index), rate: record.rate, mark: record.mark)
    var copy = RecordBytes()
    copy.append(record)
    lastFunding = copy
  }
  private var fundings: Int64 = 0

  // MARK: the wire

  private mutating func carry() {
    for command in wire.commandsDue(by: now) {
      venue.receive(command) { [market] in market.price($0) }
    }
    report()
  }
  private mutating func report() {
    for report in venue.takeReports() { wire.report(report, at: now) }
  }
  private mutating func deliver() {
    for report in told + venue.takeInsisted() + wire.reportsDue(by: now) {
      input.append(contentsOf: report)
    }
    told = []
  }

  /// The kernel's turn, and everything that is checked after it.
  private mutating func turn() throws(SimulationFailure) {
    let given = input
    input = RecordBytes()
    let commands = try host.turn(given, at: Timestamp(nanoseconds: now))
    oracle.see(given, at: now)
    for command in commands {
      oracle.see(command)
      if let report = wire.send(command, at: now) { told.append(report) }
    }
    let difference = oracle.book.difference(from: host.kernel.state)
    try host.require(difference == nil, difference ?? "")
    let submits = commands.filter { Int($0.h.type) == KEEL_CMD_SUBMIT }
    let excess = LimitWatch.excess(of: submits, host.kernel.state, people.limits)
    try host.require(excess == nil, excess ?? "")
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &random)
  }
  private mutating func chance(_ oneIn: Int) -> Bool { number(1...oneIn) == 1 }
}

/// The end.
extension Simulator {
  /// The wire works, nobody trades any more, and everything is asked until it is answered.
  private mutating func settle() throws(SimulationFailure) {
    wire.heal()
    people.set([LimitChange(.answerTime, .all, 40)], into: &input)
    let asksAlone = chance(2)
    if !asksAlone {
      // As at a start: the venue tells everything, and what is open is the same on both sides.
      reconcile(since: 0)
      try quiet("reconciling", until: Self.isIdle)
      try compareOpen()
      try compareAll()
    }
    input.append(RandomOperator.trading(0, KEEL_TRADING_ACTIVE, KEEL_TRADING_KILL))
    try quiet("cancelling") { kernel in
      Self.isIdle(kernel)
        && (1..<UInt32(SlowBook.slots)).allSatisfy { kernel.state.orders.openCount(of: $0) == 0 }
    }
    // Without being told anything, the host knows all of its own orders.
    let own = venue.book.difference(
      from: host.kernel.state, slots: 1..<UInt32(SlowBook.slots))
    try host.require(own == nil, "own orders: \(own ?? "")")
    try compareOwn()
    reconcile(since: 0)
    // What was placed by hand, and the host has only now heard of, is still open.
    try quiet("reconciling at last", until: Self.isIdle)
    try compareOpen()
    try compareAll()
  }

  /// Nothing is due but the end of orders that are good for the day, which is far off.
  private static func isIdle(_ kernel: borrowing Kernel) -> Bool {
    kernel.nextDue.map { $0 > kernel.state.now + Nanoseconds(1_000_000_000) } ?? true
  }

  private mutating func quiet(
    _ what: String, until isQuiet: (borrowing Kernel) -> Bool
  ) throws(SimulationFailure) {
    for _ in 0..<200 {
      now += 10
      carry()
      deliver()
      answerLate(oneIn: 1)
      try turn()
      if wire.isEmpty, told.isEmpty, isQuiet(host.kernel) { return }
    }
    var open: [String] = []
    host.kernel.state.orders.forEachOpen { open.append("\($0)") }
    throw SimulationFailure(
      turn: host.turnCount,
      reason: "no end of \(what): \(open.count) open\n" + open.joined(separator: "\n"))
  }

  private func compareAll() throws(SimulationFailure) {
    let difference = venue.book.difference(from: host.kernel.state)
    try host.require(difference == nil, "the venue knows better: \(difference ?? "")")
  }

  /// Each open order is open at the venue, as large, as far filled and at the same price.
  private func compareOpen() throws(SimulationFailure) {
    func line(
      _ quantity: Int64, _ filled: Int64, _ limit: Int64, _ trigger: Int64, _ slot: UInt32,
      _ id: UInt64
    ) -> String {
      "slot \(slot) order \(id): \(filled)/\(quantity) at \(limit) from \(trigger)"
    }
    var here: [String] = []
    host.kernel.state.orders.forEachOpen { order in
      guard order.isSent else { return }
      let isByHand = order.slot == 0 && order.intentID == 0 && order.generation == 0
      here.append(
        line(
          order.quantity.mantissa, order.filled.mantissa, order.limit.abi,
          order.isTriggered ? KEEL_NULL : order.trigger.abi, order.slot,
          isByHand ? 0 : order.id))
    }
    let there = venue.orders.filter(\.isOpen).map {
      line($0.quantity, $0.filled, $0.limit, $0.trigger, $0.slot, $0.hostID)
    }
    let (only, missing) = (Set(here).subtracting(there), Set(there).subtracting(here))
    try host.require(
      here.sorted() == there.sorted(),
      "open here: \(only.sorted()), at the venue: \(missing.sorted())")
  }

  /// What has become of the orders that are still remembered.
  private func compareOwn() throws(SimulationFailure) {
    try host.require(venue.orders.allSatisfy { !$0.isOpen || $0.hostID == 0 }, "all is cancelled")
    for order in venue.orders where order.hostID != 0 {
      guard let known = host.kernel.state.orders[order.hostID] else { continue }
      // Corrected after its end, it may be filled after all.
      // What the host has ended on time, the venue has cancelled.
      let isSame =
        known.state == order.state || (known.state == .filled && order.left <= 0)
        || (known.state == .expired && order.state == .cancelled)
      try host.require(
        [order.filled, min(order.filled, order.quantity)].contains(known.filled.mantissa) && isSame,
        "\(known) is \(order.state) \(order.filled)/\(order.quantity) at the venue")
    }
  }
}

extension Limits {
  /// Small enough to check everything after every turn.
  fileprivate static var simulated: Limits {
    var limits = Limits()
    limits.slots = SlowBook.slots
    limits.instruments = 8
    limits.assets = 8
    limits.accounts = 4
    limits.orders = 256
    limits.openOrdersPerSlot = 60
    limits.inboxBytes = 8_192
    limits.effectBytes = 1 << 18
    limits.recentIDs = 1 << 14
    return limits
  }
}

/// The first records.
extension Simulator {
  /// 1 is an alpha, 2 a strategy.
  fileprivate static let slots: [UInt32] = [1, 2, 2, 2]

  fileprivate static func rate(_ asset: UInt32) -> keel_rec_rate {
    var record = keel_rec_rate()
    record.h = keel_event(KEEL_REC_RATE, of: keel_rec_rate.self)
    record.rate = asset == 2 ? 100_000_000 : 10_000_000_000
    record.asset = asset
    record.kind = UInt32(KEEL_RATE_FIXED)
    return record
  }

  /// A slot that receives everything.
  fileprivate static func started(_ number: Int, _ kind: UInt32) -> RecordBytes {
    var record = keel_rec_slot()
    var listed = SimulatedInstrument.all.indices.map(UInt32.init)
    record.instruments = UInt32(listed.count)
    record.kind = kind
    if kind == 2 {
      record.alphas = 1
      listed.append(1)
    }
    if listed.count % 2 == 1 { listed.append(0) }
    record.h = keel_event(KEEL_REC_SLOT, of: keel_rec_slot.self)
    record.h.size += UInt32(listed.count * 4)
    record.h.source = UInt32(number)
    record.cause = UInt32(KEEL_SLOT_STARTED)
    record.generation = 1
    record.types = .max
    var bytes = RecordBytes()
    bytes.append(record)
    listed.withUnsafeBytes { bytes.append($0) }
    return bytes
  }
}
