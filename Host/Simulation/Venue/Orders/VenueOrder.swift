import Market
import PluginABI
import PluginBridge

/// An order as the venue holds it: plain numbers, so that it is changed where it lies.
struct VenueOrder {
  /// The list of its instrument that it stands in.
  enum Place: UInt8 {
    case buys, sells
    /// Held for a price: stops wait for a worse one, profits for a better one.
    case stopBuys, stopSells, profitBuys, profitSells
    /// To be decided by the next prices.
    case waiting
    case none

    static let lists = 7
  }

  static let unknown: Int64 = -1

  var id: UInt64
  /// KEEL_NULL where it has none.
  var limit: Int64
  var trigger: Int64
  var trail: Int64
  var quantity: Int64
  var filled: Int64 = 0
  /// How much of it is displayed at a time; 0 is all.
  var display: Int64
  /// What is left of the displayed part.
  var shown: Int64 = 0
  /// What stands before it at its price; `unknown` where its price is not displayed.
  var ahead = VenueOrder.unknown
  /// What trades took at its price since that was last displayed.
  var traded: Int64 = 0
  /// Data before that cannot fill it.
  var arrival: Int64
  /// When it ends; `Int64.max` for never.
  var expires: Int64
  /// Its key in the list it stands in.
  var key: Int64 = 0
  var trailKey: Int64 = 0
  var instrument: UInt32
  var side: Side
  var type: OrderType
  var timeInForce: TimeInForce
  var leg: UInt8
  var positionSide: UInt8
  var flags: UInt8
  var place = Place.none
  /// The host was told that it waits for a price that is not too old.
  var isTold = false
  /// Shrunk by the venue: its end is told, because the host counts on more.
  var isShrunk = false

  /// nil for what no venue executes.
  init?(_ command: keel_order, arrival: Int64) {
    guard let side = Side(rawValue: command.side),
      let type = OrderType(rawValue: command.order_type),
      let time = TimeInForce(rawValue: command.tif), command.qty > 0, command.display >= 0,
      let leg = PositionSide(rawValue: command.position_side),
      Self.hasPrices(type, command),
      time != .goodTillDate || command.expires != KEEL_NULL
    else { return nil }
    id = command.order_id
    limit = command.limit
    trigger = command.trigger
    trail = command.trail
    quantity = command.qty
    display = command.display >= command.qty ? 0 : command.display
    self.arrival = arrival
    expires = .max
    instrument = command.h.inst
    self.side = side
    self.type = type
    timeInForce = time
    self.leg = UInt8(leg.leg)
    positionSide = leg.rawValue
    flags = command.flags
    shown = display == 0 ? quantity : display
  }

  private static func hasPrices(_ type: OrderType, _ command: keel_order) -> Bool {
    let hasLimit = command.limit != KEEL_NULL
    let hasTrigger = command.trigger != KEEL_NULL
    // A price of zero or less is an option's or a spread's business, a trigger's it is not.
    guard !hasTrigger || command.trigger > 0 else { return false }
    return switch type {
    case .market: !hasLimit
    case .limit: hasLimit
    case .stop: hasTrigger && !hasLimit
    case .stopLimit: hasTrigger && hasLimit
    case .trailingStop: command.trail != KEEL_NULL && command.trail > 0 && !hasLimit
    case .takeProfit, .ifTouched: hasTrigger
    }
  }

  var remaining: Int64 { quantity - filled }
  var hasLimit: Bool { limit != KEEL_NULL }
  var isPostOnly: Bool { Int(flags) & KEEL_INF_POST_ONLY != 0 }
  var isReduceOnly: Bool { Int(flags) & KEEL_INF_REDUCE_ONLY != 0 }
  var isImmediate: Bool { timeInForce == .immediateOrCancel || timeInForce == .fillOrKill }
  var isHeld: Bool {
    place != .none && place.rawValue >= Place.stopBuys.rawValue
      && place.rawValue <= Place.profitSells.rawValue
  }
  var isResting: Bool { place == .buys || place == .sells }

  /// True when `price` on the other side is good enough for it.
  func accepts(_ price: Int64) -> Bool {
    limit == KEEL_NULL || (side == .buy ? price <= limit : price >= limit)
  }

  /// The list that an order of its type is held in until its trigger.
  var heldPlace: Place {
    switch type {
    case .stop, .stopLimit, .trailingStop: side == .buy ? .stopBuys : .stopSells
    case .takeProfit, .ifTouched: side == .buy ? .profitBuys : .profitSells
    case .market, .limit: .none
    }
  }
  /// Whether the market rises to its trigger.
  static func waitsAbove(_ place: Place) -> Bool { place == .stopBuys || place == .profitSells }
}
