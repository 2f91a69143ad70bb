import PluginSDK

/// The least a strategy can do with a quote: what a call costs is the rest.
struct CountingStrategy: Strategy {
  static var info: PluginInfo {
    PluginInfo(id: "dev.keel.counting", name: "counting", vendor: "keel", version: "1.0.0")
  }
  private var total: Int64 = 0

  init(_ setup: inout Setup) throws(PluginError) {}

  var interests: Interests { Interests([.quotes]) }

  mutating func onQuote(_ quote: Quote, _ context: inout Context) {
    total &+= quote.bid?.mantissa ?? 0
  }
}
