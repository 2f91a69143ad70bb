import PluginSDK

/// A fixed amount of work a tick, to measure by: two averages of trade prices, and at every 100th
/// quote, or trade where there are books and no quotes, both own orders are taken back and two new
/// ones placed, nearer on the side of the trend.
struct TickMaker: Strategy {
  static var info: PluginInfo {
    PluginInfo(id: "dev.keel.tick-maker", name: "tick maker", vendor: "keel", version: "1.0.0")
  }
  private var fast = ExponentialMean(10)
  private var slow = ExponentialMean(20)
  private var looks = 0
  private var hasQuotes = false
  private let positionMax: Int64 = 10

  init(_ setup: inout Setup) throws(PluginError) {}

  var interests: Interests { Interests([.quotes, .trades, .books]) }

  mutating func onTrade(_ trade: Trade, _ context: inout Context) {
    fast.push(Double(trade.price.mantissa))
    slow.push(Double(trade.price.mantissa))
    let price = trade.price.mantissa
    if !hasQuotes { look(price - 1, price + 1, trade.instrument, &context) }
  }

  mutating func onQuote(_ quote: Quote, _ context: inout Context) {
    guard let bid = quote.bid, let ask = quote.ask else { return }
    hasQuotes = true
    look(bid.mantissa, ask.mantissa, quote.instrument, &context)
  }

  private mutating func look(
    _ bid: Int64, _ ask: Int64, _ instrument: InstrumentID, _ context: inout Context
  ) {
    looks += 1
    guard looks % 100 == 0 else { return }
    for index in 0..<context.orders.count { context.cancel(context.orders[index]) }
    let isRising = fast.mean > slow.mean
    let held = context.position(instrument)
    if held < positionMax {
      let limit = Price(mantissa: bid - (isRising ? 1 : 2))
      context.placeLimit(.buy, Quantity(mantissa: 1), at: limit, on: instrument)
    }
    if held > -positionMax {
      let limit = Price(mantissa: ask + (isRising ? 2 : 1))
      context.placeLimit(.sell, Quantity(mantissa: 1), at: limit, on: instrument)
    }
  }
}
