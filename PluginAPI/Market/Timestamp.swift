/// UTC nanoseconds since 1970.
public struct Timestamp: Comparable, Hashable, Sendable {
  public var nanoseconds: Int64

  public static let distantPast = Timestamp(nanoseconds: .min + 1)
  public static let distantFuture = Timestamp(nanoseconds: .max)

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.nanoseconds < b.nanoseconds }
  public static func + (a: Timestamp, b: Nanoseconds) -> Timestamp {
    let (sum, overflow) = a.nanoseconds.addingReportingOverflow(b.count)
    return Timestamp(nanoseconds: overflow ? (b.count > 0 ? .max : .min + 1) : sum)
  }
  public static func - (a: Timestamp, b: Timestamp) -> Nanoseconds {
    let (difference, overflow) = a.nanoseconds.subtractingReportingOverflow(b.nanoseconds)
    return Nanoseconds(overflow ? (a > b ? .max : .min) : difference)
  }
}

/// A length of time.
public struct Nanoseconds: Comparable, Hashable, Sendable {
  public var count: Int64

  public static let zero = Nanoseconds(0)

  public init(_ count: Int64) { self.count = count }
  public static func milliseconds(_ count: Int64) -> Nanoseconds { Nanoseconds(count * 1_000_000) }
  public static func seconds(_ count: Int64) -> Nanoseconds { Nanoseconds(count * 1_000_000_000) }

  public static func < (a: Nanoseconds, b: Nanoseconds) -> Bool { a.count < b.count }
}
