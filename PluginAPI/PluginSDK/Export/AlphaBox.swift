internal import PluginABI
#if KEEL_MODULES
  internal import Market
#endif

final class AlphaBox<A: AlphaModel>: PluginBox {
  /// Behind a pointer, so that its handlers change it in place and nothing is ever copied.
  private var model: UnsafeMutablePointer<A>?
  private var context: AlphaContext

  init(
    _ arena: Arena, _ setup: Setup, _ host: UnsafePointer<keel_host>,
    _ descriptor: UnsafePointer<keel_descriptor>
  ) {
    context = AlphaContext(port: HostPort(host))
    super.init(arena, A.info, setup, descriptor)
  }

  deinit {
    model?.deinitialize(count: 1)
    model?.deallocate()
  }

  override var kind: ExtensionTables.Kind { .alpha }
  override var isBuilt: Bool { model != nil }
  override var interests: Interests? { model?.pointee.interests }

  override func build() throws(PluginError) {
    guard model == nil else { return }
    try requireParameters()
    let made = try A(&setup)
    model = .allocate(capacity: 1)
    model?.initialize(to: made)
  }

  override func save(to state: inout StateWriter) { model?.pointee.save(to: &state) }
  override func load(from state: inout StateReader, version: UInt32) throws(StateError) {
    try model?.pointee.load(from: &state, version: version)
  }

  override func process(
    _ batch: UnsafePointer<keel_batch>, _ sink: UnsafePointer<keel_sink>
  ) -> keel_status {
    guard let model else { return Status.state }
    context.begin(batch, sink)
    var records = RecordReader(batch)
    while let record = records.next() { handle(record, model) }
    model.pointee.onBatchEnd(&context)
    return records.isDamaged ? Status.argument : Status.ok
  }

  private func handle(_ record: Record, _ model: UnsafeMutablePointer<A>) {
    switch record.type {
    case KEEL_EV_QUOTE:
      if let quote = Quote(record) { model.pointee.onQuote(quote, &context) }
    case KEEL_EV_TRADE:
      if let trade = Trade(record) { model.pointee.onTrade(trade, &context) }
    case KEEL_EV_BAR:
      if let bar = Bar(record) { model.pointee.onBar(bar, &context) }
    case KEEL_EV_TIMER:
      if let timer = TimerEvent(record) { model.pointee.onTimer(timer, &context) }
    case KEEL_EV_PARAM:
      if let update = accept(record) { model.pointee.onParameter(update, &context) }
    case KEEL_EV_GAP:
      if let gap = Gap(record) { model.pointee.onGap(gap, &context) }
    default:
      if let definition = InstrumentDefinition(record) { context.port.learn(definition) }
      model.pointee.onOther(record, &context)
    }
  }
}
