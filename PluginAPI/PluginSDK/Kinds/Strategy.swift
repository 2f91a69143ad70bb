#if KEEL_MODULES
  public import Market
#endif

/// A strategy is told facts and answers with intents; it never waits, and its clock is
/// `context.now`. A struct, or a final class; it keeps no globals, because every instance in the
/// process would share them. Handlers it does not define do nothing.
///
///     @c(keel_entry_v0) public func entry() -> PluginEntry { export(SMACrossover.self) }
public protocol Strategy {
  static var info: PluginInfo { get }

  /// Runs twice: see `Setup`.
  init(_ setup: inout Setup) throws(PluginError)

  var interests: Interests { get }

  mutating func onQuote(_ quote: Quote, _ context: inout Context)
  mutating func onTrade(_ trade: Trade, _ context: inout Context)
  mutating func onBar(_ bar: Bar, _ context: inout Context)
  mutating func onSignal(_ signal: Signal, _ context: inout Context)
  /// `context.orders` already knows.
  mutating func onOrder(_ order: OrderUpdate, _ context: inout Context)
  mutating func onFill(_ fill: Fill, _ context: inout Context)
  /// `context.position` already knows.
  mutating func onPosition(_ position: PositionUpdate, _ context: inout Context)
  mutating func onTimer(_ timer: TimerEvent, _ context: inout Context)
  mutating func onParameter(_ parameter: ParameterUpdate, _ context: inout Context)
  mutating func onGap(_ gap: Gap, _ context: inout Context)
  /// Every record of a type without a handler above.
  mutating func onOther(_ record: Record, _ context: inout Context)
  /// After the last event of a batch, which may have been empty.
  mutating func onBatchEnd(_ context: inout Context)

  /// The SDK keeps the numbering of intents, and the host tells a new instance its orders and
  /// positions; this is for the strategy's own.
  func save(to state: inout StateWriter)
  /// Reads what `save` of that version wrote, all of it.
  mutating func load(from state: inout StateReader, version: UInt32) throws(StateError)
}

extension Strategy {
  public var interests: Interests { Interests() }
  public mutating func onQuote(_ quote: Quote, _ context: inout Context) {}
  public mutating func onTrade(_ trade: Trade, _ context: inout Context) {}
  public mutating func onBar(_ bar: Bar, _ context: inout Context) {}
  public mutating func onSignal(_ signal: Signal, _ context: inout Context) {}
  public mutating func onOrder(_ order: OrderUpdate, _ context: inout Context) {}
  public mutating func onFill(_ fill: Fill, _ context: inout Context) {}
  public mutating func onPosition(_ position: PositionUpdate, _ context: inout Context) {}
  public mutating func onTimer(_ timer: TimerEvent, _ context: inout Context) {}
  public mutating func onParameter(_ parameter: ParameterUpdate, _ context: inout Context) {}
  public mutating func onGap(_ gap: Gap, _ context: inout Context) {}
  public mutating func onOther(_ record: Record, _ context: inout Context) {}
  public mutating func onBatchEnd(_ context: inout Context) {}
  public func save(to state: inout StateWriter) {}
  public mutating func load(
    from state: inout StateReader, version: UInt32
  ) throws(StateError) {}
}
