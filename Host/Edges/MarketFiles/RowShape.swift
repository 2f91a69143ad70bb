/// What kind of record the rows of a file become.
package enum RowShape: Sendable {
  case bars, trades, quotes, funding
  /// A level of a book each.
  case levels
  /// A whole book each.
  case books
  case marks

  /// Decided by the columns there are; nil where they make nothing.
  init?(_ roles: Set<ColumnRole>) {
    func has(_ wanted: ColumnRole...) -> Bool { wanted.allSatisfy(roles.contains) }
    guard has(.time) || has(.receiveTime) else { return nil }
    if has(.bidPrice(0), .bidSize(0), .askPrice(0), .askSize(0)) {
      self = .books
    } else if has(.open, .high, .low, .close) {
      self = .bars
    } else if has(.bid, .ask) {
      self = .quotes
    } else if has(.price, .quantity, .side), has(.bookKind) || has(.isSnapshot) || has(.action) {
      self = .levels
    } else if has(.price, .quantity) {
      self = .trades
    } else if has(.rate) {
      self = .funding
    } else if has(.mark) {
      self = .marks
    } else {
      return nil
    }
  }

  var words: String {
    switch self {
    case .bars: "bars"
    case .trades: "trades"
    case .quotes: "quotes"
    case .funding: "funding rates"
    case .levels: "book updates"
    case .books: "whole books"
    case .marks: "mark prices"
    }
  }
}
