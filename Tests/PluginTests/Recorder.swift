import PluginTesting

/// A strategy that writes down everything it is told, and does what its timers name.
struct Recorder: Strategy {
  static var info: PluginInfo {
    PluginInfo(
      id: "test.recorder", name: "Recorder", vendor: "tests", version: "1.2.3", stateVersion: 3,
      stateOldest: 2)
  }

  private var window: RingBuffer<Double>
  private var quotes = 0
  private var amount: Double
  private let mood: Int
  private let label: String
  private var text = "begun"

  init(_ setup: inout Setup) throws(PluginError) {
    window = RingBuffer(
      capacity: setup.integer("window", default: 4, in: 1...100, unit: "quotes", about: "Kept"))
    amount = setup.decimal("amount", default: 0.5, in: 0...10, about: "Size", live: true)
    let isStrict = setup.boolean("strict", default: false, about: "Refuse to start")
    mood = setup.choice("mood", of: "calm|wild", default: 1, about: "How it trades")
    label = setup.text("label", default: "none", bytesMax: 8, about: "Shown in the log")
    guard !isStrict else { throw PluginError("strict was asked for; leave it out") }
  }

  var interests: Interests {
    Interests([.quotes, .bars], barInterval: .seconds(60), warmupRecords: window.capacity)
  }

  mutating func onQuote(_ quote: Quote, _ context: inout Context) {
    quotes += 1
    window.push(Double(quote.bid?.mantissa ?? 0))
    context.log("quote \(quotes) \(label) \(mood)")
  }
  mutating func onTrade(_ trade: Trade, _ context: inout Context) {
    context.log("trade \(trade.price.mantissa)")
  }
  mutating func onBar(_ bar: Bar, _ context: inout Context) {
    context.log("bar \(bar.close.mantissa)")
  }
  mutating func onOrder(_ order: OrderUpdate, _ context: inout Context) {
    context.log("order \(order.orderID) open \(context.orders.count)")
  }
  mutating func onPosition(_ position: PositionUpdate, _ context: inout Context) {
    context.log("position \(context.position(position.instrument))")
  }
  mutating func onParameter(_ parameter: ParameterUpdate, _ context: inout Context) {
    if parameter.isNamed("amount") { amount = parameter.value }
    context.log("amount \(DoubleText.format(amount, decimals: 2))")
  }
  mutating func onGap(_ gap: Gap, _ context: inout Context) {
    context.log("gap \(gap.missed)")
  }

  mutating func onTimer(_ timer: TimerEvent, _ context: inout Context) {
    let first = InstrumentID(rawValue: 0)
    switch timer.id {
    case 1: context.placeLimit(.buy, Quantity(mantissa: 5), at: Price(mantissa: 100), on: first)
    case 2: context.placeMarket(.sell, Quantity(mantissa: 7), on: first, isReduceOnly: true)
    case 3: if let order = context.orders.first(on: first) { context.cancel(order) }
    case 4: context.target(.sell, Quantity(mantissa: 9), on: first)
    case 5: context.cancelAll()
    case 6: context.setTimer(77, at: context.now + .seconds(1))
    case 7:
      if let order = context.orders.first(on: first) {
        context.amend(order, limit: Price(mantissa: 99), quantity: Quantity(mantissa: 4))
      }
    default: context.log("timer \(timer.id) dropped \(context.intentsDropped)")
    }
  }

  func save(to state: inout StateWriter) {
    state.write(quotes)
    state.write(text)
    window.write(to: &state)
  }
  mutating func load(from state: inout StateReader, version: UInt32) throws(StateError) {
    quotes = try state.read()
    text = try state.read()
    try window.restore(from: &state)
  }
}
