import PluginABI

/// What to do with a column: how its text becomes one of the numbers of a row.
struct ColumnAction {
  enum Kind: UInt8 {
    case skip
    /// Whole numbers of a unit, or text; to nanoseconds since 1970.
    case time, timeText
    case decimal
    /// 64 bits without a sign.
    case unsigned
    /// The same where the vendor has such ids; 0 for one that is no number.
    case identifier
    /// Eight bytes of small letters.
    case word
    /// Must be the same in all rows.
    case constant
    /// The name of an instrument, as its number.
    case symbol
  }

  var kind: Kind
  var slot: Int
  /// Of the instrument; negative where whole tens are counted.
  var decimals = 0
  /// The instrument's tick or lot, for who is told that a number does not fit it.
  var step: Int64 = 1
  /// What the number must lie between, as it stands in the file for a time, counted for a decimal.
  var minimum = Int64.min
  var maximum = Int64.max
  var unit = TimeUnit.nanoseconds
  var multiplier: Int64 = 1
  var isOptional = false
  /// Whose digits behind the point it counts.
  var measure = Measure.other

  enum Measure: UInt8 { case price, quantity, other }

  static let skip = ColumnAction(kind: .skip, slot: 0)
}

/// The exponents and rules of an instrument, as the columns of its prices and sizes need them.
struct ColumnScale {
  var priceDecimals: Int
  var quantityDecimals: Int
  var tick: Int64 = 1
  var lot: Int64 = 1
  /// Spreads of futures, and options, cost nothing or less at times.
  var allowsAnyPrice = false

  /// How a column of a role is read. `unit` is that of the file's times.
  func action(
    _ role: ColumnRole, unit: TimeUnit, isUnitStated: Bool, isOwn: Bool
  ) -> ColumnAction {
    var action = ColumnAction(kind: .decimal, slot: role.slot)
    switch role {
    case .time, .receiveTime, .closeTime, .due:
      action.kind = unit == .text ? .timeText : .time
      let range = unit.numbers(isStated: isUnitStated)
      (action.minimum, action.maximum) = (range.lowerBound, range.upperBound)
      (action.unit, action.multiplier) = (unit, unit.nanoseconds)
      action.isOptional = isOwn && role != .receiveTime
    case .open, .high, .low, .close, .price, .bid, .ask, .mark:
      (action.decimals, action.measure) = (priceDecimals, .price)
      action.minimum = allowsAnyPrice || isOwn ? .min + 1 : 1
      action.isOptional = isOwn || role == .bid || role == .ask
    case .volume, .quantity, .bidQuantity, .askQuantity:
      (action.decimals, action.minimum) = (quantityDecimals, 0)
      action.measure = .quantity
      action.isOptional = role == .bidQuantity || role == .askQuantity || isOwn
    case .rate: action.decimals = FundingRate.decimals
    case .rateExponent, .interval: action.isOptional = true
    case .previousUpdateID:
      // Vendors write -1 for none.
      action.kind = isOwn ? .unsigned : .decimal
      action.isOptional = true
    case .sequence, .source, .flags, .orderID, .level, .updateID, .firstUpdateID:
      action.kind = .unsigned
      action.isOptional = isOwn
    case .tradeID:
      action.kind = isOwn ? .unsigned : .identifier
      action.isOptional = true
    case .side, .buyerIsMaker, .bookKind, .isSnapshot, .action:
      (action.kind, action.isOptional) = (.word, role == .side)
    case .symbol: action.kind = isOwn ? .symbol : .constant
    case .exchange: action.kind = .constant
    case .index:
      (action.decimals, action.measure) = (priceDecimals, .price)
      action.isOptional = true
    default:
      let isPrice = role.levelPart % 2 == 0
      action.decimals = isPrice ? priceDecimals : quantityDecimals
      action.minimum = isPrice ? 1 : 0
      action.measure = isPrice ? .price : .quantity
      action.isOptional = true
    }
    action.step = action.measure == .price ? tick : lot
    return action
  }
}

/// Rates are fractions of what is held; no venue tells more of their digits.
enum FundingRate {
  static let decimals = 12
}
