import Market
import Simulation
import TestSupport

/// Random market data and orders, given to the venue as words and to the obvious one as numbers.
struct RandomStream {
  private var random: SeededGenerator
  private let source: RandomStreamTests.Source
  let venue: VenueScenario
  private var obvious: ObviousVenue
  private let latency: Int
  private var now = 0
  private var orders = 0
  private var asked: [ObviousVenue.Asked] = []
  private var bids: [Int: Int] = [:]
  private var asks: [Int: Int] = [:]
  private var hasBook = false

  init(seed: UInt64, _ source: RandomStreamTests.Source, _ model: VenueModel, latency: Int) {
    random = SeededGenerator(seed: seed)
    self.source = source
    self.latency = latency
    venue = VenueScenario(model)
    obvious = ObviousVenue(
      selfTrade: model.selfTrade, queue: model.queue.rule,
      isPessimistic: model.barPath == .pessimistic)
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &random)
  }
  private mutating func chance(_ count: Int) -> Bool { number(1...count) == 1 }

  /// One step given to both; what each reported.
  mutating func step() -> (text: String, venue: String, obvious: String) {
    now += number(0...4)
    obvious.arrive(now)
    var text = "@\(now), "
    switch number(0...9) {
    case 0...5: text += data()
    case 6: text += cancel()
    case 7: text += amend()
    default: text += order()
    }
    return (text, venue.perform(Substring(text)), obvious.take())
  }

  // MARK: data

  private mutating func data() -> String {
    switch source {
    case .quotes: chance(3) ? trade() : quote()
    case .trades: trade()
    case .books: chance(3) ? trade() : book()
    case .bars: bar()
    case .mixed:
      switch number(0...3) {
      case 0: trade()
      case 1: quote()
      case 2: bar()
      // A book comes late, and decides from then on.
      default: orders > 60 ? book() : trade()
      }
    }
  }

  private mutating func quote() -> String {
    let bid = number(95...102)
    let ask = bid + number(0...3)
    let (bidUnits, askUnits) = (number(0...6), number(0...6))
    let (hasBid, hasAsk) = (!chance(10), !chance(10))
    obvious.see(
      quote: hasBid ? (bid, bidUnits) : nil, hasAsk ? (ask, askUnits) : nil, at: now)
    return "quote \(hasBid ? "\(bid)x\(bidUnits)" : "-")|\(hasAsk ? "\(ask)x\(askUnits)" : "-")"
  }

  private mutating func trade() -> String {
    let (price, units, side) = (number(94...104), number(1...9), number(0...2))
    obvious.see(trade: price, units, aggressorBuys: side == 0 ? nil : side == 1, at: now)
    return "trade \(units)x\(price)" + ["", " buy", " sell"][side]
  }

  private mutating func bar() -> String {
    let prices = (0..<4).map { _ in number(94...104) }
    let (high, low) = (prices.max()!, prices.min()!)
    let interval = number(0...12)
    obvious.see(bar: prices[0], high, low, prices[3], opened: now - interval)
    return "bar \(prices[0]) \(high) \(low) \(prices[3]) \(interval)"
  }

  private mutating func book() -> String {
    if hasBook, chance(15) {
      hasBook = false
      obvious.breakBook()
      return "gap"
    }
    guard hasBook, !chance(8) else { return wholeBook() }
    // A level of a side that stays on its own side of the other.
    let isBid = chance(2)
    let price =
      isBid ? number(94...(asks.keys.min() ?? 103) - 1) : number((bids.keys.max() ?? 96) + 1...106)
    let units = chance(3) ? 0 : number(1...6)
    if isBid {
      bids[price] = units == 0 ? nil : units
    } else {
      asks[price] = units == 0 ? nil : units
    }
    show(changed: (isBid, price))
    return "\(isBid ? "bid" : "ask") \(price)x\(units)"
  }

  private mutating func wholeBook() -> String {
    hasBook = true
    let middle = number(97...101)
    bids = [:]
    asks = [:]
    for _ in 0..<number(0...3) { bids[number(94...middle - 1)] = number(1...6) }
    for _ in 0..<number(0...3) { asks[number(middle + 1...105)] = number(1...6) }
    show(changed: nil)
    func text(_ levels: [(Int, Int)]) -> String {
      levels.isEmpty ? "-" : levels.map { "\($0.0)x\($0.1)" }.joined(separator: " ")
    }
    return "book \(text(sorted(bids, best: >)))|\(text(sorted(asks, best: <)))"
  }

  private func sorted(_ levels: [Int: Int], best: (Int, Int) -> Bool) -> [(Int, Int)] {
    levels.map { ($0.key, $0.value) }.sorted { best($0.0, $1.0) }
  }

  private mutating func show(changed: (isBid: Bool, price: Int)?) {
    obvious.see(
      book: sorted(bids, best: >), sorted(asks, best: <), changed: changed, at: now)
  }

  // MARK: orders

  private mutating func cancel() -> String {
    let target = number(max(1, orders - 8)...max(1, orders))
    obvious.send(.cancel(number: target), arrival: now + latency)
    return "cancel #\(target)"
  }

  private mutating func amend() -> String {
    guard orders > 0 else { return "cancel #1" }
    let target = number(max(1, orders - 6)...orders) - 1
    let total = number(1...9)
    let limit = asked[target].limit == nil ? nil : number(95...104)
    let trigger = asked[target].trigger == nil || chance(2) ? nil : number(96...103)
    obvious.send(
      .amend(number: target + 1, total: total, limit: limit, trigger: trigger),
      arrival: now + latency)
    return "amend #\(target + 1) \(total)" + (limit.map { "x\($0)" } ?? "")
      + (trigger.map { " stop=\($0)" } ?? "")
  }

  private mutating func order() -> String {
    orders += 1
    var order = ObviousVenue.Asked(number: orders, isBuy: chance(2), total: number(1...9))
    var words = order.isBuy ? "buy " : "sell "
    let kind = number(0...9)
    if kind != 5, !chance(4) { order.limit = number(95...104) }
    words += "\(order.total)" + (order.limit.map { "x\($0)" } ?? "")
    order.kind = order.limit == nil ? .market : .limit
    switch kind {
    case 6, 7:
      order.kind = .stop
      order.trigger = number(96...103)
      words += " stop=\(order.trigger!)"
    case 8, 9:
      order.kind = .profit
      order.trigger = number(96...103)
      words += " \(chance(2) ? "touch" : "profit")=\(order.trigger!)"
    case 5:
      order.kind = .trailing
      order.trail = number(1...4)
      words += " trail=\(order.trail)"
    default: break
    }
    if chance(4) {
      order.life = chance(2) ? .immediate : .whole
      words += order.life == .immediate ? " ioc" : " fok"
    } else if chance(8) {
      order.ends = now + number(1...40)
      words += " gtd=\(order.ends!)"
    }
    if order.limit != nil, chance(5) {
      order.isPostOnly = true
      words += " post"
    }
    if chance(6) {
      order.isReduceOnly = true
      words += " reduce"
    }
    if order.total > 2, chance(4) {
      order.display = number(1...order.total - 1)
      words += " show=\(order.display)"
    }
    asked.append(order)
    obvious.send(.place(order), arrival: now + latency)
    return words
  }
}
