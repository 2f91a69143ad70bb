package import Market
import PluginABI
import PluginBridge

/// The resident part of keel: facts in, effects out. Synchronous, single-threaded, without clock,
/// file or randomness, and without allocation once warm. The same code runs in backtest, paper,
/// live and replay; equal inputs give equal bytes.
package struct Kernel: ~Copyable {
  package internal(set) var state: State
  package internal(set) var slots: SlotTable
  package internal(set) var risk: ResidentRisk
  var router: Router
  var killSwitch: KillSwitch
  /// A turn was too full for all that was due: the rest must not wait for news.
  var isHeldUp = false
  /// Some slot's late answer was taken, and what came in meanwhile waits.
  package internal(set) var isBehind = false
  private var scratch: RecordBuffer
  /// The last sequence number used; the next turn's input begins behind it.
  package internal(set) var sequence: UInt64 = 0

  package init(session: UInt64, limits: Limits = Limits()) {
    limits.check()
    state = State(session: session, limits: limits)
    slots = SlotTable(limits: limits)
    risk = ResidentRisk(limits: limits)
    router = Router(limits: limits)
    killSwitch = KillSwitch(slots: limits.slots)
    scratch = RecordBuffer(capacity: limits.inboxBytes)
  }

  /// When a turn is needed even if nothing happens until then; nil when none is.
  package var nextDue: Timestamp? {
    if isHeldUp || isBehind || killSwitch.isHeldUp { return state.now }
    var due = state.orders.soonestDeadline
    if state.orders.isAnyWaiting { due = Swift.min(due, patienceEnds) }
    return due == .distantFuture ? nil : due
  }

  /// When the order whose answer is awaited longest is to be asked about.
  private var patienceEnds: Timestamp {
    guard let patience, let waiting = state.orders.longestWaiting else { return .distantFuture }
    return waiting.asked + patience
  }

  /// One turn. `input` holds whole records with increasing sequence numbers, `last` the last of
  /// them, none later than `now`; `effects` is emptied and then holds all that follows from them.
  package mutating func handle(
    _ input: UnsafeRawBufferPointer, last: UInt64, at now: Timestamp, into effects: inout Effects
  ) {
    precondition(last >= sequence, "sequence numbers increase")
    state.begin(at: now)
    effects.begin(at: now, after: last)
    isBehind = false

    for record in RecordReader(input) {  // 1-State: facts change first
      let change = state.apply(record)
      if case .market = change {  // most records; and a call that takes the state copies it
        slots.spread(record)
        if risk.limits.watchMoves { watchMoves(of: record.instrument) }
        watch(record, into: &effects)
      } else {
        slots.deliver(record, change, state)
        follow(change, into: &effects)
        if case .closed = change { followClosing(record, into: &effects) }
        obey(record, into: &effects)
      }
    }
    attend(into: &effects)

    for number in 1..<UInt32(slots.count) where slots.kind(of: number) == .alpha {  // 2-Signals
      if let answer = run(number, into: &effects) {
        slots.spread(signals: answer.records, from: number, into: &effects)
      }
    }

    for number in 1..<UInt32(slots.count) where slots.kind(of: number) == .strategy {
      guard let answer = run(number, into: &effects) else {
        abandon(number, into: &effects)
        continue
      }
      // Before the live answers change what it saw.
      if let shadow = answer.shadow { price(shadow, of: number) }
      for record in RecordReader(answer.records) {
        guard let intent = accept(record, from: number, into: &effects) else { continue }
        do throws(Refusal) {
          var request = try read(intent, of: number, author: answer.author)  // 3-Intents
          try decide(&request, among: answer.records, intent)  // 4-Risk
          try route(request, intent, of: number, into: &effects)  // 5-Routing
        } catch { refuse(intent, error, of: number, into: &effects) }
      }
    }
    cross(into: &effects)
    router.sendAll(&state, into: &effects)
    state.portfolio.revalue()
    effects.end()
    sequence = effects.lastSequence
  }

  /// Lends code to a slot that has started. Which code decides changes by a slot record only.
  package mutating func attach(_ port: PluginPort?, to slot: UInt32) {
    slots.attach(port, to: slot)
  }
  package mutating func attach(companion: Companion?, to slot: UInt32) {
    slots.attach(companion: companion, to: slot)
  }
  package mutating func attach(companionPort port: PluginPort?, to slot: UInt32) {
    slots.attach(companionPort: port, to: slot)
  }

  /// What risk would say. A dry run: nothing is changed.
  package func assess(_ request: PlaceRequest) -> Refusal? { risk.assess(request, state) }
  package func review(_ request: PlaceRequest) -> RiskReview { risk.review(request, state) }

  /// KEEL_TRADING_ flags of a kill that is not over, of a slot alone or, as 0, of everybody.
  package func killFlags(of slot: UInt32) -> Int { killSwitch.flags(of: slot) }

  package func checkInvariants() {
    var check = InvariantCheck()
    checkInvariants(&check)
    if let broken = check.broken { preconditionFailure(broken) }
  }
  func checkInvariants(_ check: inout InvariantCheck) { state.checkInvariants(&check) }
}

