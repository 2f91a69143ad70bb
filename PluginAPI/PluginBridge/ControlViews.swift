public import PluginABI
#if KEEL_MODULES
  public import Market
#endif

public struct TimerEvent {
  public let raw: UnsafePointer<keel_ev_timer>

  public init?(_ record: Record) {
    guard record.type == KEEL_EV_TIMER, let raw = record.cast(to: keel_ev_timer.self) else {
      return nil
    }
    self.raw = raw
  }
  public var id: UInt64 { raw.pointee.timer_id }
  public var due: Timestamp { Timestamp(nanoseconds: raw.pointee.due) }
}

/// A live-changeable parameter was changed; the value is inside its declared range.
public struct ParameterChange {
  public let raw: UnsafePointer<keel_ev_param>

  public init?(_ record: Record) {
    guard record.type == KEEL_EV_PARAM, let raw = record.cast(to: keel_ev_param.self) else {
      return nil
    }
    self.raw = raw
  }
  public var parameter: UInt32 { raw.pointee.param }
  public var value: Double { raw.pointee.value }
}

/// Something was missed: rebuild what depends on it.
public struct Gap {
  public let raw: UnsafePointer<keel_ev_gap>

  public init?(_ record: Record) {
    guard record.type == KEEL_EV_GAP, let raw = record.cast(to: keel_ev_gap.self) else {
      return nil
    }
    self.raw = raw
  }
  public var instrument: InstrumentID { InstrumentID(rawValue: raw.pointee.h.inst) }
  public var missed: UInt64 { raw.pointee.missed }
}

/// The definition of an instrument, names included.
public struct InstrumentDefinition {
  public let raw: UnsafePointer<keel_ev_instrument>

  public init(_ raw: UnsafePointer<keel_ev_instrument>) { self.raw = raw }

  public init?(_ record: Record) {
    guard record.type == KEEL_EV_INSTRUMENT,
      let raw = record.cast(to: keel_ev_instrument.self)
    else { return nil }
    self.raw = raw
  }

  public var symbol: String { FixedText.read(raw.pointee.symbol) }
  public var venue: String { FixedText.read(raw.pointee.venue) }
  public var baseCode: String { FixedText.read(raw.pointee.base_code) }
  public var quoteCode: String { FixedText.read(raw.pointee.quote_code) }
  public var settlementCode: String { FixedText.read(raw.pointee.settle_code) }

  /// The same of a definition at hand.
  public static func numbers(of definition: keel_ev_instrument) -> Instrument? {
    withUnsafePointer(to: definition) { InstrumentDefinition($0).instrument }
  }

  /// The numbers; nil when they contradict each other.
  public var instrument: Instrument? {
    let c = raw.pointee
    guard let kind = InstrumentKind(rawValue: c.kind), c.tick > 0, c.lot > 0, c.min_qty >= 0,
      c.multiplier > 0, c.min_notional >= 0, (-16...16).contains(c.px_exp),
      (-16...16).contains(c.qty_exp), (-16...16).contains(c.multiplier_exp),
      let minimum = FixedPoint.rescale(
        Int128(c.min_notional), from: Int(c.px_exp), to: Money.exponent)
    else { return nil }
    let whole: ClosedRange<Int32> = 0...1_000_000
    guard whole.contains(c.initial_margin), whole.contains(c.maintenance_margin),
      let assetClass = AssetClass(rawValue: c.asset_class)
    else { return nil }
    var instrument = Instrument(
      id: InstrumentID(rawValue: c.h.inst), kind: kind, priceExponent: Int(c.px_exp),
      quantityExponent: Int(c.qty_exp), epoch: c.epoch, tick: Price(mantissa: c.tick),
      lot: Quantity(mantissa: c.lot), quantityMin: Quantity(mantissa: c.min_qty),
      notionalMin: Money(units: minimum, asset: AssetID(rawValue: c.settle)),
      multiplier: c.multiplier, multiplierExponent: Int(c.multiplier_exp),
      base: AssetID(rawValue: c.base), quote: AssetID(rawValue: c.quote),
      settlement: AssetID(rawValue: c.settle))
    instrument.account = c.account
    instrument.assetClass = assetClass
    instrument.sector = c.sector
    instrument.group = c.group
    if c.initial_margin > 0 { instrument.initialMargin = c.initial_margin }
    if c.maintenance_margin > 0 { instrument.maintenanceMargin = c.maintenance_margin }
    instrument.expiry = Timestamp?(abi: c.expiry)
    return instrument
  }
}

/// NUL-ended text in the fixed-size character arrays of C records, which Swift sees as tuples.
public enum FixedText {
  public static func read<T: BitwiseCopyable>(_ tuple: T) -> String {
    withUnsafeBytes(of: tuple) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// As much of `text` as fits before the NUL, cut between characters.
  public static func writePrefix<T: BitwiseCopyable>(of text: String, to tuple: inout T) {
    var prefix = Substring(text)
    while prefix.utf8.count >= MemoryLayout<T>.size { prefix.removeLast() }
    write(String(prefix), to: &tuple)
  }

  /// False, and nothing written, when `text` and its NUL do not fit.
  @discardableResult
  public static func write<T: BitwiseCopyable>(_ text: String, to tuple: inout T) -> Bool {
    withUnsafeMutableBytes(of: &tuple) { bytes in
      guard text.utf8.count < bytes.count else { return false }
      var index = 0
      for byte in text.utf8 {
        bytes[index] = byte
        index += 1
      }
      while index < bytes.count {
        bytes[index] = 0
        index += 1
      }
      return true
    }
  }
}
