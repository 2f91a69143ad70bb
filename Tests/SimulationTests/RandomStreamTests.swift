import Market
import TestSupport
import Testing

/// The venue against the obvious one, on random streams.
@Suite struct RandomStreamTests {
  private struct Stream {
    var random: SeededGenerator
    let venue: VenueScenario
    var obvious = ObviousVenue()
    let latency: Int
    var now = 0
    var orders = 0

    init(seed: UInt64, latency: Int) {
      random = SeededGenerator(seed: seed)
      venue = VenueScenario(latency: Int64(latency))
      self.latency = latency
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    /// One step given to both; what each reported.
    mutating func step() -> (text: String, venue: String, obvious: String) {
      now += number(0...4)
      obvious.arrive(now)
      var text = "@\(now), "
      switch number(0...9) {
      case 0...3: text += quote()
      case 4...6: text += trade()
      case 7: text += cancel()
      default: text += order()
      }
      return (text, venue.perform(Substring(text)), obvious.take())
    }

    private mutating func quote() -> String {
      let bid = number(95...102)
      let ask = bid + number(0...3)
      let (bidUnits, askUnits) = (number(0...6), number(0...6))
      let (hasBid, hasAsk) = (number(0...9) > 0, number(0...9) > 0)
      obvious.see(
        ObviousVenue.Quoted(
          bid: hasBid ? bid : nil, ask: hasAsk ? ask : nil, bidUnits: hasBid ? bidUnits : 0,
          askUnits: hasAsk ? askUnits : 0))
      return "quote \(hasBid ? "\(bid)x\(bidUnits)" : "-")|\(hasAsk ? "\(ask)x\(askUnits)" : "-")"
    }

    private mutating func trade() -> String {
      let (price, units, side) = (number(94...104), number(1...9), number(0...2))
      obvious.see(trade: price, units, aggressorBuys: side == 0 ? nil : side == 1)
      return "trade \(units)x\(price)" + ["", " buy", " sell"][side]
    }

    private mutating func cancel() -> String {
      let target = number(max(1, orders - 8)...max(1, orders))
      var cancel = wish(target)
      cancel.isCancel = true
      obvious.send(cancel)
      return "cancel #\(target)"
    }

    private mutating func order() -> String {
      orders += 1
      var order = wish(orders)
      order.isBuy = number(0...1) == 0
      order.limit = number(0...4) == 0 ? nil : number(95...104)
      order.units = number(1...9)
      order.isImmediate = number(0...4) == 0
      order.isPostOnly = order.limit != nil && number(0...4) == 0
      obvious.send(order)
      return (order.isBuy ? "buy " : "sell ") + "\(order.units)"
        + (order.limit.map { "x\($0)" } ?? "") + (order.isImmediate ? " ioc" : "")
        + (order.isPostOnly ? " post" : "")
    }

    private func wish(_ number: Int) -> ObviousVenue.Asked {
      ObviousVenue.Asked(
        number: number, isBuy: true, limit: nil, units: 1, isImmediate: false, isPostOnly: false,
        arrival: now + latency)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64], [0, 7])
  func theVenueDoesTheObvious(_ seed: UInt64, _ latency: Int) {
    var stream = Stream(seed: seed, latency: latency)
    var reported = 0
    for _ in 0..<3_000 {
      let step = stream.step()
      if step.venue != "nothing" { reported += 1 }
      guard step.venue == step.obvious else {
        Issue.record("\(step.text): \(step.venue), not \(step.obvious)")
        return
      }
    }
    #expect(reported > 500)
    #expect(Set(stream.venue.executions).count == stream.venue.executions.count)
  }
}
