/// A price as an integer count of 10^priceExponent of its instrument; meaningless without it.
public struct Price: Comparable, Hashable, Sendable {
  public var mantissa: Int64

  public init(mantissa: Int64) { self.mantissa = mantissa }

  public static func < (a: Price, b: Price) -> Bool { a.mantissa < b.mantissa }
}
