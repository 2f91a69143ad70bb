internal import PluginABI
#if KEEL_MODULES
  internal import Market
#endif

final class StrategyBox<S: Strategy>: PluginBox {
  private var strategy: S?
  private var context: Context

  init(
    _ arena: Arena, _ setup: Setup, _ host: UnsafePointer<keel_host>,
    _ descriptor: UnsafePointer<keel_descriptor>
  ) {
    context = Context(port: HostPort(host))
    super.init(arena, S.info, setup, descriptor)
  }

  override var kind: ExtensionTables.Kind { .strategy }
  override var isBuilt: Bool { strategy != nil }
  override var interests: Interests? { strategy?.interests }

  override func build() throws(PluginError) {
    guard strategy == nil else { return }
    try requireParameters()
    strategy = try S(&setup)
  }

  override func save(to state: inout StateWriter) {
    context.write(to: &state)
    strategy?.save(to: &state)
  }
  override func load(from state: inout StateReader, version: UInt32) throws(StateError) {
    try context.restore(from: &state)
    try strategy?.load(from: &state, version: version)
  }

  override func process(
    _ batch: UnsafePointer<keel_batch>, _ sink: UnsafePointer<keel_sink>
  ) -> keel_status {
    guard strategy != nil else { return Status.state }
    context.begin(batch, sink)
    if isQuiescing, context.mode == .live { context.mode = .drain }
    var records = RecordReader(batch)
    while let record = records.next() { handle(record) }
    strategy!.onBatchEnd(&context)
    return records.isDamaged ? Status.argument : Status.ok
  }

  private func handle(_ record: Record) {
    switch record.type {
    case KEEL_EV_QUOTE:
      if let quote = Quote(record) { strategy!.onQuote(quote, &context) }
    case KEEL_EV_TRADE:
      if let trade = Trade(record) { strategy!.onTrade(trade, &context) }
    case KEEL_EV_BAR:
      if let bar = Bar(record) { strategy!.onBar(bar, &context) }
    case KEEL_EV_SIGNAL:
      if let signal = Signal(record) { strategy!.onSignal(signal, &context) }
    case KEEL_EV_ORDER:
      guard let order = OrderUpdate(record) else { return }
      context.orders.apply(order)
      strategy!.onOrder(order, &context)
    case KEEL_EV_FILL:
      if let fill = Fill(record) { strategy!.onFill(fill, &context) }
    case KEEL_EV_POSITION:
      guard let position = PositionUpdate(record) else { return }
      context.apply(position)
      strategy!.onPosition(position, &context)
    case KEEL_EV_TIMER:
      if let timer = TimerEvent(record) { strategy!.onTimer(timer, &context) }
    case KEEL_EV_PARAM:
      if let update = accept(record) { strategy!.onParameter(update, &context) }
    case KEEL_EV_GAP:
      if let gap = Gap(record) { strategy!.onGap(gap, &context) }
    default:
      if let definition = InstrumentDefinition(record) { context.port.learn(definition) }
      strategy!.onOther(record, &context)
    }
  }
}
