import PluginABI
package import PluginBridge

/// Which records of a tape bars are made of.
package enum BarSource: String, CaseIterable, Sendable {
  case trades, quotes, bars

  package init?(_ record: Record) {
    switch record.type {
    case KEEL_EV_TRADE: self = .trades
    case KEEL_EV_QUOTE: self = .quotes
    case KEEL_EV_BAR: self = .bars
    default: return nil
    }
  }
}
