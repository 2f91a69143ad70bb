package import Market
import PluginBridge

/// All orders, found by id in constant time: the low bits of an id are its place, so an id is
/// never valid for another order. Finished orders stay until their place is needed, oldest first.
package struct OrderTable: ~Copyable, Sendable {
  var places: Table<Order?>
  var names: Table<OrderNames>
  /// Places free to take, oldest first: a ring.
  var free: Table<UInt32>
  var freeHead = 0
  var freeCount: Int
  /// Places of open orders, and for each place where it stands in that list.
  var open: [UInt32] = []
  var openIndex: Table<UInt32>
  /// Open orders by instrument, oldest first.
  var byInstrument: PlaceLists
  /// Those of them that the host holds, and between which prices none of them is to be looked at.
  var heldByInstrument: PlaceLists
  var bounds: Table<TriggerBounds>
  /// Open orders that only reduce, by instrument: where there are none, nobody looks for them.
  var reductions: Table<UInt32>
  /// Open orders that the host must end.
  var deadlines = 0
  /// None of them ends before.
  var soonestDeadline = Timestamp.distantFuture
  /// Orders the venue owes a word on, in the order in which it was asked.
  var waiting: PlaceLists
  var isWaiting: Table<Bool>
  var counter: UInt64 = 0
  /// Open orders by slot.
  var openBySlot: Table<Int>
  let openPerSlot: Int

  init(limits: Limits) {
    let capacity = limits.orders
    openBySlot = Table(repeating: 0, count: limits.slots)
    openPerSlot = limits.openOrdersPerSlot
    places = Table(repeating: nil, count: capacity)
    names = Table(repeating: OrderNames(), count: capacity)
    free = Table(count: capacity) { UInt32($0) }
    freeCount = capacity
    openIndex = Table(repeating: .max, count: capacity)
    open.reserveCapacity(capacity)
    byInstrument = PlaceLists(places: capacity, lists: limits.instruments)
    heldByInstrument = PlaceLists(places: capacity, lists: limits.instruments)
    bounds = Table(repeating: .never, count: limits.instruments)
    reductions = Table(repeating: 0, count: limits.instruments)
    waiting = PlaceLists(places: capacity, lists: 1)
    isWaiting = Table(repeating: false, count: capacity)
  }

  package var openCount: Int { open.count }
  package func openCount(of slot: UInt32) -> Int { openBySlot[Int(slot)] }
  package func openCount(of instrument: InstrumentID) -> Int {
    byInstrument.count(of: instrument.index)
  }

  static let indexMask: UInt64 = (1 << UInt64(Limits.orderIndexBits)) - 1
  static func place(_ id: UInt64) -> Int { Int(id & indexMask) }

  package subscript(id: UInt64) -> Order? {
    let index = Self.place(id)
    guard index < places.count, let order = places[index], order.id == id else { return nil }
    return order
  }

  /// Open orders in an order that is stable for equal histories.
  package func forEachOpen(_ body: (Order) -> Void) {
    for place in open {
      if let order = places[Int(place)] { body(order) }
    }
  }

  /// The open orders of one instrument, oldest first.
  package func forEachOpen(of instrument: InstrumentID, _ body: (borrowing Order) -> Void) {
    byInstrument.forEach(in: instrument.index) { place in
      if let order = places[Int(place)] { body(order) }
    }
  }

  /// The first open order of an instrument, and the one after another: for walks that change it.
  func firstOpen(of instrument: InstrumentID) -> UInt64? {
    id(at: byInstrument.first(of: instrument.index))
  }
  func nextOpen(after id: UInt64) -> UInt64? {
    self.id(at: byInstrument.next(after: UInt32(Self.place(id))))
  }
  private func id(at place: UInt32) -> UInt64? {
    place == PlaceLists.none ? nil : places[Int(place)]?.id
  }

  /// Open order number `index` of `openCount`, for walks that change the table.
  package func openOrder(at index: Int) -> Order {
    guard let order = places[Int(open[index])] else {
      preconditionFailure("open places are filled")
    }
    return order
  }

  /// Takes a place and returns the new order's id; nil when every place holds an open order, or the
  /// slot has as many open as it may.
  mutating func insert(slot: UInt32, _ make: (UInt64) -> Order) -> UInt64? {
    guard freeCount > 0, openBySlot[Int(slot)] < openPerSlot else { return nil }
    openBySlot[Int(slot)] += 1
    let place = free[freeHead]
    freeHead = (freeHead + 1) % free.count
    freeCount -= 1
    counter += 1
    let id = counter << UInt64(Limits.orderIndexBits) | UInt64(place)
    let order = make(id)
    places[Int(place)] = order
    names[Int(place)] = OrderNames()
    openIndex[Int(place)] = UInt32(open.count)
    open.append(place)
    byInstrument.append(place, to: order.instrument.index)
    if order.state == .held { hold(place, order) }
    count(order.deadline)
    if order.isReduceOnly { reductions[order.instrument.index] += 1 }
    return id
  }

  /// Changes an order in place; frees its place when it has just become final.
  mutating func modify(_ id: UInt64, _ body: (inout Order) -> Void) {
    let place = Self.place(id)
    guard place < places.count, var order = places[place], order.id == id else { return }
    let (wasOpen, wasHeld) = (order.isOpen, order.state == .held)
    let hadDeadline = wasOpen && order.deadline != nil
    body(&order)
    places[place] = order
    if wasHeld { heldByInstrument.remove(UInt32(place), from: order.instrument.index) }
    if order.state == .held { hold(UInt32(place), order) }
    if hadDeadline { deadlines -= 1 }
    if order.isOpen { count(order.deadline) }
    if deadlines == 0 { soonestDeadline = .distantFuture }
    guard wasOpen, !order.isOpen else {
      precondition(wasOpen || !order.isOpen, "a finished order does not open again")
      return
    }
    settle(id)
    if order.isReduceOnly { reductions[order.instrument.index] -= 1 }
    openBySlot[Int(order.slot)] -= 1
    byInstrument.remove(UInt32(place), from: order.instrument.index)
    let position = Int(openIndex[place])
    let moved = open[open.count - 1]
    open[position] = moved
    openIndex[Int(moved)] = UInt32(position)
    open.removeLast()
    openIndex[place] = .max
    free[(freeHead + freeCount) % free.count] = UInt32(place)
    freeCount += 1
  }

  // MARK: held

  package func heldCount(of instrument: InstrumentID) -> Int {
    heldByInstrument.count(of: instrument.index)
  }
  func holdsReductions(of instrument: InstrumentID) -> Bool { reductions[instrument.index] > 0 }
  func firstHeld(of instrument: InstrumentID) -> UInt64? {
    id(at: heldByInstrument.first(of: instrument.index))
  }
  func nextHeld(after id: UInt64) -> UInt64? {
    self.id(at: heldByInstrument.next(after: UInt32(Self.place(id))))
  }
  func bounds(of instrument: InstrumentID) -> TriggerBounds { bounds[instrument.index] }
  mutating func setBounds(_ bounds: TriggerBounds, of instrument: InstrumentID) {
    self.bounds[instrument.index] = bounds
  }
  mutating func setSoonestDeadline(_ time: Timestamp) { soonestDeadline = time }

  private mutating func count(_ deadline: Timestamp?) {
    guard let deadline else { return }
    deadlines += 1
    soonestDeadline = Swift.min(soonestDeadline, deadline)
  }

  private mutating func hold(_ place: UInt32, _ order: Order) {
    heldByInstrument.append(place, to: order.instrument.index)
    bounds[order.instrument.index].widen(by: order.bounds)
  }

  // MARK: names

  func names(of id: UInt64) -> OrderNames { names[Self.place(id)] }
  mutating func name(_ id: UInt64, _ body: (inout OrderNames) -> Void) {
    body(&names[Self.place(id)])
  }

  /// Whether an order of either name is over and still remembered: a late word on it brings none
  /// back. Looks at every place, which only a report on an order nobody knows makes it do.
  func hasFinished(client: OrderNames.Text, venue: OrderNames.Text) -> Bool {
    places.indices.contains { place in
      guard let order = places[place], !order.isOpen else { return false }
      let known = names[place]
      return (!OrderNames.isEmpty(venue) && OrderNames.isSame(known.venue, venue))
        || (!OrderNames.isEmpty(client) && OrderNames.isSame(known.client, client))
    }
  }

  // MARK: answers

  /// Whether any order's answer is awaited: mostly none is, and then nobody asks further.
  @inline(__always)
  var isAnyWaiting: Bool { waiting.count(of: 0) > 0 }
  /// The order whose answer is awaited longest, and since when.
  var longestWaiting: (id: UInt64, asked: Timestamp)? {
    let place = waiting.first(of: 0)
    guard place != PlaceLists.none else { return nil }
    return places[Int(place)].map { ($0.id, $0.asked) }
  }
  /// The venue was told or asked something: its answer is awaited from now on.
  mutating func await(_ id: UInt64, at now: Timestamp) {
    settle(id)
    let place = Self.place(id)
    places[place]?.asked = now
    isWaiting[place] = true
    waiting.append(UInt32(place), to: 0)
  }
  /// Nothing is awaited of it any more.
  mutating func settle(_ id: UInt64) {
    let place = Self.place(id)
    guard isWaiting[place] else { return }
    isWaiting[place] = false
    waiting.remove(UInt32(place), from: 0)
  }

  func checkInvariants(_ check: inout InvariantCheck) {
    check.require(open.count + freeCount == places.count, "each place is open or free")
    check.require(openBySlot.elements.reduce(0, +) == open.count, "each open order is some slot's")
    check.require(
      open.count { places[Int($0)]?.deadline != nil } == deadlines,
      "those that the host must end are counted")
    for (index, count) in reductions.elements.enumerated() {
      var found: UInt32 = 0
      byInstrument.forEach(in: index) { if places[Int($0)]?.isReduceOnly == true { found += 1 } }
      check.require(found == count, "orders that only reduce are counted")
    }
    for (position, place) in open.enumerated() {
      check.require(openIndex[Int(place)] == UInt32(position), "the open list knows its positions")
      guard let order = places[Int(place)], order.isOpen else {
        check.require(false, "the open list holds open orders")
        return
      }
      check.require(
        isWaiting[Int(place)] == order.awaitsAnswer, "an answer is awaited where one is owed")
      var isHeld = false
      heldByInstrument.forEach(in: order.instrument.index) { if $0 == place { isHeld = true } }
      check.require(isHeld == (order.state == .held), "what is held is in its instrument's list")
      check.require(
        order.state != .held || bounds[order.instrument.index].isAsWide(as: order.bounds),
        "what is held is looked at in time")
      check.require(
        order.deadline.map { $0 >= soonestDeadline } ?? true, "no order ends before the soonest")
      var isListed = false
      byInstrument.forEach(in: order.instrument.index) { if $0 == place { isListed = true } }
      check.require(isListed, "an open order is in its instrument's list")
    }
    for (place, waits) in isWaiting.elements.enumerated() where waits {
      check.require(places[place]?.isOpen == true, "no answer is awaited of a finished order")
    }
    var last = Timestamp.distantPast
    waiting.forEach(in: 0) { place in
      let asked = places[Int(place)]?.asked ?? .distantPast
      check.require(asked >= last, "what was asked first is awaited longest")
      last = asked
    }
  }
}
