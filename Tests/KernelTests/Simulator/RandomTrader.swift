import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport

/// What strategies ask for when nobody has thought about it: sensible orders, senseless ones, and
/// numbers that arithmetic trips over.
struct RandomTrader {
  private var random: SeededGenerator
  private var intents: UInt64 = 0

  init(random: SeededGenerator) { self.random = random }

  private static let extremes: [Int64] = [
    .max, .min, .min + 1, .max - 1, 1 << 62, -(1 << 62), 1 << 40, 0, -1, 1,
  ]

  mutating func intent(
    of slot: UInt32, _ state: borrowing State, _ market: borrowing RandomMarket, at now: Int64
  ) -> keel_intent {
    var intent: keel_intent
    switch number(0...99) {
    case 0..<58: intent = place(market, at: now)
    case 58..<70: intent = target(market)
    case 70..<84: intent = amend(of: slot, state, market)
    case 84..<96:
      intent = keel_intent(.cancel, nil)
      intent.order_id = order(of: slot, state)?.id ?? UInt64(number(0...9_999))
    default:
      intent = keel_intent(.cancelAll, chance(2) ? nil : SimulatedInstrument.id(number(0...6)))
    }
    if !chance(50) { intents += 1 }
    intent.intent_id = intents
    if chance(25) { spoil(&intent) }
    return intent
  }

  mutating func signal(_ market: borrowing RandomMarket) -> keel_signal {
    var signal = keel_signal()
    signal.h = keel_event(
      KEEL_EV_SIGNAL, of: keel_signal.self, instrument: SimulatedInstrument.id(number(0...6)))
    signal.score = chance(20) ? .nan : Double(number(-10...10)) / 10
    signal.confidence = chance(20) ? 7 : 0.5
    return signal
  }

  private mutating func place(_ market: borrowing RandomMarket, at now: Int64) -> keel_intent {
    let index = number(0...6)
    let instrument = SimulatedInstrument.all[index]
    var intent = keel_intent(.place, SimulatedInstrument.id(chance(60) ? 30 : index))
    intent.side = (chance(2) ? Side.buy : .sell).rawValue
    let types = [
      KEEL_LIMIT, KEEL_LIMIT, KEEL_LIMIT, KEEL_LIMIT, KEEL_MARKET, KEEL_MARKET, KEEL_STOP,
      KEEL_STOP_LIMIT, KEEL_TRAILING_STOP, KEEL_TAKE_PROFIT, KEEL_IF_TOUCHED,
    ]
    let type = types[number(0...types.count - 1)]
    intent.order_type = UInt8(type)
    intent.tif = UInt8(chance(3) ? number(KEEL_GTC...KEEL_DAY) : KEEL_GTC)
    if Int(intent.tif) == KEEL_GTD { intent.expires = now + Int64(number(1...200)) }
    intent.qty = instrument.lot * Int64(number(1...40))
    if type == KEEL_LIMIT || type == KEEL_STOP_LIMIT { intent.limit = price(index, market) }
    switch type {
    case KEEL_MARKET, KEEL_LIMIT: break
    case KEEL_TRAILING_STOP: intent.trail = max(1, market.prices[index] / 50)
    default: intent.trigger = price(index, market)
    }
    if chance(6) { intent.flags |= UInt8(KEEL_INF_POST_ONLY) }
    if chance(6) { intent.flags |= UInt8(KEEL_INF_REDUCE_ONLY) }
    if SimulatedAccount.offers(instrument.account, KEEL_OFFER_HEDGING) {
      intent.position_side = (chance(2) ? PositionSide.long : .short).rawValue
    }
    if chance(15) {
      intent.link = UInt8(number(KEEL_LINK_BRACKET...KEEL_LINK_OCO))
      intent.link_id = UInt64(number(1...4))
    }
    return intent
  }

  private mutating func target(_ market: borrowing RandomMarket) -> keel_intent {
    let index = number(0...6)
    var intent = keel_intent(.target, SimulatedInstrument.id(index))
    intent.side = (chance(2) ? Side.buy : .sell).rawValue
    intent.qty = SimulatedInstrument.all[index].lot * Int64(number(0...60))
    if chance(2) { intent.limit = price(index, market) }
    if chance(2) { intent.tif = UInt8(KEEL_GTC) }
    return intent
  }

  private mutating func amend(
    of slot: UInt32, _ state: borrowing State, _ market: borrowing RandomMarket
  ) -> keel_intent {
    var intent = keel_intent(.amend, nil)
    guard let order = changeable(of: slot, state) ?? order(of: slot, state) else { return intent }
    intent.order_id = order.id
    let index = order.instrument.index
    let instrument = SimulatedInstrument.all[index]
    if chance(2) {
      intent.qty = max(
        order.filled.mantissa + instrument.lot * Int64(number(1...40)) - Int64(chance(9) ? 1 : 0), 1
      )
    }
    if order.limit != nil, chance(2) { intent.limit = price(index, market) }
    if order.trigger != nil, chance(2) { intent.trigger = price(index, market) }
    return intent
  }

  /// One that may well be changed.
  private mutating func changeable(of slot: UInt32, _ state: borrowing State) -> Order? {
    guard !chance(6) else { return nil }
    var found: [Order] = []
    state.orders.forEachOpen { order in
      guard order.slot == slot, SimulatedAccount.offers(order.account, KEEL_OFFER_AMEND),
        order.state == .accepted || order.state == .partiallyFilled
      else { return }
      found.append(order)
    }
    return found.randomElement(using: &random)
  }

  /// One of its own mostly, open mostly.
  private mutating func order(of slot: UInt32, _ state: borrowing State) -> Order? {
    let count = state.orders.openCount
    guard count > 0 else { return nil }
    let start = number(0...count - 1)
    let any = state.orders.openOrder(at: start)
    if chance(12) { return any }
    for offset in 0..<count {
      let order = state.orders.openOrder(at: (start + offset) % count)
      if order.slot == slot { return order }
    }
    return any
  }

  private mutating func price(_ index: Int, _ market: borrowing RandomMarket) -> Int64 {
    let now = market.prices[index]
    let price = now + Int64(number(-40...40)) * max(1, now / 1_000)
    return chance(30) ? price : price / market.ticks[index] * market.ticks[index]
  }

  /// One field becomes something nobody meant.
  private mutating func spoil(_ intent: inout keel_intent) {
    let number = Self.extremes[number(0...Self.extremes.count - 1)]
    switch self.number(0...11) {
    case 0: intent.qty = number
    case 1: intent.limit = number
    case 2: intent.trigger = number
    case 3: intent.trail = number
    case 4: intent.expires = number
    case 5: intent.side = UInt8(truncatingIfNeeded: number)
    case 6: intent.order_type = UInt8(truncatingIfNeeded: number)
    case 7: intent.tif = UInt8(truncatingIfNeeded: number)
    case 8: intent.account = UInt16(truncatingIfNeeded: number)
    case 9: intent.position_side = UInt8(truncatingIfNeeded: number)
    case 10: intent.order_id = UInt64(bitPattern: number)
    default:
      intent.qty = number
      intent.limit = Self.extremes[self.number(0...Self.extremes.count - 1)]
    }
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &random)
  }
  private mutating func chance(_ oneIn: Int) -> Bool { number(1...oneIn) == 1 }
}
