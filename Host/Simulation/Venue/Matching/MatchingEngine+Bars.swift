import Market
import PluginABI
import PluginBridge

/// Bars, walked along a path of straight lines from price to price.
extension MatchingEngine {
  mutating func see(_ bar: Bar, _ market: Market, _ reports: inout RecordBuffer) {
    guard market.pointee.source.rawValue <= VenueMarket.Source.bars.rawValue,
      isPossible(bar)
    else { return }
    let time = bar.raw.pointee.h.ts_recv
    market.pointee.source = .bars
    market.pointee.last = bar.close.mantissa
    market.pointee.priced = Self.priced(bar.raw.pointee.h)
    if model.slippage.rule == .squareRoot {
      market.pointee.activity.trade(
        bar.volume.mantissa, at: time, window: model.slippage.window.count)
    }
    // What is held without an order only matters where margin is watched.
    if market.pointee.orderCount > 0 || (model.margin.isWatched && !market.pointee.isFlat),
      market.pointee.instrument != nil, market.pointee.isTrading
    {
      walk(bar, market, at: time, &reports)
    }
    quote(market, bar.close.mantissa, left: model.taking == .standingPrices ? .max : 0)
    if model.margin.isWatched { watch(market, at: time, &reports) }
  }

  private mutating func isPossible(_ bar: Bar) -> Bool {
    let (low, high) = (bar.low.mantissa, bar.high.mantissa)
    return low > -Int64.max && high < Int64.max && low <= high
      && (low...high).contains(bar.open.mantissa) && (low...high).contains(bar.close.mantissa)
  }

  /// Only a bar that opened after an order's arrival fills it: an older one holds prices from
  /// before. `opened` stands for the time of all that happens in the bar to single orders.
  private mutating func walk(
    _ bar: Bar, _ market: Market, at time: Int64, _ reports: inout RecordBuffer
  ) {
    let interval = Swift.max(0, bar.interval.count)
    let (start, overflow) = time.subtractingReportingOverflow(interval)
    var step = BarStep(opened: overflow ? .min : start, time: time)
    let open = bar.open.mantissa
    let volume = bar.volume.mantissa.multipliedFullWidth(by: model.barShare)
    let share = (Int128(volume.high) << 64 | Int128(volume.low)) / 1_000_000
    quote(market, open, left: model.barShare == 0 ? .max : Int64(clamping: share))
    meetPoint(market, step, &reports)
    let isHighFirst = bar.high.mantissa &- open <= open &- bar.low.mantissa
    let (first, second) =
      isHighFirst ? (bar.high.mantissa, bar.low.mantissa) : (bar.low.mantissa, bar.high.mantissa)
    if model.barPath == .pessimistic {
      step.stopsAlone = true
      step.go(from: open, to: first)
      follow(market, step, &reports)
      step.go(from: open, to: second)
      follow(market, step, &reports)
      step.stopsAlone = false
    }
    step.go(from: open, to: first)
    reach(market, step, &reports)
    step.go(from: first, to: second)
    reach(market, step, &reports)
    step.go(from: second, to: bar.close.mantissa)
    reach(market, step, &reports)
  }

  /// A line, and what follows from the price at its end.
  private mutating func reach(
    _ market: Market, _ step: BarStep, _ reports: inout RecordBuffer
  ) {
    follow(market, step, &reports)
    quote(market, step.to, left: market.pointee.askLeft)
    trail(market, at: step.opened)
    refresh(market)
    if model.margin.isWatched { watch(market, at: step.time, &reports) }
  }

  private mutating func quote(_ market: Market, _ price: Int64, left: Int64) {
    market.pointee.bid = price
    market.pointee.ask = price
    market.pointee.bidLeft = left
    market.pointee.askLeft = left
  }

  /// The open: everything is decided as by any price, a resting order at its limit included.
  private mutating func meetPoint(
    _ market: Market, _ step: BarStep, _ reports: inout RecordBuffer
  ) {
    barTime = step.time
    meetPrices(market, at: step.opened, &reports)
    barTime = nil
  }

  /// One straight line: what is reached first comes first, of one price stops before limits.
  private mutating func follow(
    _ market: Market, _ step: BarStep, _ reports: inout RecordBuffer
  ) {
    guard step.from != step.to else { return }
    barTime = step.time
    while let met = next(market, step) {
      quote(market, met.price, left: market.pointee.askLeft)
      if met.isHeld {
        release(met.slot, market)
        decide(met.slot, market, at: step.opened, &reports)
        continue
      }
      let amount = Swift.min(orders[met.slot].pointee.remaining, market.pointee.askLeft)
      guard let amount = reduced(met.slot, market, amount, at: step.opened, &reports) else {
        continue
      }
      consume(market, isBuy: true, amount, from: 0)
      makerFill(met.slot, amount, market, at: step.opened, &reports)
    }
    barTime = nil
  }

  private struct Met {
    var slot: Slot
    var price: Int64
    var isHeld: Bool
  }

  /// The next order that the line meets.
  private mutating func next(_ market: Market, _ step: BarStep) -> Met? {
    let isUp = step.to > step.from
    var best: Met?
    func consider(_ place: VenueOrder.Place, _ threshold: Int64, isHeld: Bool) {
      let list = market.pointee.list(place)
      var index = list.pointee.count - 1
      while index >= 0, list.pointee[index].key >= threshold {
        let entry = list.pointee[index]
        index -= 1
        guard orders[entry.slot].pointee.arrival <= step.opened else { continue }
        let price = isUp ? 0 &- entry.key : entry.key
        if let best, isUp ? best.price <= price : best.price >= price { return }
        best = Met(slot: entry.slot, price: price, isHeld: isHeld)
        return
      }
    }
    let end = isUp ? 0 &- step.to : step.to
    consider(isUp ? .stopBuys : .stopSells, end, isHeld: true)
    guard !step.stopsAlone else { return best }
    consider(isUp ? .profitSells : .profitBuys, end, isHeld: true)
    guard market.pointee.askLeft > 0 else { return best }
    // A limit is passed, not touched: who stands before it at its price, a bar does not say.
    consider(
      isUp ? .sells : .buys, model.queue.rule == .front ? end : end &+ 1, isHeld: false)
    return best
  }
}

/// A straight line inside a bar.
private struct BarStep {
  /// What arrived by then takes part.
  let opened: Int64
  /// When the bar is known, and what it did is told.
  let time: Int64
  var from: Int64 = 0
  var to: Int64 = 0
  var stopsAlone = false

  mutating func go(from start: Int64, to end: Int64) { (from, to) = (start, end) }
}
