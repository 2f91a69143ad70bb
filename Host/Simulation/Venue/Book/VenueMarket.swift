import Market
import PluginABI
import PluginBridge

/// What the venue knows of one instrument: its prices, its orders, and what the account holds.
struct VenueMarket: ~Copyable {
  /// What its fills come from: the finest that was seen decides.
  enum Source: UInt8 { case none, bars, trades, quotes, book }

  static let noBid = -Int64.max
  static let noAsk = Int64.max

  var instrument: Instrument?
  var lot: Int64 = 1
  var strike: Int64?
  var isPut = false
  var expiry = Int64.max
  var hasExpired = false
  var isTrading = true
  var source = Source.none
  /// Beyond every price where that side is empty.
  var bid = VenueMarket.noBid
  var ask = VenueMarket.noAsk
  var bidShown: Int64 = 0
  var askShown: Int64 = 0
  /// What own orders have left of it.
  var bidLeft: Int64 = 0
  var askLeft: Int64 = 0
  /// Of the venue where it tells, when the prices were made.
  var priced = Int64.min
  var last = KEEL_NULL
  var mark = KEEL_NULL
  var index = KEEL_NULL
  /// The last time that funding was paid for.
  var funded = Int64.min
  /// By leg: net or long, short.
  var held: (Int64, Int64) = (0, 0)
  /// Iceberg orders have sold out what they displayed.
  var needsRefresh = false
  /// Own orders of it, in all lists.
  var orderCount = 0
  var activity = MarketActivity()
  var exposure = Exposure()
  /// By `VenueOrder.Place`.
  let lists: UnsafeMutablePointer<SortedOrders>
  /// Trailing stops by the price at which they move: those that sell, those that buy.
  var trailSells = SortedOrders()
  var trailBuys = SortedOrders()
  var book: UnsafeMutablePointer<VenueBook>?

  init() {
    lists = .allocate(capacity: VenueOrder.Place.lists)
    for index in 0..<VenueOrder.Place.lists { (lists + index).initialize(to: SortedOrders()) }
  }

  deinit {
    lists.deinitialize(count: VenueOrder.Place.lists)
    lists.deallocate()
    book?.deinitialize(count: 1)
    book?.deallocate()
  }

  func list(_ place: VenueOrder.Place) -> UnsafeMutablePointer<SortedOrders> {
    lists + Int(place.rawValue)
  }

  mutating func define(_ definition: InstrumentDefinition) {
    // The first definition stands: what has been traded by it was counted by it.
    guard instrument == nil, let defined = definition.instrument else { return }
    instrument = defined
    lot = defined.lot.mantissa
    expiry = defined.expiry?.nanoseconds ?? .max
    let raw = definition.raw
    strike = raw.pointee.strike == KEEL_NULL ? nil : raw.pointee.strike
    isPut = raw.pointee.call_put == 2
  }

  func held(_ leg: UInt8) -> Int64 { leg == 0 ? held.0 : held.1 }
  mutating func hold(_ leg: UInt8, _ change: Int64) {
    if leg == 0 { held.0 &+= change } else { held.1 &+= change }
  }
  var isFlat: Bool { held.0 == 0 && held.1 == 0 }

  /// What an order may still do that only reduces.
  func reducible(_ side: Side, _ leg: UInt8) -> Int64 {
    let quantity = held(leg)
    return side == .buy ? Swift.max(0, 0 &- quantity) : Swift.max(0, quantity)
  }

  /// The prices by which orders are decided are known and may be relied on.
  var hasBook: Bool { source.rawValue >= Source.quotes.rawValue && isPriced }
  var isPriced: Bool { source == .book ? book?.pointee.isValid == true : source != .none }
  /// Nothing about it can change with a price.
  var isIdle: Bool { orderCount == 0 && isFlat }

  /// What positions are valued at: the mark where the data tells one, else the middle of the best
  /// prices, else the last price.
  var valuation: Int64? {
    if mark != KEEL_NULL { return mark }
    if bid != Self.noBid, ask != Self.noAsk { return bid + (ask - bid) / 2 }
    return last == KEEL_NULL ? nil : last
  }
}
