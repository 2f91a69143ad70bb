package import Market
import PluginABI
import PluginBridge

/// Records of one kind of one instrument from one source: what can be in order, or have a hole.
package struct StreamKey: Hashable, Sendable {
  package enum Kind: UInt8, Sendable { case trades, quotes, bars, book, funding }

  package let instrument: InstrumentID
  package let kind: Kind
  package let source: UInt32
  /// Of bars; 0 where no time bounds them.
  package let interval: Int64

  /// nil for a record that is no price and no rate.
  init?(_ record: Record) {
    let kind: Kind
    var interval: Int64 = 0
    switch record.type {
    case KEEL_EV_TRADE: kind = .trades
    case KEEL_EV_QUOTE: kind = .quotes
    case KEEL_EV_BAR:
      kind = .bars
      interval = record.cast(to: keel_ev_bar.self)?.pointee.interval ?? 0
    case KEEL_EV_BOOK: kind = .book
    case KEEL_EV_FUNDING: kind = .funding
    default: return nil
    }
    self.kind = kind
    instrument = record.instrument
    source = record.source
    self.interval = Swift.max(0, interval)
  }
}
