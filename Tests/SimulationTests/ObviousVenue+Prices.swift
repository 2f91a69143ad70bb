import Simulation

/// What prices do.
extension ObviousVenue {
  mutating func see(quote bid: (Int, Int)?, _ ask: (Int, Int)?, at time: Int) {
    guard source != .book else { return }
    source = .quotes
    bids = bid.map { [Level(price: $0.0, shown: $0.1, left: $0.1)] } ?? []
    asks = ask.map { [Level(price: $0.0, shown: $0.1, left: $0.1)] } ?? []
    for index in asked.indices where asked[index].state == .resting {
      let order = asked[index]
      let best = (order.isBuy ? bids : asks).first
      if best == nil || (order.isBuy ? order.limit! > best!.price : order.limit! < best!.price) {
        asked[index].ahead = 0
      } else if best!.price == order.limit! {
        asked[index].ahead = queue == .front ? 0 : min(order.ahead ?? .max, best!.shown)
      }
    }
    meet(time)
  }

  /// A whole book, best first, or one that has just changed at `changed`.
  mutating func see(
    book bids: [(Int, Int)], _ asks: [(Int, Int)], changed: (isBid: Bool, price: Int)?, at time: Int
  ) {
    source = .book
    isBroken = false
    func levels(_ told: [(Int, Int)], _ before: [Level], _ isBid: Bool) -> [Level] {
      told.map { price, units in
        let old = before.first { $0.price == price }
        let isSame = changed.map { $0.isBid != isBid || $0.price != price } ?? false
        return Level(price: price, shown: units, left: isSame ? old!.left : units)
      }
    }
    self.bids = levels(bids, self.bids, true)
    self.asks = levels(asks, self.asks, false)
    for index in asked.indices where asked[index].state == .resting {
      let order = asked[index]
      if let changed, changed.isBid != order.isBuy || changed.price != order.limit! { continue }
      let shown = (order.isBuy ? bids : asks).first { $0.0 == order.limit! }?.1 ?? 0
      asked[index].ahead = queue == .front ? 0 : min(order.ahead ?? .max, shown)
    }
    meet(time)
  }

  mutating func breakBook() {
    guard source == .book else { return }
    isBroken = true
    bids = []
    asks = []
  }

  mutating func see(trade price: Int, _ units: Int, aggressorBuys: Bool?, at time: Int) {
    let isPrice = source.rawValue <= Source.trades.rawValue
    if isPrice { source = .trades }
    if isBroken { return }
    var left = units
    for isBuy in [true, false] where aggressorBuys != isBuy {
      let resting = asked.indices.filter {
        asked[$0].state == .resting && asked[$0].isBuy == isBuy && asked[$0].likes(price)
      }.sorted { comesBefore($0, $1) }
      for index in resting where asked[index].state == .resting {
        go(through: index, price, &left)
      }
    }
    let level = [Level(price: price, shown: units, left: left)]
    if isPrice {
      (bids, asks) = (level, level)
      decideWaiting(time)
    }
    follow(bid: price, ask: price)
    trip(bid: price, ask: price, time, decides: isPrice)
    refresh()
    if isPrice {
      bids[0].left = 0
      asks[0].left = 0
    }
  }

  private mutating func go(through index: Int, _ price: Int, _ left: inout Int) {
    let order = asked[index]
    var most = order.units
    if order.limit == price {
      guard let ahead = order.ahead else { return }
      asked[index].ahead = max(0, ahead - left)
      most = min(order.shown, max(0, left - ahead))
    } else {
      asked[index].ahead = 0
    }
    most = min(most, left)
    guard most > 0 else { return }
    if order.isReduceOnly {
      most = min(most, reducible(order))
      if most == 0 { return finish(index, "cancelled reduceOnly") }
    }
    left -= most
    book(index, most, at: order.limit!, "maker")
  }

  /// A fill, and the order's end when it was the last.
  mutating func book(_ index: Int, _ units: Int, at price: Int, _ word: String) {
    asked[index].filled += units
    asked[index].shown = max(0, asked[index].shown - units)
    if asked[index].display == 0 { asked[index].shown = asked[index].units }
    position += asked[index].isBuy ? units : -units
    words.append("#\(asked[index].number) \(units)x\(price) \(word)")
    guard asked[index].units == 0 else { return }
    if asked[index].isShrunk { words.append("#\(asked[index].number) filled") }
    asked[index].state = .done
  }

