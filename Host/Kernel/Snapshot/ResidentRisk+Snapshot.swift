import Market

extension ResidentRisk: SnapshotValue {
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&limits)
    codec.value(&trading)
    codec.table(&slotOrders)
    codec.table(&accountOrders)
    codec.table(&venueOrders)
    codec.value(&recent)
    codec.table(&refusals)
    codec.table(&moves)
  }
}

extension RiskLimits: SnapshotValue {
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.constant(UInt64(slots), .foreign, "the number of slots with limits")
    codec.table(&values)
    codec.value(&needEquity)
    codec.value(&needRate)
    codec.value(&watchMoves)
  }
}

extension TradingState: SnapshotElement {
  package static var blank: TradingState { .active }
}

extension TradingStates: SnapshotValue {
  mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&all)
    codec.table(&bySlot)
  }
}

extension Throttle: SnapshotElement {
  static var blank: Throttle { Throttle() }

  mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&level)
    codec.value(&updated)
    codec.value(&time)
  }
}

extension RecentOrders: SnapshotValue {
  mutating func code(_ codec: inout SnapshotCodec) {
    codec.table(&ring)
    codec.value(&head)
    codec.require(ring.indices.contains(head), "the newest order has no place")
  }
}

extension RecentOrders.Placed: SnapshotElement {
  static var blank: Self { Self() }

  mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&time)
    codec.value(&instrument)
    codec.value(&slot)
    codec.value(&isBuy)
    codec.value(&price)
    codec.value(&quantity)
  }
}

extension CircuitBreaker: SnapshotValue {
  package mutating func code(_ codec: inout SnapshotCodec) {
    var number: UInt8 = 0
    var until = Timestamp.distantPast
    switch state {
    case .closed: number = 0
    case .open(let end): (number, until) = (1, end)
    case .trying: number = 2
    }
    codec.value(&number)
    codec.value(&until)
    codec.require(number < 3, "\(number) is no state of a breaker")
    guard codec.isReading else { return }
    state = number == 0 ? .closed : number == 1 ? .open(until: until) : .trying
  }
}

extension RefusalBreaker: SnapshotElement {
  static var blank: RefusalBreaker { RefusalBreaker() }

  mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&breaker)
    codec.table(&times)
    codec.value(&head)
    codec.require(times.indices.contains(head), "the newest refusal has no place")
  }
}

extension MoveBreaker: SnapshotElement {
  static var blank: MoveBreaker { MoveBreaker() }

  mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&breaker)
    codec.value(&begun)
    codec.value(&low)
    codec.value(&high)
    codec.value(&lowBefore)
    codec.value(&highBefore)
  }
}

extension KillSwitch: SnapshotValue {
  mutating func code(_ codec: inout SnapshotCodec) {
    codec.table(&kills)
    codec.table(&flattens)
    codec.value(&isOn)
    codec.value(&isHeldUp)
    codec.require(
      isOn == kills.elements.contains(true), "the kill switch is on where something is killed")
  }
}
