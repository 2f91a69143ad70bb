import Market
import PluginABI
import PluginBridge
import Simulation

/// A source as it would be in a scenario: its records are copied, and changed.
final class ShockFeed: Feed {
  private let feed: any Feed
  private let shock: MarketShock
  private let steps: [(tick: Int64, lot: Int64)]
  private let name: String
  /// A bar's volume bounds what is filled in it.
  private let barsBound: Bool
  private var copies = RecordBuffer(capacity: 1 << 22)
  /// What did not fit the copies yet.
  private var rest = RecordReader(UnsafeRawBufferPointer(start: nil, count: 0))

  init(
    _ feed: any Feed, _ shock: MarketShock, instruments: [keel_ev_instrument], name: String,
    barsBound: Bool
  ) {
    self.barsBound = barsBound
    self.feed = feed
    self.shock = shock
    self.name = name
    steps = instruments.map { (Swift.max(1, $0.tick), Swift.max(1, $0.lot)) }
  }

  func more(after now: Timestamp) throws(SessionError) -> UnsafeRawBufferPointer? {
    copies.removeAll()
    while copies.isEmpty {
      if rest.rest.isEmpty {
        guard let records = try feed.more(after: now) else { return nil }
        rest = RecordReader(records)
      }
      try take()
    }
    return copies.bytes
  }

  private func take() throws(SessionError) {
    while !rest.rest.isEmpty {
      let before = rest
      guard let record = rest.next() else { return }
      try check(record)
      guard shock.hears(record.header.pointee.ts_recv) else { continue }
      guard let header = copies.append(record.bytes) else {
        rest = before
        return
      }
      let index = record.instrument.index
      if index < steps.count {
        shock.apply(to: header, tick: steps[index].tick, lot: steps[index].lot)
      }
    }
  }

  /// Levels that move together would fall onto each other.
  private func check(_ record: Record) throws(SessionError) {
    // Less volume changes nothing where no bar's volume bounds a fill.
    if shock.kind == .illiquidity, record.type == KEEL_EV_BAR, !barsBound {
      throw SessionError(
        .usage, name,
        "scenario illiquidity takes volume away, and by the configuration no bar's volume bounds "
          + "what is filled in it",
        remedy: "set fills.barVolumeShare of the venue, such as \"0.1\", or use quotes or trades")
    }
    guard record.type == KEEL_EV_BOOK, shock.kind != .outage else { return }
    throw SessionError(
      .setup, name, "scenario \(shock.kind.rawValue) changes prices or sizes, and it has books",
      remedy: "use a tape of quotes, trades or bars, or the scenario outage")
  }
}
