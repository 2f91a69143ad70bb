internal import PluginABI
#if KEEL_MODULES
  internal import Market
#endif

final class ProviderBox<P: DataProvider>: PluginBox {
  private var provider: P?
  private var feed: Feed

  init(
    _ arena: Arena, _ setup: Setup, _ host: UnsafePointer<keel_host>,
    _ descriptor: UnsafePointer<keel_descriptor>
  ) {
    feed = Feed(port: HostPort(host))
    super.init(arena, P.info, setup, descriptor)
  }

  override var kind: ExtensionTables.Kind { .data }
  override var isBuilt: Bool { provider != nil }

  override func build() throws(PluginError) {
    guard provider == nil else { return }
    try requireParameters()
    provider = try P(&setup)
  }

  override func save(to state: inout StateWriter) { provider?.save(to: &state) }
  override func load(from state: inout StateReader, version: UInt32) throws(StateError) {
    try provider?.load(from: &state, version: version)
  }

  override func attach(_ feed: UnsafePointer<keel_feed>) { self.feed.raw = feed }
  override func subscribe(_ wanted: Subscription) -> Bool {
    provider?.subscribe(wanted, &feed) ?? false
  }
  override func unsubscribe(_ wanted: Subscription) { provider?.unsubscribe(wanted, &feed) }
  override func poll(until: Timestamp) -> PollResult {
    provider?.poll(until: until, &feed) ?? .ended
  }
}
