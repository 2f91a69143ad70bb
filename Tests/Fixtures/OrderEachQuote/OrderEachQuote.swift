import PluginSDK

/// One market order for every quote, bought and sold in turn: what an order costs is the rest.
struct OrderEachQuote: Strategy {
  static var info: PluginInfo {
    PluginInfo(
      id: "dev.keel.order-each-quote", name: "order each quote", vendor: "keel", version: "1.0.0")
  }
  private var isBuying = true

  init(_ setup: inout Setup) throws(PluginError) {}

  var interests: Interests { Interests([.quotes]) }

  mutating func onQuote(_ quote: Quote, _ context: inout Context) {
    context.placeMarket(isBuying ? .buy : .sell, Quantity(mantissa: 1), on: quote.instrument)
    isBuying.toggle()
  }
}
