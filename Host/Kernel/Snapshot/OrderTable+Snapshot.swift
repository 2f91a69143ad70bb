import Market
import PluginBridge

extension OrderTable: SnapshotValue {
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.table(&places)
    codec.table(&names)
    codec.count(&counter)
    var free = (0..<freeCount).map { self.free[(freeHead + $0) % self.free.count] }
    codec.places(&free, limit: places.count)
    codec.places(&open, limit: places.count)
    codec.value(&byInstrument)
    codec.value(&heldByInstrument)
    codec.table(&bounds)
    codec.table(&reductions)
    codec.count(&deadlines)
    codec.value(&soonestDeadline)
    codec.value(&waiting)
    guard codec.isReading, codec.refusal == nil else { return }
    takeFree(free, &codec)
    takeOpen(&codec)
    takeWaiting(&codec)
  }

  /// The ring begins anew: what counts is the order in which places are taken.
  private mutating func takeFree(_ list: [UInt32], _ codec: inout SnapshotCodec) {
    for (index, place) in list.enumerated() {
      free[index] = place
      let isFree = self.places[Int(place)].map { !$0.isOpen } ?? true
      codec.require(isFree, "a free place holds an open order")
    }
    freeHead = 0
    freeCount = list.count
  }

  /// Where each open order stands in the list, and how many a slot has.
  private mutating func takeOpen(_ codec: inout SnapshotCodec) {
    for index in openIndex.indices { openIndex[index] = .max }
    for index in openBySlot.indices { openBySlot[index] = 0 }
    for (index, place) in open.enumerated() {
      guard let order = places[Int(place)], order.isOpen, openIndex[Int(place)] == .max,
        Int(order.slot) < openBySlot.count
      else { return codec.refuse(.contradicts, "the open list does not hold the open orders") }
      openIndex[Int(place)] = UInt32(index)
      openBySlot[Int(order.slot)] += 1
    }
    codec.require(
      openBySlot.elements.allSatisfy { $0 <= openPerSlot }
        && open.count + freeCount == places.count,
      "each place is open or free, and no slot has more than its share")
    let isEachAtItsPlace = places.indices.allSatisfy { index in
      guard let order = places[index] else { return true }
      return Self.place(order.id) == index && order.id >> UInt64(Limits.orderIndexBits) <= counter
        && Int(order.slot) < openBySlot.count && order.instrument.index < byInstrument.lists
    }
    codec.require(isEachAtItsPlace, "an order's id does not name its place")
  }

  private mutating func takeWaiting(_ codec: inout SnapshotCodec) {
    for index in isWaiting.indices { isWaiting[index] = false }
    waiting.forEach(in: 0) { isWaiting[Int($0)] = true }
    var listed = 0
    for list in 0..<byInstrument.lists { listed += byInstrument.count(of: list) }
    codec.require(listed == open.count, "each open order is in its instrument's list")
    var isHeld = true
    for list in 0..<heldByInstrument.lists {
      heldByInstrument.forEach(in: list) { place in
        isHeld = isHeld && places[Int(place)]?.state == .held
      }
    }
    codec.require(isHeld, "only what is held is in the lists of it")
  }
}

extension TriggerBounds: SnapshotElement {
  static var blank: TriggerBounds { .never }

  mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&above)
    codec.value(&below)
  }
}

extension PlaceLists: SnapshotValue {
  /// What stands in each list, in order: lists read back are whole, whatever the bytes say.
  mutating func code(_ codec: inout SnapshotCodec) {
    var isListed = [Bool](repeating: false, count: codec.isReading ? next.count : 0)
    codec.constant(UInt32(first.count), .foreign, "the number of lists")
    for list in first.indices where codec.refusal == nil {
      var count = counts[list]
      codec.value(&count)
      var place = first[list]
      for _ in 0..<count where codec.refusal == nil {
        codec.value(&place)
        guard codec.isReading else {
          place = next[Int(place)]
          continue
        }
        guard Int(place) < next.count, !isListed[Int(place)] else {
          return codec.refuse(.contradicts, "place \(place) is not one of a list's")
        }
        isListed[Int(place)] = true
        append(place, to: list)
      }
    }
  }
}
