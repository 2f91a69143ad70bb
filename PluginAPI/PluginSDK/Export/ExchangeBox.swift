internal import PluginABI
#if KEEL_MODULES
  internal import Market
#endif

final class ExchangeBox<E: ExchangeAdapter>: PluginBox {
  private var adapter: E?
  private var reports: Feed

  init(
    _ arena: Arena, _ setup: Setup, _ host: UnsafePointer<keel_host>,
    _ descriptor: UnsafePointer<keel_descriptor>
  ) {
    reports = Feed(port: HostPort(host))
    super.init(arena, E.info, setup, descriptor)
  }

  override var kind: ExtensionTables.Kind { .exchange }
  override var isBuilt: Bool { adapter != nil }

  override func build() throws(PluginError) {
    guard adapter == nil else { return }
    try requireParameters()
    adapter = try E(&setup)
  }

  override func save(to state: inout StateWriter) { adapter?.save(to: &state) }
  override func load(from state: inout StateReader, version: UInt32) throws(StateError) {
    try adapter?.load(from: &state, version: version)
  }

  override func attach(_ feed: UnsafePointer<keel_feed>) { reports.raw = feed }
  override func command(_ order: VenueOrder) -> Bool {
    switch Int(order.raw.pointee.h.type) {
    case KEEL_CMD_SUBMIT: adapter?.submit(order, &reports) ?? false
    case KEEL_CMD_AMEND: adapter?.amend(order, &reports) ?? false
    case KEEL_CMD_CANCEL: adapter?.cancel(order, &reports) ?? false
    default: false
    }
  }
  override func reconcile(since: Timestamp) -> Bool {
    adapter?.reconcile(since: since, &reports) ?? false
  }
}
