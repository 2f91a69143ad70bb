/// An amount as an integer count of 10^quantityExponent of its instrument. Never negative: the
/// direction is a `Side`, and a signed holding is a `Position`'s business.
public struct Quantity: Comparable, Hashable, Sendable {
  public var mantissa: Int64

  public static let zero = Quantity(mantissa: 0)

  public init(mantissa: Int64) {
    precondition(mantissa >= 0, "a quantity is never negative; its direction is a Side")
    self.mantissa = mantissa
  }

  public var isZero: Bool { mantissa == 0 }

  public static func < (a: Quantity, b: Quantity) -> Bool { a.mantissa < b.mantissa }
  public static func + (a: Quantity, b: Quantity) -> Quantity {
    Quantity(mantissa: a.mantissa + b.mantissa)
  }
  /// Traps when the result would be negative: taking more than there is, is a bug.
  public static func - (a: Quantity, b: Quantity) -> Quantity {
    Quantity(mantissa: a.mantissa - b.mantissa)
  }
}
