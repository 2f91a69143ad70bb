import Market
import PluginABI
package import PluginBridge

/// One account at one venue, and what that venue does with orders by itself. The rest the host
/// does: it holds triggers, and ends orders when their time is over.
package struct Account: Sendable {
  package var offers = UInt32(KEEL_OFFER_POST_ONLY)
  package var orderTypes: UInt32 = 1 << UInt32(KEEL_MARKET) | 1 << UInt32(KEEL_LIMIT)
  package var timesInForce: UInt32 = 1 << UInt32(KEEL_GTC) | 1 << UInt32(KEEL_IOC)
  /// Parts per million of the worth: what a spot order must be able to pay besides its price.
  package var takerFee: Int32 = 0

  init() {}

  init?(_ record: Record) {
    guard let raw = record.cast(to: keel_rec_account.self)?.pointee else { return nil }
    offers = raw.offers
    orderTypes = raw.order_types
    timesInForce = raw.times_in_force
    takerFee = Swift.min(Swift.max(raw.taker_fee, 0), 1_000_000)
  }

  package func has(_ feature: Int) -> Bool { Int(offers) & feature != 0 }
  package func takes(_ type: OrderType) -> Bool { orderTypes >> UInt32(type.rawValue) & 1 == 1 }
  package func takes(_ time: TimeInForce) -> Bool {
    timesInForce >> UInt32(time.rawValue) & 1 == 1
  }
  /// Whether long and short are held at once, each a position of its own.
  package var isHedging: Bool { has(KEEL_OFFER_HEDGING) }
}