/// The steps of a turn, in its order.
extension Kernel {
  /// The operator's and the host's own orders arrive as records too.
  private mutating func obey(_ record: Record, into effects: inout Effects) {
    switch record.type {
    case KEEL_IN_CANCEL_ALL:
      let all = record.header.pointee.inst == KEEL_NO_INST
      cancelAll(
        of: record.source, all ? nil : record.instrument, reason: KEEL_REASON_OPERATOR,
        into: &effects)
    case KEEL_REC_LIMITS:
      risk.apply(record)
      state.beginDays(at: risk.limits[.dayStart] ?? 0)
    case KEEL_REC_TRADING:
      risk.apply(record)
      killSwitch.apply(record)
    default: break
    }
  }

  private mutating func watchMoves(of instrument: InstrumentID) {
    guard let market = state.market(instrument) else { return }
    risk.priced(instrument, market, at: state.now)
  }

  /// What a report demands of the host at once.
  private mutating func follow(_ change: State.Change, into effects: inout Effects) {
    switch change {
    case .order(let id), .fill(let id):
      // What becomes of orders is what breakers hear of.
      if let order = state.orders[id] { risk.answered(order, at: state.now) }
      if state.orders[id]?.state == .unknown { router.query(id, &state, into: &effects) }
      // An order that stands, and belongs to none, has nothing to say to others.
      if case .order = change, let order = state.orders[id], order.isOpen, order.link == .none,
        !state.orders.holdsReductions(of: order.instrument)
      {
        return
      }
      settleGroup(of: id, into: &effects)
    case .market, .nothing, .gap, .externalFill, .closed: break
    }
  }

  /// What is due whether or not anything happened: orders without an answer are asked about, and
  /// the kill switch goes on until nothing is left.
  private mutating func attend(into effects: inout Effects) {
    if isHeldUp {
      isHeldUp = false
      for index in state.instruments.indices {
        retryTriggered(InstrumentID(rawValue: UInt32(index)), into: &effects)
      }
    }
    expire(into: &effects)
    if state.orders.isAnyWaiting, let patience {
      while let waiting = state.orders.longestWaiting, waiting.asked + patience <= state.now {
        router.query(waiting.id, &state, into: &effects)
        slots.tell(waiting.id, sequence: effects.lastSequence, state)
      }
    }
    guard killSwitch.isOn else { return }
    killSwitch.clear(&router, &state, &slots, into: &effects)
  }

  /// How long an answer is waited for; never no time, in which no answer could come.
  private var patience: Nanoseconds? {
    risk.limits[.answerTime].map { Nanoseconds(Swift.max($0, 1)) }
  }

  /// Takes an order back: what is still here ends at once, and with an entry its exits.
  mutating func cancel(
    _ id: UInt64, reason: Int = KEEL_REASON_NONE, as ending: OrderState = .cancelled,
    into effects: inout Effects
  ) {
    end(id, reason: reason, as: ending, into: &effects)
    guard let order = state.orders[id], !order.isOpen, order.link == .bracket else { return }
    settleGroup(of: id, into: &effects)
  }

