internal import PluginABI
#if KEEL_MODULES
  internal import Market
#endif

final class StrategyBox<S: Strategy>: PluginBox {
  /// Behind a pointer, so that its handlers change it in place and nothing is ever copied.
  private var strategy: UnsafeMutablePointer<S>?
  private var context: Context

  init(
    _ arena: Arena, _ setup: Setup, _ host: UnsafePointer<keel_host>,
    _ descriptor: UnsafePointer<keel_descriptor>
  ) {
    context = Context(port: HostPort(host))
    super.init(arena, S.info, setup, descriptor)
  }

  deinit {
    strategy?.deinitialize(count: 1)
    strategy?.deallocate()
  }

  override var kind: ExtensionTables.Kind { .strategy }
  override var isBuilt: Bool { strategy != nil }
  override var interests: Interests? { strategy?.pointee.interests }

  override func build() throws(PluginError) {
    guard strategy == nil else { return }
    try requireParameters()
    let made = try S(&setup)
    strategy = .allocate(capacity: 1)
    strategy?.initialize(to: made)
  }

  override func save(to state: inout StateWriter) {
    context.write(to: &state)
    strategy?.pointee.save(to: &state)
  }
  override func load(from state: inout StateReader, version: UInt32) throws(StateError) {
    try context.restore(from: &state)
    try strategy?.pointee.load(from: &state, version: version)
  }

  override func process(
    _ batch: UnsafePointer<keel_batch>, _ sink: UnsafePointer<keel_sink>
  ) -> keel_status {
    guard let strategy else { return Status.state }
    context.begin(batch, sink)
    if isQuiescing, context.mode == .live { context.mode = .drain }
    var records = RecordReader(batch)
    while let record = records.next() { handle(record, strategy) }
    strategy.pointee.onBatchEnd(&context)
    return records.isDamaged ? Status.argument : Status.ok
  }

  /// Market data in line: what the other events need would weigh on every call.
  @inline(__always)
  private func handle(_ record: Record, _ strategy: UnsafeMutablePointer<S>) {
    switch record.type {
    case KEEL_EV_QUOTE:
      if let quote = Quote(record) { strategy.pointee.onQuote(quote, &context) }
    case KEEL_EV_TRADE:
      if let trade = Trade(record) { strategy.pointee.onTrade(trade, &context) }
    case KEEL_EV_BAR:
      if let bar = Bar(record) { strategy.pointee.onBar(bar, &context) }
    case KEEL_EV_SIGNAL:
      if let signal = Signal(record) { strategy.pointee.onSignal(signal, &context) }
    default: handleRare(record, strategy)
    }
  }

  @inline(never)
  private func handleRare(_ record: Record, _ strategy: UnsafeMutablePointer<S>) {
    switch record.type {
    case KEEL_EV_ORDER:
      guard let order = OrderUpdate(record) else { return }
      context.orders.apply(order)
      strategy.pointee.onOrder(order, &context)
    case KEEL_EV_FILL:
      if let fill = Fill(record) { strategy.pointee.onFill(fill, &context) }
    case KEEL_EV_POSITION:
      guard let position = PositionUpdate(record) else { return }
      context.apply(position)
      strategy.pointee.onPosition(position, &context)
    case KEEL_EV_TIMER:
      if let timer = TimerEvent(record) { strategy.pointee.onTimer(timer, &context) }
    case KEEL_EV_PARAM:
      if let update = accept(record) { strategy.pointee.onParameter(update, &context) }
    case KEEL_EV_GAP:
      if let gap = Gap(record) { strategy.pointee.onGap(gap, &context) }
    default:
      if let definition = InstrumentDefinition(record) { context.port.learn(definition) }
      strategy.pointee.onOther(record, &context)
    }
  }
}
