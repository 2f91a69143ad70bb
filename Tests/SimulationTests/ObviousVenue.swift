import Market
import Simulation
import TestSupport

/// The rules of the venue once more, without a thought for speed: one array of orders, looked
/// through again at every step; quantities unit by unit; bars tick by tick.
struct ObviousVenue {
  enum Kind { case market, limit, stop, profit, trailing }
  enum Life { case good, immediate, whole }
  enum State { case held, waiting, resting, done }

  struct Asked {
    var number: Int
    var isBuy: Bool
    var kind = Kind.market
    var life = Life.good
    var limit: Int?
    var trigger: Int?
    var trail = 0
    var total: Int
    var filled = 0
    var display = 0
    var shown = 0
    var isPostOnly = false
    var isReduceOnly = false
    var ends: Int?
    var arrival = 0
    var state = State.waiting
    /// Of two in one place, who came there first.
    var age = 0
    var ahead: Int?
    var isShrunk = false

    var units: Int { total - filled }
    /// A buyer likes low prices, a seller high ones.
    func likes(_ price: Int) -> Bool { limit.map { isBuy ? price <= $0 : price >= $0 } ?? true }
  }
  enum Wish {
    case place(Asked)
    case amend(number: Int, total: Int, limit: Int?, trigger: Int?)
    case cancel(number: Int)
  }
  enum Source: Int { case none, bars, trades, quotes, book }
  /// A level of the other side's offers.
  struct Level {
    var price: Int
    var shown: Int
    var left: Int
  }

  let selfTrade: VenueModel.SelfTrade
  let queue: QueueModel.Rule
  let isPessimistic: Bool
  var asked: [Asked] = []
  var wishes: [(arrival: Int, wish: Wish)] = []
  var source = Source.none
  var bids: [Level] = []
  var asks: [Level] = []
  var isBroken = false
  var position = 0
  var ages = 0
  var words: [String] = []

  init(
    selfTrade: VenueModel.SelfTrade = .ignore, queue: QueueModel.Rule = .riskAverse,
    isPessimistic: Bool = false
  ) {
    self.selfTrade = selfTrade
    self.queue = queue
    self.isPessimistic = isPessimistic
  }

  mutating func take() -> String {
    defer { words = [] }
    return words.isEmpty ? "nothing" : words.joined(separator: ", ")
  }

  mutating func send(_ wish: Wish, arrival: Int) { wishes.append((arrival, wish)) }

  // MARK: time

  /// Wishes by their arrival, orders by their end; of one time the wishes first.
  mutating func arrive(_ now: Int) {
    asked.removeAll { $0.state == .done }
    while true {
      let next = wishes.first?.arrival ?? .max
      let ending = asked.indices.filter { asked[$0].state != .done && asked[$0].ends != nil }
        .min { asked[$0].ends! < asked[$1].ends! }
      let end = ending.map { asked[$0].ends! } ?? .max
      guard min(next, end) <= now else { return }
      if next <= end {
        arrive(wishes.removeFirst().wish, at: next)
      } else {
        finish(ending!, "expired")
      }
    }
  }

  private mutating func arrive(_ wish: Wish, at time: Int) {
    switch wish {
    case .cancel(let number):
      if let index = open(number) { finish(index, "cancelled") }
    case .amend(let number, let total, let limit, let trigger):
      if let index = open(number) { amend(index, total, limit, trigger, at: time) }
    case .place(var order):
      if let ends = order.ends, ends <= time {
        return words.append("#\(order.number) rejected time")
      }
      if order.isReduceOnly, order.trigger == nil, order.kind != .trailing, reducible(order) == 0 {
        return words.append("#\(order.number) rejected reduceOnly")
      }
      let isBlind = order.kind == .market && source == .book && isBroken
      words.append("#\(order.number) accepted" + (isBlind ? " gapped" : ""))
      order.arrival = time
      order.shown = order.display == 0 ? order.total : order.display
      asked.append(order)
      settle(asked.count - 1)
    }
  }

  private func open(_ number: Int) -> Int? {
    asked.firstIndex { $0.number == number && $0.state != .done }
  }

  mutating func grow(older index: Int) {
    ages += 1
    asked[index].age = ages
  }

