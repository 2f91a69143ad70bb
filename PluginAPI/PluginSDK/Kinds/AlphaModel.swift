internal import PluginABI
#if KEEL_MODULES
  public import Market
#endif

/// An alpha model is told facts and answers with signals. The rules of `Strategy` hold.
public protocol AlphaModel {
  static var info: PluginInfo { get }

  /// Runs twice: see `Setup`.
  init(_ setup: inout Setup) throws(PluginError)

  var interests: Interests { get }

  mutating func onQuote(_ quote: Quote, _ context: inout AlphaContext)
  mutating func onTrade(_ trade: Trade, _ context: inout AlphaContext)
  mutating func onBar(_ bar: Bar, _ context: inout AlphaContext)
  mutating func onTimer(_ timer: TimerEvent, _ context: inout AlphaContext)
  mutating func onParameter(_ parameter: ParameterUpdate, _ context: inout AlphaContext)
  mutating func onGap(_ gap: Gap, _ context: inout AlphaContext)
  mutating func onOther(_ record: Record, _ context: inout AlphaContext)
  mutating func onBatchEnd(_ context: inout AlphaContext)

  func save(to state: inout StateWriter)
  mutating func load(from state: inout StateReader, version: UInt32) throws(StateError)
}

extension AlphaModel {
  public var interests: Interests { Interests([.quotes, .trades, .bars]) }
  public mutating func onQuote(_ quote: Quote, _ context: inout AlphaContext) {}
  public mutating func onTrade(_ trade: Trade, _ context: inout AlphaContext) {}
  public mutating func onBar(_ bar: Bar, _ context: inout AlphaContext) {}
  public mutating func onTimer(_ timer: TimerEvent, _ context: inout AlphaContext) {}
  public mutating func onParameter(
    _ parameter: ParameterUpdate, _ context: inout AlphaContext
  ) {}
  public mutating func onGap(_ gap: Gap, _ context: inout AlphaContext) {}
  public mutating func onOther(_ record: Record, _ context: inout AlphaContext) {}
  public mutating func onBatchEnd(_ context: inout AlphaContext) {}
  public func save(to state: inout StateWriter) {}
  public mutating func load(
    from state: inout StateReader, version: UInt32
  ) throws(StateError) {}
}

/// What an alpha thinks of one instrument.
public struct AlphaView {
  /// Named values that strategies understand without knowing the alpha. Raw values are the C ABI's.
  public enum Value: UInt32, Sendable {
    case expectedReturn = 1, volatility, low, high, regime, probability, edgeBasisPoints
  }

  var raw: keel_signal

  /// `score` in -1...1, its sign the direction; `confidence` in 0...1. Both are clamped.
  public init(
    _ instrument: InstrumentID, score: Double, confidence: Double = 1,
    horizon: Nanoseconds = .zero
  ) {
    raw = keel_signal()
    raw.h = keel_event(KEEL_EV_SIGNAL, of: keel_signal.self, instrument: instrument)
    raw.score = Swift.max(-1, Swift.min(1, score))
    raw.confidence = Swift.max(0, Swift.min(1, confidence))
    raw.horizon = horizon.count
  }

  /// At most six; one more is ignored.
  public mutating func set(_ key: Value, _ value: Double) {
    withUnsafeMutableBytes(of: &raw.values) { bytes in
      let slots = bytes.bindMemory(to: keel_value.self)
      guard Int(raw.count) < slots.count else { return }
      slots[Int(raw.count)] = keel_value(key: key.rawValue, pad: 0, value: value)
    }
    raw.count = Swift.min(raw.count + 1, 6)
  }
}

/// An alpha's hands.
public struct AlphaContext: PluginContext {
  public var port: HostPort
  public internal(set) var now = Timestamp.distantPast
  public internal(set) var mode = Mode.warmup
  /// Signals the host had no room for, or refused because a number was not finite.
  public internal(set) var signalsDropped: UInt64 = 0
  var sink: UnsafePointer<keel_sink>?

  init(port: HostPort) { self.port = port }

  @discardableResult
  public mutating func emit(_ view: AlphaView) -> Bool {
    guard let sink, let push = sink.pointee.push else { return false }
    var raw = view.raw
    let isFinite = raw.score.isFinite && raw.confidence.isFinite
    guard isFinite, push(sink, &raw, MemoryLayout<keel_signal>.size) == Status.ok else {
      signalsDropped += 1
      return false
    }
    return true
  }

  mutating func begin(_ batch: UnsafePointer<keel_batch>, _ sink: UnsafePointer<keel_sink>) {
    self.sink = sink
    now = Timestamp(nanoseconds: batch.pointee.now)
    mode = Mode(rawValue: batch.pointee.mode) ?? .shadow
  }
}
