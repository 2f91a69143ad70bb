internal import PluginABI
#if KEEL_MODULES
  internal import Market
#endif

final class ProviderBox<P: DataProvider>: PluginBox {
  /// Behind a pointer, so that its handlers change it in place and nothing is ever copied.
  private var provider: UnsafeMutablePointer<P>?
  private var feed: Feed

  init(
    _ arena: Arena, _ setup: Setup, _ host: UnsafePointer<keel_host>,
    _ descriptor: UnsafePointer<keel_descriptor>
  ) {
    feed = Feed(port: HostPort(host))
    super.init(arena, P.info, setup, descriptor)
  }

  deinit {
    provider?.deinitialize(count: 1)
    provider?.deallocate()
  }

  override var kind: ExtensionTables.Kind { .data }
  override var isBuilt: Bool { provider != nil }

  override func build() throws(PluginError) {
    guard provider == nil else { return }
    try requireParameters()
    let made = try P(&setup)
    provider = .allocate(capacity: 1)
    provider?.initialize(to: made)
  }

  override func save(to state: inout StateWriter) { provider?.pointee.save(to: &state) }
  override func load(from state: inout StateReader, version: UInt32) throws(StateError) {
    try provider?.pointee.load(from: &state, version: version)
  }

  override func attach(_ feed: UnsafePointer<keel_feed>) { self.feed.raw = feed }
  override func subscribe(_ wanted: Subscription) -> Bool {
    provider?.pointee.subscribe(wanted, &feed) ?? false
  }
  override func unsubscribe(_ wanted: Subscription) { provider?.pointee.unsubscribe(wanted, &feed) }
  override func poll(until: Timestamp) -> PollResult {
    provider?.pointee.poll(until: until, &feed) ?? .ended
  }
}
