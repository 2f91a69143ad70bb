package import Market
package import PluginBridge

/// Positions by slot, instrument and leg: one leg where an account nets, a long and a short one
/// where it holds both. What the account holds is kept beside them, and is always their sum.
package struct PositionTable: ~Copyable, Sendable {
  /// What the slots hold together: what the venue sees.
  package struct Total: Equatable, Sendable {
    package internal(set) var quantity: Int64 = 0
    package internal(set) var workingBuy: Int64 = 0
    package internal(set) var workingSell: Int64 = 0
  }

  var positions: Table<Position>
  var totals: Table<Total>
  package let instruments: Int
  package let slots: Int

  init(slots: Int, instruments: Int) {
    self.slots = slots
    self.instruments = instruments
    positions = Table(repeating: Position(), count: slots * instruments * 2)
    totals = Table(repeating: Total(), count: instruments * 2)
  }

  package subscript(
    slot: UInt32, instrument: InstrumentID, side: PositionSide = .net
  ) -> Position {
    positions[place(slot, instrument, side)]
  }

  /// What the account holds and has working.
  package func account(_ instrument: InstrumentID, _ side: PositionSide = .net) -> Total {
    totals[instrument.index * 2 + side.leg]
  }

  /// Both legs together.
  func whole(_ slot: UInt32, _ instrument: InstrumentID) -> Position {
    self[slot, instrument, .net] + self[slot, instrument, .short]
  }

  /// Changes a position, and the account's with it.
  mutating func modify<R>(
    _ slot: UInt32, _ instrument: InstrumentID, _ side: PositionSide,
    _ body: (inout Position) -> R
  ) -> R {
    let index = place(slot, instrument, side)
    let before = positions[index]
    let result = body(&positions[index])
    let total = instrument.index * 2 + side.leg
    totals[total].quantity &+= positions[index].quantity &- before.quantity
    totals[total].workingBuy &+= positions[index].workingBuy &- before.workingBuy
    totals[total].workingSell &+= positions[index].workingSell &- before.workingSell
    return result
  }

  /// Adds what an order has working; a negative amount takes it off.
  mutating func addWork(_ order: Order, _ amount: Int64) {
    guard order.countsAsWorking else { return }
    modify(order.slot, order.instrument, order.positionSide) {
      switch order.side {
      case .buy: $0.workingBuy += amount
      case .sell: $0.workingSell += amount
      }
    }
  }

  private func place(_ slot: UInt32, _ instrument: InstrumentID, _ side: PositionSide) -> Int {
    (Int(slot) * instruments + instrument.index) * 2 + side.leg
  }

  func hasSameWork(as other: borrowing PositionTable) -> Bool {
    positions.elements.elementsEqual(other.positions.elements) {
      $0.workingBuy == $1.workingBuy && $0.workingSell == $1.workingSell
    }
  }

  func checkInvariants(_ check: inout InvariantCheck) {
    for (index, total) in totals.elements.enumerated() {
      var sum = Total()
      for slot in 0..<slots {
        let position = positions[slot * instruments * 2 + index]
        sum.quantity &+= position.quantity
        sum.workingBuy &+= position.workingBuy
        sum.workingSell &+= position.workingSell
        check.require(
          position.workingBuy >= 0 && position.workingSell >= 0, "work is never less than none")
        check.require(position.quantity != 0 || position.cost == 0, "what is flat has no cost")
      }
      check.require(sum == total, "the slots sum to the account")
    }
  }
}
