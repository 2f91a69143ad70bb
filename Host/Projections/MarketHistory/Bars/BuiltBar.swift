package import Market
package import PluginABI
import PluginBridge

/// A bar and what it was made of. Numbers are mantissas of the instrument's exponents; a sum that
/// 64 bits cannot hold stays at their greatest number.
package struct BuiltBar: Equatable, Sendable {
  package private(set) var open: Int64
  package private(set) var high: Int64
  package private(set) var low: Int64
  package private(set) var close: Int64
  package private(set) var volume: Int64 = 0
  /// Of aggressors that bought.
  package private(set) var buyVolume: Int64 = 0
  /// Price times quantity, summed: over `volume` it is the average price.
  package private(set) var turnover: Int128 = 0
  /// Trades, quotes or smaller bars in it.
  package private(set) var count = 0
  package let firstTime: Timestamp
  package private(set) var lastTime: Timestamp
  /// Known from the start for a bar of time, else its last trade's time.
  package internal(set) var closeTime: Timestamp

  init(at price: Int64, time: Timestamp, closeTime: Timestamp) {
    (open, high, low, close) = (price, price, price, price)
    firstTime = time
    lastTime = time
    self.closeTime = closeTime
  }

  mutating func add(_ price: Int64, _ quantity: Int64, _ side: Side?, at time: Timestamp) {
    touch(price)
    close = price
    count += 1
    lastTime = time
    volume = Self.sum(volume, quantity)
    if side == .buy { buyVolume = Self.sum(buyVolume, quantity) }
    let worth = Int128(price) * Int128(quantity)
    let (total, overflow) = turnover.addingReportingOverflow(worth)
    turnover = overflow ? (worth > 0 ? .max : .min) : total
  }

  /// A smaller bar, whose open is taken where this one has just begun.
  mutating func add(_ bar: keel_ev_bar, at time: Timestamp) {
    touch(bar.high)
    touch(bar.low)
    add(bar.close, Swift.max(0, bar.volume), nil, at: time)
  }

  private mutating func touch(_ price: Int64) {
    high = Swift.max(high, price)
    low = Swift.min(low, price)
  }

  private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
    let (total, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : total
  }

  /// As a record that is known at `time`. One that no interval bounds has interval 0.
  package func record(
    of instrument: InstrumentID, _ rule: BarRule, known time: Timestamp, source: UInt32
  ) -> keel_ev_bar {
    var record = keel_ev_bar()
    record.h = keel_event(
      KEEL_EV_BAR, of: keel_ev_bar.self, instrument: instrument,
      time: Swift.max(time, closeTime))
    record.h.ts_venue = closeTime.nanoseconds
    record.h.source = source
    (record.open, record.high, record.low, record.close) = (open, high, low, close)
    record.volume = volume
    record.interval = rule.interval?.count ?? 0
    return record
  }
}
