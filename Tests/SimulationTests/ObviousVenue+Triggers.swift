import Simulation

/// Held orders, and bars.
extension ObviousVenue {
  mutating func follow(bid: Int?, ask: Int?, _ time: Int = .max) {
    let trailing = asked.indices.filter {
      asked[$0].state == .held && asked[$0].kind == .trailing && asked[$0].arrival <= time
    }
    // Those that must move furthest move first, and are the older at a price they share.
    func extreme(_ index: Int) -> Int {
      let order = asked[index]
      guard let trigger = order.trigger else { return .min }
      return order.isBuy ? -(trigger - order.trail) : trigger + order.trail
    }
    for index in trailing.sorted(by: {
      (extreme($0), asked[$0].age) < (extreme($1), asked[$1].age)
    }) {
      let order = asked[index]
      guard let price = order.isBuy ? ask : bid else { continue }
      let wanted = max(1, order.isBuy ? price + order.trail : price - order.trail)
      let isBetter = order.trigger.map { order.isBuy ? wanted < $0 : wanted > $0 } ?? true
      guard isBetter else { continue }
      asked[index].trigger = wanted
      grow(older: index)
    }
  }

  private enum Hold: CaseIterable { case stopBuys, stopSells, profitSells, profitBuys }

  private func place(_ order: Asked) -> Hold {
    order.kind == .profit
      ? (order.isBuy ? .profitBuys : .profitSells) : (order.isBuy ? .stopBuys : .stopSells)
  }
  private func isAbove(_ hold: Hold) -> Bool { hold == .stopBuys || hold == .profitSells }

  /// The next one that these prices reach: nearest trigger, then oldest.
  private func reached(_ hold: Hold, _ price: Int?, _ time: Int) -> Int? {
    guard let price else { return nil }
    return asked.indices.filter {
      asked[$0].state == .held && place(asked[$0]) == hold && asked[$0].arrival <= time
        && asked[$0].trigger.map { isAbove(hold) ? price >= $0 : price <= $0 } ?? false
    }.min {
      let (x, y) = (asked[$0], asked[$1])
      if x.trigger != y.trigger {
        return isAbove(hold) ? x.trigger! < y.trigger! : x.trigger! > y.trigger!
      }
      return x.age < y.age
    }
  }

  private mutating func release(_ index: Int) {
    asked[index].kind = asked[index].limit == nil ? .market : .limit
    asked[index].state = .waiting
    grow(older: index)
  }

  mutating func trip(bid: Int?, ask: Int?, _ time: Int, decides: Bool) {
    for hold in Hold.allCases {
      let price = hold == .stopBuys || hold == .profitBuys ? ask : bid
      while let index = reached(hold, price, time) {
        release(index)
        if decides { decide(index) }
      }
    }
  }

  mutating func see(bar open: Int, _ high: Int, _ low: Int, _ close: Int, opened: Int) {
    guard source.rawValue <= Source.bars.rawValue else { return }
    source = .bars
    quote(open)
    meet(opened)
    let nearer = high - open <= open - low ? [high, low] : [low, high]
    if isPessimistic {
      for extreme in nearer { walk(open, extreme, opened, stopsAlone: true) }
    }
    var price = open
    for next in nearer + [close] {
      walk(price, next, opened, stopsAlone: false)
      quote(next)
      follow(bid: next, ask: next, opened)
      price = next
    }
    bids[0].left = 0
    asks[0].left = 0
  }

  private mutating func quote(_ price: Int) {
    bids = [Level(price: price, shown: 0, left: 1_000_000_000)]
    asks = bids
  }

  /// Tick by tick; a limit is met when the path leaves it behind.
  private mutating func walk(_ from: Int, _ to: Int, _ opened: Int, stopsAlone: Bool) {
    guard from != to else { return }
    let isUp = to > from
    for price in stride(from: from, through: to, by: isUp ? 1 : -1) {
      quote(price)
      while let index = reached(isUp ? .stopBuys : .stopSells, price, opened) {
        release(index)
        decide(index)
      }
      if stopsAlone { continue }
      while let index = reached(isUp ? .profitSells : .profitBuys, price, opened) {
        release(index)
        decide(index)
      }
      guard price != to || queue == .front else { continue }
      while let index = asked.indices.filter({
        asked[$0].state == .resting && asked[$0].isBuy != isUp && asked[$0].arrival <= opened
          && (isUp ? asked[$0].limit! <= price : asked[$0].limit! >= price)
      }).min(by: { comesBefore($0, $1) }) {
        pass(index)
      }
    }
  }

  private mutating func pass(_ index: Int) {
    var most = asked[index].units
    if asked[index].isReduceOnly {
      most = min(most, reducible(asked[index]))
      if most == 0 { return finish(index, "cancelled reduceOnly") }
    }
    book(index, most, at: asked[index].limit!, "maker")
  }
}
