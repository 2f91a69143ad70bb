internal import PluginABI
#if KEEL_MODULES
  public import Market
#endif

public enum LogLevel: Int32, Sendable { case debug = 1, info, warning, error }

/// How events reach this instance: history and shadow answers go nowhere, `drain` is live without
/// new exposure.
public enum Mode: UInt32, Sendable { case warmup = 1, shadow, live, drain }

/// What every kind of plugin may ask of the host; each context offers it.
public struct HostPort {
  let host: UnsafePointer<keel_host>
  private var instruments = SortedMap<InstrumentID, Instrument>()

  init(_ host: UnsafePointer<keel_host>) { self.host = host }

  var now: Timestamp {
    guard let now = host.pointee.now else { return .distantPast }
    return Timestamp(nanoseconds: now(host))
  }

  func log(_ level: LogLevel, _ text: UnsafeBufferPointer<UInt8>) {
    guard let log = host.pointee.log, let start = text.baseAddress else { return }
    let characters = UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self)
    log(host, level.rawValue, keel_str(ptr: characters, len: text.count))
  }

  func definition(_ id: InstrumentID) -> InstrumentDefinition? {
    guard let find = host.pointee.instrument, let raw = find(host, id.rawValue) else { return nil }
    return InstrumentDefinition(raw)
  }

  /// Kept after the first question, because its numbers are derived.
  mutating func instrument(_ id: InstrumentID) -> Instrument? {
    if let known = instruments[id] { return known }
    guard let found = definition(id)?.instrument else { return nil }
    instruments[id] = found
    return found
  }

  /// A new epoch of an instrument arrived.
  mutating func learn(_ definition: InstrumentDefinition) {
    guard let instrument = definition.instrument else { return }
    instruments[instrument.id] = instrument
  }

  func setTimer(_ id: UInt64, _ due: Timestamp?) -> Bool {
    guard let timer = host.pointee.timer else { return false }
    return timer(host, id, due.abi) == Status.ok
  }

  func wake() {
    if let wake = host.pointee.wake { _ = wake(host) }
  }
}

/// The part that all contexts share.
public protocol PluginContext {
  var port: HostPort { get set }
}

extension PluginContext {
  public func log(_ text: String, _ level: LogLevel = .info) {
    var text = text
    text.withUTF8 { port.log(level, $0) }
  }
  public func log(_ text: StaticString, _ level: LogLevel = .info) {
    port.log(level, text.bytes)
  }

  /// The numbers of an instrument; nil when the session has none by that id.
  public mutating func instrument(_ id: InstrumentID) -> Instrument? { port.instrument(id) }
  /// Its names.
  public func definition(_ id: InstrumentID) -> InstrumentDefinition? { port.definition(id) }

  /// One `onTimer` at or after `due`; the same id again moves it, nil removes it.
  @discardableResult
  public func setTimer(_ id: UInt64, at due: Timestamp?) -> Bool { port.setTimer(id, due) }
}

extension Instrument {
  /// `amount` in whole lots, rounded down; nil when it is negative, not finite or too large.
  public func quantity(_ amount: Double) -> Quantity? {
    guard let mantissa = mantissa(amount, exponent: quantityExponent), mantissa >= 0 else {
      return nil
    }
    return roundedDown(Quantity(mantissa: mantissa))
  }

  /// The price on the tick nearest to `value`; nil when it is not finite or too large.
  public func price(_ value: Double) -> Price? {
    guard let mantissa = mantissa(value, exponent: priceExponent) else { return nil }
    let below = FixedPoint.floor(mantissa, toMultipleOf: tick.mantissa)
    let isNearer = mantissa - below > tick.mantissa / 2
    return Price(mantissa: isNearer ? below + tick.mantissa : below)
  }

  public func value(_ price: Price) -> Double { scaled(price.mantissa, priceExponent) }
  public func value(_ quantity: Quantity) -> Double { scaled(quantity.mantissa, quantityExponent) }

  private func mantissa(_ value: Double, exponent: Int) -> Int64? {
    var scaled = value
    for _ in 0..<Swift.abs(exponent) { scaled = exponent < 0 ? scaled * 10 : scaled / 10 }
    scaled = scaled.rounded(.toNearestOrEven)
    return scaled.magnitude < 9e18 ? Int64(scaled) : nil
  }
  private func scaled(_ mantissa: Int64, _ exponent: Int) -> Double {
    var power = 1.0
    for _ in 0..<Swift.abs(exponent) { power *= 10 }
    return exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
  }
}
