package import Market

/// Positions by slot and instrument. The account's position is the sum over the slots, so the two
/// can never disagree.
package struct PositionTable: Sendable {
  private var positions: [Position]
  let instruments: Int
  let slots: Int

  init(slots: Int, instruments: Int) {
    self.slots = slots
    self.instruments = instruments
    positions = Array(repeating: Position(), count: slots * instruments)
  }

  package subscript(slot: UInt32, instrument: InstrumentID) -> Position {
    get { positions[Int(slot) * instruments + instrument.index] }
    set { positions[Int(slot) * instruments + instrument.index] = newValue }
  }

  /// Adds what an open order still has working.
  mutating func add(_ order: Order) {
    switch order.side {
    case .buy: self[order.slot, order.instrument].workingBuy += order.remaining.mantissa
    case .sell: self[order.slot, order.instrument].workingSell += order.remaining.mantissa
    }
  }

  func hasSameWork(as other: PositionTable) -> Bool {
    positions.elementsEqual(other.positions) {
      $0.workingBuy == $1.workingBuy && $0.workingSell == $1.workingSell
    }
  }

  package func account(_ instrument: InstrumentID) -> Int64 {
    var sum: Int64 = 0
    for slot in 0..<slots { sum += positions[slot * instruments + instrument.index].quantity }
    return sum
  }
}
