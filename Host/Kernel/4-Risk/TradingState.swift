import PluginABI
import PluginBridge

/// What may be done at all. Raw values are the C ABI's; a larger one is tighter.
package enum TradingState: UInt8, Comparable, Sendable {
  case active = 1
  /// Only what reduces the slot's and the account's position.
  case reducing
  /// Nothing, but for cancels.
  case halted

  package static func < (a: TradingState, b: TradingState) -> Bool { a.rawValue < b.rawValue }
}

/// Of all, and of each slot: the tighter one binds.
struct TradingStates: ~Copyable, Sendable {
  var all = TradingState.active
  var bySlot: Table<TradingState>

  init(slots: Int) { bySlot = Table(repeating: .active, count: slots) }

  subscript(slot: UInt32) -> TradingState { Swift.max(all, bySlot[Int(slot)]) }
  var ofAll: TradingState { all }

  mutating func apply(_ record: Record) {
    guard let raw = record.cast(to: keel_rec_trading.self)?.pointee,
      let state = UInt8(exactly: raw.state).flatMap(TradingState.init)
    else { return }
    if record.source == 0 {
      all = state
    } else if Int(record.source) < bySlot.count {
      bySlot[Int(record.source)] = state
    }
  }
}
