package import Market
package import PluginABI

/// Builds the bars of one instrument by one rule, from trades, prices or smaller bars that come in
/// the order of time.
package struct BarAggregator: Sendable {
  package let rule: BarRule
  private let instrument: Instrument
  private var bar: BuiltBar?
  /// What the bar's trades are worth, as a notional rule counts it.
  private var worth: Int128 = 0
  /// How late the last of the smaller bars may come.
  private var patience: Int64 = 0

  package init(_ rule: BarRule, of instrument: Instrument) {
    precondition(rule.isSound, "a bar closes at some time")
    self.rule = rule
    self.instrument = instrument
  }

  /// From when on it is known that the bar under way is complete; nil where only a trade tells.
  package var dueTime: Timestamp? {
    guard rule.interval != nil, let bar else { return nil }
    return patience == 0 ? bar.closeTime : bar.closeTime + Nanoseconds(patience + 1)
  }

  /// The bar of time that is complete when nothing older than `time` can come any more.
  package mutating func close(by time: Timestamp) -> BuiltBar? {
    guard let dueTime, dueTime <= time else { return nil }
    return take()
  }

  /// A trade, or a price without a quantity. The bar that it closed, in it or, where `close(by:)`
  /// was not asked before, before it.
  package mutating func add(
    _ price: Int64, _ quantity: Int64, _ side: Side?, at time: Timestamp
  ) -> BuiltBar? {
    let closed = rule.interval != nil && bar.map { $0.closeTime <= time } == true ? take() : nil
    begin(at: price, time)
    bar?.add(price, quantity, side, at: time)
    guard isFull(adding: price, quantity) else { return closed }
    bar?.closeTime = time
    return take()
  }

  /// A smaller bar of a time that divides this rule's: the bar that it completed.
  package mutating func add(_ smaller: keel_ev_bar) -> BuiltBar? {
    let interval = Nanoseconds(smaller.interval)
    let end = BarClose.time(
      received: Timestamp(nanoseconds: smaller.h.ts_recv), interval: interval)
    let inside = Timestamp(nanoseconds: Swift.max(end.nanoseconds, .min + 2) - 1)
    let closed = bar.map { $0.closeTime <= inside } == true ? take() : nil
    begin(at: smaller.open, inside)
    bar?.add(smaller, at: inside)
    patience = BarClose.delayMax(interval)
    guard closed == nil, let bar, bar.closeTime <= end else { return closed }
    return take()
  }

  /// The bar under way as it is, which may be incomplete.
  package mutating func finish() -> BuiltBar? { take() }

  private mutating func begin(at price: Int64, _ time: Timestamp) {
    guard bar == nil else { return }
    let end = rule.interval.map { BarClose.end(of: $0, at: time) } ?? time
    bar = BuiltBar(at: price, time: time, closeTime: end)
  }

  private mutating func isFull(adding price: Int64, _ quantity: Int64) -> Bool {
    guard let bar else { return false }
    switch rule {
    case .time: return false
    case .ticks(let count): return bar.count >= count
    case .volume(let wanted): return bar.volume >= wanted.mantissa
    case .notional(let wanted):
      let added =
        instrument.notional(Price(mantissa: price), Quantity(mantissa: Swift.max(0, quantity)))?
        .units ?? .max
      let (total, overflow) = worth.addingReportingOverflow(
        added == .min ? .max : Swift.max(added, -added))
      worth = overflow ? .max : total
      return worth >= wanted
    }
  }

  private mutating func take() -> BuiltBar? {
    guard var finished = bar else { return nil }
    if rule.interval == nil { finished.closeTime = finished.lastTime }
    bar = nil
    worth = 0
    return finished
  }
}
