import Market
package import PluginABI
package import PluginBridge

/// What a venue says of one account when it is asked for everything: the records that
/// `keel_exchange.reconcile` replays.
package struct VenueTruth {
  /// What a venue tells at all. Where it tells positions, an instrument it does not name is flat.
  package struct Telling: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }
    package static let orders = Telling(rawValue: 1)
    package static let positions = Telling(rawValue: 2)
    package static let balances = Telling(rawValue: 4)
    package static let all: Telling = [.orders, .positions, .balances]
  }

  package let account: UInt16
  package let tells: Telling
  package private(set) var orders: [keel_ev_order] = []
  /// Oldest first; those of one time as the venue told them.
  package private(set) var fills: [keel_ev_fill] = []
  package private(set) var positions: [keel_ev_position] = []
  package private(set) var balances: [keel_ev_balance] = []

  package init(account: UInt16, tells: Telling = .all, records: RecordReader) {
    self.account = account
    self.tells = tells
    var told: [(index: Int, fill: keel_ev_fill)] = []
    for record in records {
      switch record.type {
      case KEEL_EV_ORDER:
        if let raw = record.cast(to: keel_ev_order.self) { orders.append(raw.pointee) }
      case KEEL_EV_FILL:
        if let raw = record.cast(to: keel_ev_fill.self) { told.append((told.count, raw.pointee)) }
      case KEEL_EV_POSITION:
        if let raw = record.cast(to: keel_ev_position.self) { positions.append(raw.pointee) }
      case KEEL_EV_BALANCE:
        if let raw = record.cast(to: keel_ev_balance.self) { balances.append(raw.pointee) }
      default: break
      }
    }
    told.sort { ($0.fill.h.ts_venue, $0.index) < ($1.fill.h.ts_venue, $1.index) }
    fills = told.map(\.fill)
  }
}
