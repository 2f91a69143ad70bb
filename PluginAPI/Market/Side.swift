/// Which way an order, a fill or a trade's aggressor goes. Raw values are the C ABI's.
public enum Side: UInt8, Sendable {
  case buy = 1
  case sell = 2

  public var opposite: Side { self == .buy ? .sell : .buy }
  /// +1 for a buy, -1 for a sell.
  public var sign: Int64 { self == .buy ? 1 : -1 }
}
