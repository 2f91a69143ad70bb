import Market
import PluginBridge

/// All orders, found by id in constant time: the low bits of an id are its place, so an id is
/// never valid for another order. Finished orders stay until their place is needed, oldest first.
package struct OrderTable: Sendable {
  private var places: [Order?]
  /// Places free to take, oldest first: a ring.
  private var free: [UInt32]
  private var freeHead = 0
  private var freeCount: Int
  /// Places of open orders, and for each place where it stands in that list.
  private var open: [UInt32] = []
  private var openIndex: [UInt32]
  private var counter: UInt64 = 0
  /// Open orders by slot.
  private var openBySlot: [Int]
  private let openPerSlot: Int

  init(capacity: Int, slots: Int, openPerSlot: Int) {
    openBySlot = Array(repeating: 0, count: slots)
    self.openPerSlot = openPerSlot
    places = Array(repeating: nil, count: capacity)
    free = (0..<UInt32(capacity)).map { $0 }
    freeCount = capacity
    openIndex = Array(repeating: .max, count: capacity)
    open.reserveCapacity(capacity)
  }

  package var openCount: Int { open.count }
  package func openCount(of slot: UInt32) -> Int { openBySlot[Int(slot)] }

  static let indexMask: UInt64 = (1 << UInt64(Limits.orderIndexBits)) - 1

  package subscript(id: UInt64) -> Order? {
    let index = Int(id & Self.indexMask)
    guard index < places.count, let order = places[index], order.id == id else { return nil }
    return order
  }

  /// Open orders in the order of their ids within the list; stable for equal histories.
  package func forEachOpen(_ body: (Order) -> Void) {
    for place in open {
      if let order = places[Int(place)] { body(order) }
    }
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
    places[Int(place)] = make(id)
    openIndex[Int(place)] = UInt32(open.count)
    open.append(place)
    return id
  }

  /// Changes an order in place; frees its place when it has just become final.
  mutating func modify(_ id: UInt64, _ body: (inout Order) -> Void) {
    let place = Int(id & Self.indexMask)
    guard place < places.count, var order = places[place], order.id == id else { return }
    let wasOpen = order.isOpen
    body(&order)
    places[place] = order
    guard wasOpen, !order.isOpen else {
      precondition(wasOpen || !order.isOpen, "a finished order does not open again")
      return
    }
    openBySlot[Int(order.slot)] -= 1
    let position = Int(openIndex[place])
    let moved = open[open.count - 1]
    open[position] = moved
    openIndex[Int(moved)] = UInt32(position)
    open.removeLast()
    openIndex[place] = .max
    free[(freeHead + freeCount) % free.count] = UInt32(place)
    freeCount += 1
  }

  func checkInvariants() {
    precondition(open.count + freeCount == places.count, "each place is open or free")
    precondition(openBySlot.reduce(0, +) == open.count, "each open order is some slot's")
    for (position, place) in open.enumerated() {
      precondition(openIndex[Int(place)] == UInt32(position), "the open list knows its positions")
      precondition(places[Int(place)]?.isOpen == true, "the open list holds open orders")
    }
  }
}
