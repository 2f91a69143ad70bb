import PluginABI
import PluginBridge

/// Four accounts whose venues differ in what they do by themselves.
struct SimulatedAccount {
  static let hedging: UInt16 = 2
  /// Tells no fills, only how much of an order is filled in all.
  static let cumulative: UInt16 = 3
  static let all: [keel_rec_account] = [
    record(
      0, offers: KEEL_OFFER_POST_ONLY, types: [KEEL_MARKET, KEEL_LIMIT], [KEEL_GTC, KEEL_IOC]),
    record(
      1,
      offers: KEEL_OFFER_AMEND | KEEL_OFFER_REDUCE_ONLY | KEEL_OFFER_POST_ONLY | KEEL_OFFER_MARGIN,
      types: Array(KEEL_MARKET...KEEL_IF_TOUCHED), Array(KEEL_GTC...KEEL_DAY)),
    record(
      2, offers: KEEL_OFFER_AMEND | KEEL_OFFER_HEDGING | KEEL_OFFER_MARGIN,
      types: [KEEL_MARKET, KEEL_LIMIT, KEEL_STOP], [KEEL_GTC, KEEL_IOC, KEEL_FOK]),
    record(
      3, offers: KEEL_OFFER_AMEND | KEEL_OFFER_POST_ONLY | KEEL_OFFER_MARGIN,
      types: [KEEL_MARKET, KEEL_LIMIT], [KEEL_GTC, KEEL_IOC]),
  ]

  private static func record(_ account: UInt32, offers: Int, types: [Int], _ times: [Int])
    -> keel_rec_account
  {
    var record = keel_rec_account()
    record.h = keel_event(KEEL_REC_ACCOUNT, of: keel_rec_account.self)
    record.account = account
    record.offers = UInt32(offers)
    record.order_types = types.reduce(0) { $0 | 1 << UInt32($1) }
    record.times_in_force = times.reduce(0) { $0 | 1 << UInt32($1) }
    FixedText.write("account\(account)", to: &record.name)
    return record
  }

  static func offers(_ account: UInt16, _ feature: Int) -> Bool {
    Int(all[Int(account)].offers) & feature != 0
  }
}
