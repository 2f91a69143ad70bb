internal import PluginABI
#if KEEL_MODULES
  public import Market
#endif

/// A data provider turns some source into records. The host drives it by `poll`, so that a session
/// runs at any speed and twice the same.
public protocol DataProvider {
  static var info: PluginInfo { get }

  /// Runs twice: see `Setup`.
  init(_ setup: inout Setup) throws(PluginError)

  /// False when this source carries neither the instrument nor any of the types.
  mutating func subscribe(_ wanted: Subscription, _ feed: inout Feed) -> Bool
  mutating func unsubscribe(_ wanted: Subscription, _ feed: inout Feed)

  /// Publishes, in time order, what is due up to and including `until`. When the feed is full it
  /// keeps the record and answers that record's time.
  mutating func poll(until: Timestamp, _ feed: inout Feed) -> PollResult

  func save(to state: inout StateWriter)
  mutating func load(from state: inout StateReader, version: UInt32) throws(StateError)
}

extension DataProvider {
  public mutating func unsubscribe(_ wanted: Subscription, _ feed: inout Feed) {}
  public func save(to state: inout StateWriter) {}
  public mutating func load(
    from state: inout StateReader, version: UInt32
  ) throws(StateError) {}
}

public struct Subscription {
  public let instrument: InstrumentID
  public let types: Interests.Types
  /// Of bars.
  public let interval: Nanoseconds
}

public enum PollResult {
  /// Something is due then.
  case next(Timestamp)
  case unknown
  case ended
}

/// Where a provider's records go. Each publishing call answers false, and has copied nothing, when
/// the host's buffer is full.
public struct Feed: PluginContext {
  public var port: HostPort
  var raw: UnsafePointer<keel_feed>?

  init(port: HostPort) { self.port = port }

  public var now: Timestamp { port.now }

  /// Any record of the ABI; its header says how long it is.
  public func publish<Record: BitwiseCopyable>(_ record: Record) -> Bool {
    guard let raw, let publish = raw.pointee.publish else { return false }
    return withUnsafePointer(to: record) {
      publish(raw, $0, MemoryLayout<Record>.size) == Status.ok
    }
  }

  /// `venueSequence`: the venue's own number, 0 if it has none.
  public func publishQuote(
    _ instrument: InstrumentID, at time: Timestamp, bid: Price?, bidQuantity: Quantity,
    ask: Price?, askQuantity: Quantity, venueSequence: UInt64 = 0
  ) -> Bool {
    var record = keel_ev_quote()
    record.h = header(KEEL_EV_QUOTE, keel_ev_quote.self, instrument, time)
    record.bid = bid.abi
    record.ask = ask.abi
    record.bid_qty = bidQuantity.mantissa
    record.ask_qty = askQuantity.mantissa
    record.venue_seq = venueSequence
    return publish(record)
  }

  public func publishTrade(
    _ instrument: InstrumentID, at time: Timestamp, price: Price, quantity: Quantity,
    aggressor: Side?, id: UInt64 = 0, venueSequence: UInt64 = 0
  ) -> Bool {
    var record = keel_ev_trade()
    record.h = header(KEEL_EV_TRADE, keel_ev_trade.self, instrument, time)
    record.px = price.mantissa
    record.qty = quantity.mantissa
    record.side = aggressor?.rawValue ?? 0
    record.trade_id = id
    record.venue_seq = venueSequence
    return publish(record)
  }

  /// `time` is the close.
  public func publishBar(
    _ instrument: InstrumentID, at time: Timestamp, open: Price, high: Price, low: Price,
    close: Price, volume: Quantity, interval: Nanoseconds
  ) -> Bool {
    var record = keel_ev_bar()
    record.h = header(KEEL_EV_BAR, keel_ev_bar.self, instrument, time)
    record.open = open.mantissa
    record.high = high.mantissa
    record.low = low.mantissa
    record.close = close.mantissa
    record.volume = volume.mantissa
    record.interval = interval.count
    return publish(record)
  }

  private func header<C: BitwiseCopyable>(
    _ type: Int, _ struct: C.Type, _ instrument: InstrumentID, _ time: Timestamp
  ) -> keel_event {
    var header = keel_event(type, of: C.self, instrument: instrument, time: time)
    header.ts_venue = time.nanoseconds
    header.flags = UInt16(KEEL_EVF_LAST)
    return header
  }
}
