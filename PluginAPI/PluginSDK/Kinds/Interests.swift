internal import PluginABI

/// Which market data an instance wants, and how much of the past before its first live event. Its
/// own orders, fills, positions, timers and parameters always come.
public struct Interests {
  public struct Types: OptionSet, Sendable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    public static let quotes = Types(type: KEEL_EV_QUOTE)
    public static let trades = Types(type: KEEL_EV_TRADE)
    public static let bars = Types(type: KEEL_EV_BAR)
    public static let books = Types(type: KEEL_EV_BOOK)
    public static let signals = Types(type: KEEL_EV_SIGNAL)
    public static let marks = Types(type: KEEL_EV_MARK)
    public static let funding = Types(type: KEEL_EV_FUNDING)
    public static let metrics = Types(type: KEEL_EV_METRIC)

    init(type: Int) { rawValue = 1 << UInt64(type) }
  }

  public var types: Types
  public var barInterval: Nanoseconds
  public var warmupRecords: Int
  public var warmupTime: Nanoseconds

  public init(
    _ types: Types = [.quotes, .trades, .bars, .signals], barInterval: Nanoseconds = .zero,
    warmupRecords: Int = 0, warmupTime: Nanoseconds = .zero
  ) {
    self.types = types
    self.barInterval = barInterval
    self.warmupRecords = warmupRecords
    self.warmupTime = warmupTime
  }
}
