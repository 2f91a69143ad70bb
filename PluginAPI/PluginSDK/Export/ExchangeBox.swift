internal import PluginABI
#if KEEL_MODULES
  internal import Market
#endif

final class ExchangeBox<E: ExchangeAdapter>: PluginBox {
  /// Behind a pointer, so that its handlers change it in place and nothing is ever copied.
  private var adapter: UnsafeMutablePointer<E>?
  private var reports: Feed

  init(
    _ arena: Arena, _ setup: Setup, _ host: UnsafePointer<keel_host>,
    _ descriptor: UnsafePointer<keel_descriptor>
  ) {
    reports = Feed(port: HostPort(host))
    super.init(arena, E.info, setup, descriptor)
  }

  deinit {
    adapter?.deinitialize(count: 1)
    adapter?.deallocate()
  }

  override var kind: ExtensionTables.Kind { .exchange }
  override var isBuilt: Bool { adapter != nil }

  override func build() throws(PluginError) {
    guard adapter == nil else { return }
    try requireParameters()
    let made = try E(&setup)
    adapter = .allocate(capacity: 1)
    adapter?.initialize(to: made)
  }

  override func save(to state: inout StateWriter) { adapter?.pointee.save(to: &state) }
  override func load(from state: inout StateReader, version: UInt32) throws(StateError) {
    try adapter?.pointee.load(from: &state, version: version)
  }

  override func attach(_ feed: UnsafePointer<keel_feed>) { reports.raw = feed }
  override func command(_ order: VenueOrder) -> Bool {
    switch Int(order.raw.pointee.h.type) {
    case KEEL_CMD_SUBMIT: adapter?.pointee.submit(order, &reports) ?? false
    case KEEL_CMD_AMEND: adapter?.pointee.amend(order, &reports) ?? false
    case KEEL_CMD_CANCEL: adapter?.pointee.cancel(order, &reports) ?? false
    default: false
    }
  }
  override func reconcile(since: Timestamp) -> Bool {
    adapter?.pointee.reconcile(since: since, &reports) ?? false
  }
}
