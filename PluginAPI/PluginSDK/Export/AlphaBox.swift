internal import PluginABI
#if KEEL_MODULES
  internal import Market
#endif

final class AlphaBox<A: AlphaModel>: PluginBox {
  private var model: A?
  private var context: AlphaContext

  init(
    _ arena: Arena, _ setup: Setup, _ host: UnsafePointer<keel_host>,
    _ descriptor: UnsafePointer<keel_descriptor>
  ) {
    context = AlphaContext(port: HostPort(host))
    super.init(arena, A.info, setup, descriptor)
  }

  override var kind: ExtensionTables.Kind { .alpha }
  override var isBuilt: Bool { model != nil }
  override var interests: Interests? { model?.interests }

  override func build() throws(PluginError) {
    guard model == nil else { return }
    try requireParameters()
    model = try A(&setup)
  }

  override func save(to state: inout StateWriter) { model?.save(to: &state) }
  override func load(from state: inout StateReader, version: UInt32) throws(StateError) {
    try model?.load(from: &state, version: version)
  }

  override func process(
    _ batch: UnsafePointer<keel_batch>, _ sink: UnsafePointer<keel_sink>
  ) -> keel_status {
    guard model != nil else { return Status.state }
    context.begin(batch, sink)
    var records = RecordReader(batch)
    while let record = records.next() { handle(record) }
    model!.onBatchEnd(&context)
    return records.isDamaged ? Status.argument : Status.ok
  }

  private func handle(_ record: Record) {
    switch record.type {
    case KEEL_EV_QUOTE:
      if let quote = Quote(record) { model!.onQuote(quote, &context) }
    case KEEL_EV_TRADE:
      if let trade = Trade(record) { model!.onTrade(trade, &context) }
    case KEEL_EV_BAR:
      if let bar = Bar(record) { model!.onBar(bar, &context) }
    case KEEL_EV_TIMER:
      if let timer = TimerEvent(record) { model!.onTimer(timer, &context) }
    case KEEL_EV_PARAM:
      if let update = accept(record) { model!.onParameter(update, &context) }
    case KEEL_EV_GAP:
      if let gap = Gap(record) { model!.onGap(gap, &context) }
    default:
      if let definition = InstrumentDefinition(record) { context.port.learn(definition) }
      model!.onOther(record, &context)
    }
  }
}