  /// The same for one order alone.
  mutating func end(
    _ id: UInt64, reason: Int, as ending: OrderState = .cancelled, into effects: inout Effects
  ) {
    guard router.cancel(id, reason: reason, as: ending, &state, into: &effects) else { return }
    slots.tell(id, sequence: effects.lastSequence, state)
  }

  /// Cancels a slot's open orders, on one instrument or on all.
  private mutating func cancelAll(
    of slot: UInt32, _ instrument: InstrumentID?, reason: Int = KEEL_REASON_NONE,
    keepingProtection: Bool = false, into effects: inout Effects
  ) {
    var index = state.orders.openCount
    while index > 0 {
      index -= 1
      // What ends at once leaves its place to the last one, which has been looked at.
      guard index < state.orders.openCount else { continue }
      let order = state.orders.openOrder(at: index)
      guard order.slot == slot, instrument == nil || order.instrument == instrument,
        !(keepingProtection && order.protects)
      else { continue }
      cancel(order.id, reason: reason, into: &effects)
    }
  }

  /// Gives a slot's code and its companion, if it has one, what came in for them.
  private mutating func run(_ number: UInt32, into effects: inout Effects) -> SlotTable.Answer? {
    if slots[number].isAwaited {
      let answer = slots.collect(number, into: &effects)
      isBehind = isBehind || !(slots[number].isAwaited || slots[number].inbox.isEmpty)
      return answer
    }
    defer { slots[number].inbox.removeAll() }
    guard slots.begin(number, at: state.now) else { return nil }
    var beside: UnsafeRawBufferPointer?
    if slots[number].companion != nil {
      beside = slots.runCompanion(number, state, scratch: &scratch, into: &effects)
    }
    return slots.run(number, beside: beside, at: state.now, into: &effects)
  }

  /// A slot without code that decides: nothing it asked for stays in the market but what protects
  /// its positions.
  private mutating func abandon(_ number: UInt32, into effects: inout Effects) {
    guard slots[number].isParked, state.orders.openCount(of: number) > 0 else { return }
    cancelAll(of: number, nil, keepingProtection: true, into: &effects)
  }

  /// The journaled copy of an intent; nil for explanations and for what is no intent.
  private mutating func accept(
    _ record: Record, from number: UInt32, into effects: inout Effects
  ) -> IntentView? {
    let intent = IntentView(record)
    guard intent != nil || record.type == KEEL_EV_EXPLAIN else { return nil }
    guard let stamped = effects.append(record.bytes, source: number) else {
      if let intent { refuse(intent, Refusal(KEEL_REASON_CAPACITY), of: number, into: &effects) }
      return nil
    }
    return intent == nil ? nil : IntentView(Record(UnsafePointer(stamped)))
  }

  private mutating func read(
    _ intent: IntentView, of number: UInt32, author: UInt32
  ) throws(Refusal) -> Request {
    let generation = slots[number].generation
    if intent.intentID != 0,
      slots[number].intentIDs.insert(scope: UInt64(generation), id: intent.intentID)
    {
      throw Refusal(KEEL_REASON_DUPLICATE_INTENT)
    }
    return try request(intent, of: number, generation: generation, author: author)
  }

  /// A slot trades what it is configured for, whatever its code asks.
  private func request(
    _ intent: IntentView, of number: UInt32, generation: UInt32, author: UInt32
  ) throws(Refusal) -> Request {
    if intent.kind == .place || intent.kind == .target, !slots[number].trades(intent.instrument) {
      throw Refusal(KEEL_REASON_UNKNOWN_INSTRUMENT)
    }
    return try IntentReader(slot: number, generation: generation, author: author)
      .request(intent, state)
  }

  /// An exit of a bracket is told its entry on the way.
  private mutating func decide(
    _ request: inout Request, among answer: UnsafeRawBufferPointer, _ intent: IntentView
  ) throws(Refusal) {
    switch request {
    case .place(var place):
      if place.link == .bracket {
        place.entry = try join(place)
        place.stop = stop(for: place, behind: intent, in: answer)
        request = .place(place)
      }
      if let refusal = weigh(place) { throw refusal }
    case .amend(let change):
      guard let order = state.orders[change.orderID] else { return }
      if let refusal = weigh(PlaceRequest(order, changed: change)) { throw refusal }
    case .cancel, .cancelAll, .nothing: break
    }
  }