  // MARK: the steps of one record

  mutating func meet(_ time: Int) {
    for isBuy in [true, false] {
      let resting = asked.indices.filter {
        asked[$0].state == .resting && asked[$0].isBuy == isBuy
      }.sorted { comesBefore($0, $1) }
      for index in resting where asked[index].arrival <= time { reach(index) }
    }
    decideWaiting(time)
    follow(bid: bids.first?.price, ask: asks.first?.price, time)
    trip(bid: bids.first?.price, ask: asks.first?.price, time, decides: true)
    refresh()
  }

  /// The other side has come to a resting order.
  private mutating func reach(_ index: Int) {
    let order = asked[index]
    var most = order.units
    let offered = (order.isBuy ? asks : bids).filter { order.likes($0.price) }
    most = min(most, offered.reduce(0) { $0 + $1.left })
    guard most > 0 else { return }
    if order.isReduceOnly {
      most = min(most, reducible(order))
      if most == 0 { return finish(index, "cancelled reduceOnly") }
    }
    for _ in 0..<most { _ = takeUnit(order) }
    book(index, most, at: order.limit!, "maker")
  }

  /// One unit of the best offer that an order likes; its price.
  mutating func takeUnit(_ order: Asked) -> Int? {
    let offers = order.isBuy ? asks : bids
    guard let place = offers.firstIndex(where: { $0.left > 0 }), order.likes(offers[place].price)
    else { return nil }
    // A trade or a bar has one quantity for both sides.
    let isShared = source == .trades || source == .bars
    if order.isBuy || isShared { asks[place].left -= 1 }
    if !order.isBuy || isShared { bids[place].left -= 1 }
    return offers[place].price
  }

  mutating func decideWaiting(_ time: Int) {
    let waiting = asked.indices.filter { asked[$0].state == .waiting }
      .sorted { asked[$0].age < asked[$1].age }
    for index in waiting where asked[index].arrival <= time { decide(index) }
  }

  mutating func decide(_ index: Int) {
    let order = asked[index]
    let offers = order.isBuy ? asks : bids
    if order.isPostOnly, order.limit != nil, let best = offers.first, order.likes(best.price) {
      return finish(index, "rejected wouldCross")
    }
    let within = offers.filter { order.likes($0.price) }.reduce(0) { $0 + $1.left }
    if order.life == .whole, within < order.units {
      return finish(index, "cancelled noLiquidity")
    }
    guard takeLevels(index) else { return }
    if order.life != .good {
      finish(index, "cancelled noLiquidity")
    } else if order.limit != nil {
      rest(index)
    }
  }

  /// False when the order has ended.
  private mutating func takeLevels(_ index: Int) -> Bool {
    while true {
      let order = asked[index]
      let best = (order.isBuy ? asks : bids).first { $0.left > 0 }
      let isOpen = best.map { order.likes($0.price) } ?? false
      if selfTrade != .ignore, !meetOwn(index, upTo: isOpen ? best!.price : nil) { return false }
      guard isOpen, let best else { return true }
      var most = min(asked[index].units, best.left)
      if order.isReduceOnly {
        most = min(most, reducible(order))
        if most == 0 {
          finish(index, "cancelled reduceOnly")
          return false
        }
      }
      for _ in 0..<most { _ = takeUnit(order) }
      book(index, most, at: best.price, "taker")
      if asked[index].state == .done { return false }
    }
  }

  private mutating func refresh() {
    for isBuy in [true, false] {
      let sold = asked.indices.filter {
        asked[$0].state == .resting && asked[$0].isBuy == isBuy && asked[$0].display > 0
          && asked[$0].shown == 0
      }.sorted { comesBefore($0, $1) }
      for index in sold {
        asked[index].shown = min(asked[index].display, asked[index].units)
        grow(older: index)
        asked[index].ahead = queue(for: asked[index])
      }
    }
  }
}
