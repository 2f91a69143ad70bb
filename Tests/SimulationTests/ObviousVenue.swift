import Market
import TestSupport

/// The rules of the venue once more, unit by unit, without a thought for speed: each displayed unit
/// and each traded unit goes to the oldest order that may have it.
struct ObviousVenue {
  struct Quoted {
    var bid: Int?
    var ask: Int?
    var bidUnits: Int
    var askUnits: Int
  }
  struct Asked {
    var number: Int
    var isBuy: Bool
    var limit: Int?
    var units: Int
    var isImmediate: Bool
    var isPostOnly: Bool
    var arrival: Int
    var isCancel = false
    var hasArrived = false
    var rests = false
    var ahead: Int?
    var isDone = false

    /// A buyer likes low prices, a seller high ones.
    func likes(_ price: Int) -> Bool { limit.map { isBuy ? price <= $0 : price >= $0 } ?? true }
  }

  private var asked: [Asked] = []
  /// nil until the first quote.
  private var known: Quoted?
  private var book: Quoted {
    get { known ?? Quoted(bid: nil, ask: nil, bidUnits: 0, askUnits: 0) }
    set { known = newValue }
  }
  private var words: [String] = []

  mutating func take() -> String {
    defer { words = [] }
    return words.isEmpty ? "nothing" : words.joined(separator: ", ")
  }

  mutating func send(_ order: Asked) { asked.append(order) }

  /// What was sent first arrives first.
  mutating func arrive(_ now: Int) {
    for index in asked.indices where !asked[index].hasArrived && asked[index].arrival <= now {
      asked[index].hasArrived = true
      guard asked[index].isCancel else {
        words.append("#\(asked[index].number) accepted")
        var order = asked[index]
        arrive(&order)
        asked[index] = order
        continue
      }
      asked[index].isDone = true
      let number = asked[index].number
      for other in asked.indices
      where !asked[other].isCancel && asked[other].number == number
        && asked[other].hasArrived && !asked[other].isDone
      {
        asked[other].isDone = true
        words.append("#\(number) cancelled")
      }
    }
  }

  /// A limit that may stay and finds nobody to trade with in the book that is known makes at once,
  /// behind what is displayed now. Who would trade, or knows of no book, waits for the next quote.
  private func arrive(_ order: inout Asked) {
    guard let known, order.limit != nil, !order.isImmediate else { return }
    if let other = order.isBuy ? known.ask : known.bid, order.likes(other) { return }
    order.rests = true
    queue(&order, order.isBuy ? known.bidUnits : known.askUnits)
  }

  mutating func see(_ quote: Quoted) {
    book = quote
    for index in asked.indices where asked[index].hasArrived && !asked[index].isDone {
      var order = asked[index]
      if order.rests { queue(&order, order.isBuy ? quote.bidUnits : quote.askUnits) }
      look(&order)
      asked[index] = order
    }
  }

  private mutating func look(_ order: inout Asked) {
    let price = order.isBuy ? book.ask : book.bid
    if let price, order.likes(price) {
      if order.isPostOnly, !order.rests {
        words.append("#\(order.number) rejected wouldCross")
        order.isDone = true
        return
      }
      var got = 0
      while order.units > 0, (order.isBuy ? book.askUnits : book.bidUnits) > 0 {
        if order.isBuy { book.askUnits -= 1 } else { book.bidUnits -= 1 }
        order.units -= 1
        got += 1
      }
      if got > 0 {
        let paid = order.rests ? order.limit ?? price : price
        words.append("#\(order.number) \(got)x\(paid) \(order.rests ? "maker" : "taker")")
      }
    }
    if order.units == 0 {
      order.isDone = true
    } else if order.isImmediate {
      words.append("#\(order.number) cancelled noLiquidity")
      order.isDone = true
    } else if order.limit != nil, !order.rests {
      order.rests = true
      queue(&order, order.isBuy ? book.bidUnits : book.askUnits)
    }
  }

  /// No more stands before an order than is displayed at its price.
  private func queue(_ order: inout Asked, _ displayed: Int) {
    guard let limit = order.limit else { return }
    let best = order.isBuy ? book.bid : book.ask
    if best == limit {
      order.ahead = min(order.ahead ?? .max, displayed)
    } else if best == nil || (order.isBuy ? best! < limit : best! > limit) {
      order.ahead = 0
    }
  }

  mutating func see(trade price: Int, _ units: Int, aggressorBuys: Bool?) {
    var left = Array(repeating: true, count: units)
    for index in asked.indices where asked[index].hasArrived && !asked[index].isDone {
      var order = asked[index]
      guard order.rests, order.likes(price), aggressorBuys != order.isBuy, let limit = order.limit,
        price != limit || order.ahead != nil
      else { continue }
      var ahead = price == limit ? order.ahead! : 0
      var got = 0
      for unit in left.indices where left[unit] {
        if ahead > 0 {
          ahead -= 1
        } else if order.units > 0 {
          left[unit] = false
          order.units -= 1
          got += 1
        }
      }
      if price == limit { order.ahead = ahead }
      if got > 0 { words.append("#\(order.number) \(got)x\(limit) maker") }
      order.isDone = order.units == 0
      asked[index] = order
    }
  }
}
