package import Market
package import PluginABI

/// What happens to a recorded market in a scenario: its records, changed where they lie. Whole
/// numbers and the time of the record decide, so that equal tapes give equal shocks.
package struct MarketShock: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    /// Prices fall by `size` over `length`, and come back over `recovery`, or stay.
    case crash
    /// Nothing is heard for `length`; then prices stand `size` away, and stay there.
    case gap
    /// For `length`, `size` of all quantities is gone, and the spread is wider by as much as it.
    case illiquidity
    /// For `length` the venue takes and says nothing. Prices go on.
    case outage
  }

  package var kind: Kind
  package var start: Timestamp
  package var length: Nanoseconds
  /// Parts per million. Of a gap it may be below zero.
  package var size: Int64
  package var recovery: Nanoseconds?

  package init(
    _ kind: Kind, at start: Timestamp, length: Nanoseconds, size: Int64,
    recovery: Nanoseconds? = nil
  ) {
    self.kind = kind
    self.start = start
    self.length = length
    self.size = size
    self.recovery = recovery
  }

  private static let whole: Int64 = 1_000_000

  /// Whether a record of this time is heard at all.
  package func hears(_ time: Int64) -> Bool {
    kind != .gap || time < start.nanoseconds || time >= (start + length).nanoseconds
  }

  /// Changes one record; prices stay on `tick`, quantities on `lot`.
  package func apply(
    to record: UnsafeMutablePointer<keel_event>, tick: Int64, lot: Int64
  ) {
    let time = record.pointee.ts_recv
    guard time >= start.nanoseconds else { return }
    let (share, left) = (share(at: time), left(at: time))
    guard share != Self.whole || left != Self.whole else { return }
    let raw = UnsafeMutableRawPointer(record)
    switch Int(record.pointee.type) {
    case KEEL_EV_QUOTE:
      quote(raw.assumingMemoryBound(to: keel_ev_quote.self), share, left, tick, lot)
    case KEEL_EV_TRADE:
      let trade = raw.assumingMemoryBound(to: keel_ev_trade.self)
      trade.pointee.px = Self.part(trade.pointee.px, share, of: tick, up: false)
      trade.pointee.qty = Self.kept(trade.pointee.qty, left, lot)
    case KEEL_EV_BAR:
      let bar = raw.assumingMemoryBound(to: keel_ev_bar.self)
      bar.pointee.open = Self.part(bar.pointee.open, share, of: tick, up: false)
      bar.pointee.high = Self.part(bar.pointee.high, share, of: tick, up: false)
      bar.pointee.low = Self.part(bar.pointee.low, share, of: tick, up: false)
      bar.pointee.close = Self.part(bar.pointee.close, share, of: tick, up: false)
      bar.pointee.volume = Self.kept(bar.pointee.volume, left, lot)
    case KEEL_EV_MARK:
      let mark = raw.assumingMemoryBound(to: keel_ev_mark.self)
      mark.pointee.mark = Self.part(mark.pointee.mark, share, of: 1, up: false)
      mark.pointee.index = Self.part(mark.pointee.index, share, of: 1, up: false)
    default: break
    }
  }

  private func quote(
    _ quote: UnsafeMutablePointer<keel_ev_quote>, _ share: Int64, _ left: Int64, _ tick: Int64,
    _ lot: Int64
  ) {
    var (bid, ask) = (quote.pointee.bid, quote.pointee.ask)
    if left < Self.whole, bid != KEEL_NULL, ask != KEEL_NULL {
      let wider =
        Int64(
          clamping: Int128(ask) - Int128(bid)) / 2 &* (Self.whole - left) / Swift.max(1, left)
      (bid, ask) = (bid.subtractingReportingOverflow(wider).partialValue, ask &+ wider)
    }
    if bid != KEEL_NULL { quote.pointee.bid = Self.part(bid, share, of: tick, up: false) }
    if ask != KEEL_NULL { quote.pointee.ask = Self.part(ask, share, of: tick, up: true) }
    quote.pointee.bid_qty = Self.kept(quote.pointee.bid_qty, left, lot)
    quote.pointee.ask_qty = Self.kept(quote.pointee.ask_qty, left, lot)
  }

  /// What prices are of what they were.
  private func share(at time: Int64) -> Int64 {
    let age = time - start.nanoseconds
    switch kind {
    case .crash:
      let down = Self.whole - Self.scaled(size, Swift.min(age, length.count), length.count)
      guard let recovery, age > length.count else { return down }
      let back = Swift.min(age - length.count, recovery.count)
      return down + Self.scaled(size, back, recovery.count)
    case .gap: return Self.whole + size
    case .illiquidity, .outage: return Self.whole
    }
  }

  /// What quantities are of what they were.
  private func left(at time: Int64) -> Int64 {
    guard kind == .illiquidity, time < (start + length).nanoseconds else { return Self.whole }
    return Self.whole - size
  }

  private static func scaled(_ size: Int64, _ part: Int64, _ of: Int64) -> Int64 {
    of <= 0 ? size : Int64(Int128(size) * Int128(part) / Int128(of))
  }

  /// On the tick towards the side that says less: a bid down, an ask up; never below one tick.
  private static func part(_ price: Int64, _ share: Int64, of tick: Int64, up: Bool) -> Int64 {
    guard price != KEEL_NULL, price > 0, share != whole else { return price }
    let product = Int128(price) * Int128(share)
    let step = Int128(whole) * Int128(tick)
    let steps = product / step + (up && product % step != 0 ? 1 : 0)
    return Int64(clamping: Swift.max(1, steps) * Int128(tick))
  }

  /// Whole lots, at least one.
  private static func kept(_ quantity: Int64, _ left: Int64, _ lot: Int64) -> Int64 {
    guard quantity > 0, left != whole else { return quantity }
    let kept = Int64(Int128(quantity) * Int128(left) / Int128(whole))
    return Swift.max(lot, kept - kept % lot)
  }
}
