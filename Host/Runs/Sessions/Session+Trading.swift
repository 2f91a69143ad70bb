package import Kernel
import Market
import PluginABI
import PluginBridge

/// Who changes something while trading, and why: journaled with the change.
package struct OperatorNote: Sendable {
  package var who: String
  package var why: String

  package init(who: String, why: String = "") {
    self.who = who
    self.why = why
  }
}

/// What an operator does to trading itself, of one slot or of all.
package enum TradingOrder: Sendable, Equatable {
  case halt
  /// Only what makes positions smaller.
  case reduce
  case resume
  /// Halts, and cancels every open order; then closes positions, if it says so.
  case kill(flattens: Bool)

  fileprivate var state: TradingState {
    switch self {
    case .resume: .active
    case .reduce: .reducing
    case .halt, .kill: .halted
    }
  }
}

/// What came of it.
package struct TradingAnswer: Sendable, Equatable {
  /// What binds from the next turn on: the tighter of everybody's and the slot's own.
  package var state: TradingState
  /// Open orders that are being cancelled, and positions that are being closed.
  package var orders = 0
  package var positions = 0
}

extension Session {
  /// In force from the next turn on, which does not wait for data. No plugin is asked.
  package func order(
    _ order: TradingOrder, slot name: String?, _ note: OperatorNote
  ) throws(SessionError) -> TradingAnswer {
    let number = try name.map { name throws(SessionError) in try slot(named: name).number } ?? 0
    var record = keel_rec_trading()
    record.h = keel_event(KEEL_REC_TRADING, of: keel_rec_trading.self)
    record.h.source = number
    record.state = UInt32(order.state.rawValue)
    FixedText.writePrefix(of: note.who, to: &record.who)
    FixedText.writePrefix(of: note.why, to: &record.why)
    var answer = TradingAnswer(state: order.state)
    switch order {
    case .kill(let flattens):
      record.flags = UInt32(KEEL_TRADING_KILL | (flattens ? KEEL_TRADING_FLATTEN : 0))
      answer.orders =
        number == 0 ? kernel.state.orders.openCount : kernel.state.orders.openCount(of: number)
      answer.positions = flattens ? positionCount(of: number) : 0
    // A kill under way goes on: nobody who halts means to call it off.
    case .halt, .reduce: record.flags = UInt32(kernel.killFlags(of: number))
    case .resume: break
    }
    if number != 0 { answer.state = Swift.max(answer.state, kernel.risk.tradingState) }
    try queueUrgently { $0.append(record) != nil }
    return answer
  }

  /// By slot and instrument; of everybody for 0.
  private func positionCount(of number: UInt32) -> Int {
    let slots = number == 0 ? slots.map(\.number) : [number]
    return slots.reduce(0) { count, slot in
      count
        + directory.instruments.indices.count { index in
          let id = InstrumentID(rawValue: UInt32(index))
          return kernel.state.positions[slot, id].quantity != 0
        }
    }
  }
}
