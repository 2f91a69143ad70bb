import Market
import PluginABI
import PluginBridge

/// An order as the simulated venue holds it.
struct VenueOrder {
  let id: UInt64
  let instrument: InstrumentID
  let side: Side
  let type: OrderType
  let timeInForce: TimeInForce
  let isPostOnly: Bool
  let limit: Price?
  var remaining: Quantity
  /// When it is at the venue. Data before that cannot fill it.
  let arrival: Timestamp
  /// It has been held against the book once and did not take: it makes from now on.
  var isResting = false
  /// What stands before it at its price; nil while unknown, because its price is not the best one.
  var queueAhead: Int64?

  /// nil for what this venue does not execute.
  init?(_ command: keel_order, arrival: Timestamp) {
    guard let side = Side(rawValue: command.side),
      let type = OrderType(rawValue: command.order_type),
      let time = TimeInForce(rawValue: command.tif), command.qty > 0,
      type == .limit ? command.limit != KEEL_NULL : type == .market,
      time == .goodTillCancelled || time == .immediateOrCancel
    else { return nil }
    id = command.order_id
    instrument = InstrumentID(rawValue: command.h.inst)
    self.side = side
    self.type = type
    timeInForce = time
    isPostOnly = Int(command.flags) & KEEL_INF_POST_ONLY != 0
    limit = type == .limit ? Price?(abi: command.limit) : nil
    remaining = Quantity(mantissa: command.qty)
    self.arrival = arrival
  }

  /// True when `price` on the other side is good enough for this order.
  func accepts(_ price: Price) -> Bool {
    guard let limit else { return true }
    return side == .buy ? price <= limit : price >= limit
  }

  /// True when `price` is better than the limit asks: the market has traded through it.
  func isBeyond(_ price: Price) -> Bool {
    guard let limit else { return true }
    return side == .buy ? price < limit : price > limit
  }

  /// Takes its place behind what is displayed at its price; first where nothing is.
  mutating func join(best: Price?, displayed: Int64) {
    guard let limit else { return }
    guard let best else {
      queueAhead = 0
      return
    }
    if limit == best {
      queueAhead = Swift.min(queueAhead ?? displayed, displayed)
    } else if isBeyond(best) {
      queueAhead = 0
    }
  }

  /// The queue at a price is never longer than what is displayed there. Behind the best price
  /// nothing is known, and nothing changes.
  mutating func shrinkQueue(_ quote: Quote) {
    switch side {
    case .buy: join(best: quote.bid, displayed: quote.bidQuantity.mantissa)
    case .sell: join(best: quote.ask, displayed: quote.askQuantity.mantissa)
    }
  }
}