  /// Where a new or changed order goes.
  private mutating func settle(_ index: Int) {
    grow(older: index)
    let order = asked[index]
    if order.kind != .market, order.kind != .limit {
      asked[index].state = .held
      return
    }
    asked[index].state = .waiting
    guard source.rawValue >= Source.quotes.rawValue, !isBroken, order.limit != nil,
      order.life == .good
    else { return }
    if let other = (order.isBuy ? asks : bids).first, order.likes(other.price) { return }
    rest(index)
  }

  private mutating func amend(
    _ index: Int, _ total: Int, _ limit: Int?, _ trigger: Int?, at time: Int
  ) {
    let before = asked[index]
    let standing = "#\(before.number) " + (before.filled > 0 ? "partiallyFilled" : "accepted")
    if before.isPostOnly, before.state != .held, limit != before.limit, !isBroken,
      source.rawValue >= Source.quotes.rawValue,
      let other = (before.isBuy ? asks : bids).first,
      before.isBuy ? limit! >= other.price : limit! <= other.price
    {
      words.append(standing + " wouldCross")
      return
    }
    asked[index].isShrunk = false
    asked[index].total = total
    asked[index].limit = limit
    let left = max(0, asked[index].units)
    if before.display == 0 || asked[index].shown > left { asked[index].shown = left }
    if let trigger { asked[index].trigger = trigger }
    if asked[index].units <= 0 { return finish(index, "cancelled") }
    words.append(standing)
    if before.state == .held {
      if let trigger, trigger != before.trigger { grow(older: index) }
    } else if limit != before.limit || total > before.total {
      asked[index].arrival = time
      asked[index].kind = limit == nil ? .market : .limit
      settle(index)
    }
  }

  // MARK: ends and places

  mutating func finish(_ index: Int, _ word: String) {
    words.append("#\(asked[index].number) \(word)")
    asked[index].state = .done
  }

  func reducible(_ order: Asked) -> Int { max(0, order.isBuy ? -position : position) }

  mutating func rest(_ index: Int) {
    guard selfTrade == .ignore || meetOwn(index, upTo: nil) else { return }
    asked[index].state = .resting
    grow(older: index)
    asked[index].ahead = queue(for: asked[index])
  }

  /// What is displayed at its price, and not taken by own orders yet. nil: not known.
  func queue(for order: Asked) -> Int? {
    if queue == .front { return 0 }
    guard source.rawValue >= Source.quotes.rawValue, !isBroken else { return nil }
    let levels = order.isBuy ? bids : asks
    if let level = levels.first(where: { $0.price == order.limit! }) { return level.left }
    if source == .book { return 0 }
    guard let best = levels.first else { return 0 }
    return (order.isBuy ? order.limit! > best.price : order.limit! < best.price) ? 0 : nil
  }

  /// False when the order has ended.
  mutating func meetOwn(_ index: Int, upTo offer: Int?) -> Bool {
    while true {
      let order = asked[index]
      let others = asked.indices.filter {
        asked[$0].state == .resting && asked[$0].isBuy != order.isBuy
      }
      guard let other = others.min(by: { comesBefore($0, $1) }) else { return true }
      let price = asked[other].limit!
      guard order.likes(price) else { return true }
      if let offer, order.isBuy ? price > offer : price < offer { return true }
      switch selfTrade {
      case .ignore: return true
      case .cancelNewest:
        finish(index, "cancelled selfTrade")
        return false
      case .cancelOldest: finish(other, "cancelled selfTrade")
      case .cancelBoth:
        finish(other, "cancelled selfTrade")
        finish(index, "cancelled selfTrade")
        return false
      case .decrement:
        let amount = min(order.units, asked[other].units)
        for place in [other, index] { shrink(place, by: amount) }
        if asked[index].state == .done { return false }
      }
    }
  }

  private mutating func shrink(_ index: Int, by amount: Int) {
    guard asked[index].units > amount else { return finish(index, "cancelled selfTrade") }
    asked[index].total -= amount
    asked[index].shown = min(asked[index].shown, asked[index].units)
    asked[index].isShrunk = true
    let state = asked[index].filled > 0 ? "partiallyFilled" : "accepted"
    words.append("#\(asked[index].number) \(state) selfTrade")
  }

  /// Of two resting orders of one side: the better price, then the older.
  func comesBefore(_ a: Int, _ b: Int) -> Bool {
    let (x, y) = (asked[a], asked[b])
    if x.limit != y.limit { return x.isBuy ? x.limit! > y.limit! : x.limit! < y.limit! }
    return x.age < y.age
  }
}