  /// What risk says of a request, with all that this turn has done so far.
  mutating func weigh(_ request: PlaceRequest) -> Refusal? {
    state.portfolio.revalue()
    return risk.assess(request, state)
  }

  private mutating func route(
    _ request: Request, _ intent: IntentView, of number: UInt32, into effects: inout Effects
  ) throws(Refusal) {
    switch request {
    case .place(let request):
      guard let order = open(request, into: &effects) else {
        throw Refusal(KEEL_REASON_CAPACITY)
      }
      risk.commit(request, &state)
      record(intent, nil, orderID: order.id, of: number, into: &effects)
      // At once, so that no code, old or new, ever takes a sent order for a missing one.
      slots.tell(order.id, sequence: effects.lastSequence, state)
    case .amend(let change):
      noteChange(of: change.orderID)
      record(intent, nil, orderID: change.orderID, of: number, into: &effects)
      if router.amend(change, &state, into: &effects) {
        slots.tell(change.orderID, sequence: effects.lastSequence, state)
      }
    case .cancel(let id):
      noteChange(of: id)
      cancel(id, into: &effects)
    case .cancelAll(let instrument): cancelAll(of: number, instrument, into: &effects)
    case .nothing: break
    }
  }

  /// Changes use the venue's patience too.
  private mutating func noteChange(of id: UInt64) {
    guard let order = state.orders[id], order.isSent,
      let instrument = state.instrument(order.instrument)
    else { return }
    risk.changed(instrument, at: state.now)
  }

  /// A refusal is on record at once, and reaches the slot with its next batch.
  private mutating func refuse(
    _ intent: IntentView, _ refusal: Refusal, of number: UInt32, into effects: inout Effects
  ) {
    record(intent, refusal, orderID: 0, of: number, into: &effects)
    var update = keel_ev_order()
    update.h = keel_event(KEEL_EV_ORDER, of: keel_ev_order.self, time: state.now)
    update.h.inst = intent.raw.pointee.h.inst
    update.h.source = number
    update.h.seq = effects.lastSequence
    // What is refused is the intent: an order it meant to change stands as it stood.
    update.order_id = 0
    update.intent_id = intent.intentID
    update.limit = intent.raw.pointee.limit
    update.qty = intent.raw.pointee.qty
    update.generation = slots[number].generation
    update.reason = UInt16(refusal.reason)
    update.state = OrderState.refused.rawValue
    update.side = intent.raw.pointee.side
    update.order_type = intent.raw.pointee.order_type
    update.tif = intent.raw.pointee.tif
    slots[number].refusedAuthor = slots[number].author
    slots[number].receive(update)
  }

  private mutating func record(
    _ intent: IntentView, _ refusal: Refusal?, orderID: UInt64, of number: UInt32,
    into effects: inout Effects
  ) {
    var decision = keel_rec_decision()
    decision.h = keel_event(KEEL_REC_DECISION, of: keel_rec_decision.self)
    decision.h.inst = intent.raw.pointee.h.inst
    decision.intent_id = intent.intentID
    decision.order_id = orderID
    decision.value = refusal?.value ?? KEEL_NULL
    decision.limit = refusal?.limit ?? KEEL_NULL
    decision.passing = KEEL_NULL
    decision.generation = slots[number].generation
    decision.reason = UInt16(refusal?.reason ?? KEEL_REASON_NONE)
    decision.approved = refusal == nil ? 1 : 0
    effects.append(decision, source: number)
  }

  /// What the instance beside the deciding one would have been allowed to do.
  private mutating func price(_ shadow: UnsafeRawBufferPointer, of number: UInt32) {
    guard let author = slots[number].companion?.author else { return }
    for record in RecordReader(shadow) {
      guard let intent = IntentView(record) else { continue }
      slots[number].companion?.intents += 1
      do throws(Refusal) {
        var request = try request(intent, of: number, generation: author, author: author)
        try decide(&request, among: shadow, intent)
      } catch { slots[number].companion?.refusals += 1 }
    }
  }
}
