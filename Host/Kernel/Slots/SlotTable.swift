import Market
import PluginABI
package import PluginBridge

/// All slots, by number; slot 0 is the host's own and runs no code. Delivers what each wants.
package struct SlotTable: ~Copyable {
  private let slots: UnsafeMutableBufferPointer<Slot>
  package private(set) var count = 0
  let limits: Limits

  init(limits: Limits) {
    self.limits = limits
    slots = .allocate(capacity: limits.slots)
    add(
      Slot(
        number: 0, kind: .strategy, instruments: [], types: 0, alphas: [], warmup: 0,
        limits: limits))
  }

  deinit {
    for index in 0..<count { (slots.baseAddress! + index).deinitialize(count: 1) }
    slots.deallocate()
  }

  package subscript(number: UInt32) -> Slot {
    _read {
      precondition(number < UInt32(count), "slot numbers come from this table")
      yield slots[Int(number)]
    }
    _modify {
      precondition(number < UInt32(count), "slot numbers come from this table")
      yield &slots[Int(number)]
    }
  }

  @inline(__always)
  func kind(of number: UInt32) -> Slot.Kind { slots[Int(number)].kind }

  mutating func add(_ slot: consuming Slot) {
    (slots.baseAddress! + count).initialize(to: slot)
    count += 1
  }

  /// Puts a record, and what it changed, into the inboxes of those concerned.
  mutating func deliver(_ record: Record, _ change: State.Change, _ state: borrowing State) {
    switch change {
    case .order(let id): tell(id, sequence: record.sequence, state)
    case .fill(let id): deliverFill(id, record, state)
    case .gap(let instrument): deliverGap(instrument, record, at: state.now)
    case .market, .nothing, .externalFill, .closed:
      switch record.type {
      case KEEL_EV_TIMER, KEEL_EV_PARAM:
        if record.source < UInt32(count) { slots[Int(record.source)].receive(record.bytes) }
      case KEEL_REC_SLOT: apply(record, state)
      case KEEL_EV_ORDER, KEEL_EV_FILL: break
      default: spread(record)
      }
    }
  }

  /// Gives a record to every slot that asked for its kind and instrument.
  mutating func spread(_ record: Record) {
    for index in 1..<count where slots[index].wants(record) {
      slots[index].receive(record.bytes)
    }
  }

  /// Whoever builds on a book hears that it broke before the record that broke it.
  private mutating func deliverGap(
    _ instrument: InstrumentID, _ record: Record, at now: Timestamp
  ) {
    var gap = keel_ev_gap()
    gap.h = keel_event(KEEL_EV_GAP, of: keel_ev_gap.self, instrument: instrument, time: now)
    gap.h.source = record.source
    gap.h.seq = record.sequence
    if record.type == KEEL_EV_GAP, let told = record.cast(to: keel_ev_gap.self) {
      gap.missed = told.pointee.missed
    }
    gap.cause = UInt32(KEEL_GAP_FEED)
    for index in 1..<count where slots[index].hearsGaps(of: instrument) {
      slots[index].receive(gap)
    }
    if record.type != KEEL_EV_GAP { spread(record) }
  }

  /// Tells a slot where its order stands.
  mutating func tell(_ id: UInt64, sequence: UInt64, _ state: borrowing State) {
    guard let order = state.orders[id], order.slot < UInt32(count) else { return }
    let author = slots[Int(order.slot)].author
    slots[Int(order.slot)].receive(
      order.update(for: author, at: state.now, sequence: sequence))
  }

  private mutating func deliverFill(_ id: UInt64, _ record: Record, _ state: borrowing State) {
    guard let order = state.orders[id], order.slot < UInt32(count),
      let raw = record.cast(to: keel_ev_fill.self),
      let instrument = state.instrument(order.instrument)
    else { return }
    let slot = Int(order.slot)
    var fill = raw.pointee
    fill.h.source = order.slot
    fill.h.size = UInt32(MemoryLayout<keel_ev_fill>.size)
    fill.h.inst = order.instrument.rawValue
    fill.h.flags =
      order.author == slots[slot].author ? 0 : UInt16(KEEL_EVF_INHERITED)
    fill.intent_id = order.intentID
    fill.generation = order.generation
    fill.side = order.side.rawValue
    slots[slot].receive(fill)
    tell(id, sequence: record.sequence, state)
    slots[slot].receive(
      Self.position(state, order.slot, instrument, sequence: record.sequence))
  }

  /// A slot's part of what a venue closed, and what it holds after it.
  mutating func tell(
    closing fill: keel_ev_fill, of number: UInt32, sequence: UInt64, _ state: borrowing State
  ) {
    guard number > 0, number < UInt32(count),
      let instrument = state.instrument(InstrumentID(rawValue: fill.h.inst))
    else { return }
    var fill = fill
    fill.h.source = number
    fill.h.seq = sequence
    slots[Int(number)].receive(fill)
    slots[Int(number)].receive(Self.position(state, number, instrument, sequence: sequence))
  }

  private static func position(
    _ state: borrowing State, _ slot: UInt32, _ instrument: Instrument, sequence: UInt64
  ) -> keel_ev_position {
    let position = state.positions[slot, instrument.id]
    var record = keel_ev_position()
    record.h = keel_event(
      KEEL_EV_POSITION, of: keel_ev_position.self, instrument: instrument.id, time: state.now)
    record.h.source = slot
    record.h.seq = sequence
    record.qty = position.quantity
    record.average = position.average(instrument).abi
    return record
  }

  /// What a generation that takes over must know, as records: its positions, then its open orders.
  /// Fills `buffer` from place `next` on, and answers false when there is more.
  package func inventory(
    of number: UInt32, for author: UInt32, _ state: borrowing State, from next: inout Int,
    into buffer: inout RecordBuffer
  ) -> Bool {
    let instruments = state.instruments.count
    while next < instruments + state.orders.openCount {
      if next < instruments {
        if let instrument = state.instruments[next],
          state.positions[number, instrument.id].quantity != 0
        {
          var record = Self.position(state, number, instrument, sequence: 0)
          record.h.flags = UInt16(KEEL_EVF_SNAPSHOT)
          guard buffer.append(record) != nil else { return false }
        }
      } else {
        let order = state.orders.openOrder(at: next - instruments)
        if order.slot == number {
          var record = order.update(for: author, at: state.now, sequence: 0)
          record.h.flags |= UInt16(KEEL_EVF_SNAPSHOT)
          guard buffer.append(record) != nil else { return false }
        }
      }
      next += 1
    }
    return true
  }

  /// A slot's code changes only by such a record, so that a replay changes it at the same place.
  private mutating func apply(_ record: Record, _ state: borrowing State) {
    guard let raw = record.cast(to: keel_rec_slot.self), record.source > 0 else { return }
    if Int(raw.pointee.cause) == KEEL_SLOT_STARTED { start(record, raw.pointee) }
    guard record.source < UInt32(count) else { return }
    let slot = Int(record.source)
    switch Int(raw.pointee.cause) {
    case KEEL_SLOT_SHADOW:
      if slots[slot].companion == nil {
        slots[slot].companion = Companion(
          role: .candidate, author: raw.pointee.generation, port: nil)
      }
      slots[slot].companion?.isOnRecord = true
      slots[slot].types |= raw.pointee.types
    case KEEL_SLOT_SWITCHED, KEEL_SLOT_ROLLED_BACK:
      slots[slot].exchange()
      // What was delivered before, in this very turn, is for the one that decides now.
      Self.markInherited(slots[slot].inbox, for: slots[slot].author, slots[slot], state)
    case KEEL_SLOT_RETIRED:
      if slots[slot].companion?.isOnRecord == true { slots[slot].companion = nil }
      if raw.pointee.types != 0 { slots[slot].types = raw.pointee.types }
    case KEEL_SLOT_PARKED: slots[slot].isParked = true
    case KEEL_SLOT_ANSWERED: slots[slot].hasAnswered = slots[slot].isAwaited
    case KEEL_SLOT_STARTED: slots[slot].forgetAnswer()  // new code, after a restart of the host
    default: break
    }
  }

  /// Slots are numbered in the order in which they start.
  private mutating func start(_ record: Record, _ raw: keel_rec_slot) {
    let listed = Int(raw.instruments) + Int(raw.alphas)
    let offset = MemoryLayout<keel_rec_slot>.size
    guard record.source == UInt32(count), count < slots.count, raw.instruments <= 1 << 16,
      raw.alphas <= 1 << 16, record.size >= offset + listed * 4
    else { return }
    let numbers = (0..<listed).map {
      record.bytes.load(fromByteOffset: offset + $0 * 4, as: UInt32.self)
    }
    let instruments = numbers.prefix(Int(raw.instruments)).filter {
      $0 < UInt32(limits.instruments)
    }
    add(
      Slot(
        number: record.source, kind: raw.kind == 1 ? .alpha : .strategy,
        instruments: instruments.map(InstrumentID.init(rawValue:)), types: raw.types,
        alphas: Array(numbers.suffix(Int(raw.alphas))), warmup: raw.warmup, limits: limits))
  }

  /// Lends code to a slot: the deciding instance, and the one beside it.
  package mutating func attach(_ port: PluginPort?, to number: UInt32) {
    slots[Int(number)].live = port
  }
  package mutating func attach(companion: Companion?, to number: UInt32) {
    slots[Int(number)].companion = companion
  }
  /// To a companion that stands there already, as after a snapshot.
  mutating func attach(companionPort port: PluginPort?, to number: UInt32) {
    slots[Int(number)].companion?.port = port
  }
}

extension Slot {
  /// The companion decides from now on, and the one that decided stands beside it.
  mutating func exchange() {
    guard let next = companion else { return }
    companion = Companion(role: .previous, author: author, port: live)
    companion?.isOnRecord = true
    forgetAnswer()
    live = next.port
    author = next.author
    generation += 1
    isParked = false
  }

  /// Nobody is left who would give it.
  mutating func forgetAnswer() {
    isAwaited = false
    hasAnswered = false
  }
}
