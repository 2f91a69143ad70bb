internal import Glibc
public import PluginABI

/// A host for tests: makes one instance of a plugin through its entry, as a real host does, feeds
/// it events, and keeps what it answers. One thread at a time.
public final class FakeHost {
  public internal(set) var intents: [keel_intent] = []
  public internal(set) var signals: [keel_signal] = []
  public internal(set) var published: [FakeEvent] = []
  public internal(set) var log: [String] = []
  /// Due times by timer id; removed ones are gone.
  public internal(set) var timers: [UInt64: Int64] = [:]
  public internal(set) var wakes = 0

  /// What the next batch says of itself.
  public var mode = Mode.live
  public var now: Int64 = 1_000_000_000
  public var generation: UInt32 = 1
  /// Records the sink and the feed take per call into the plugin, before they are full.
  public var capacity = Int.max

  let host: UnsafeMutablePointer<keel_host>
  let feed: UnsafeMutablePointer<keel_feed>
  let instruments: UnsafeMutableBufferPointer<keel_ev_instrument>
  private var plugin: UnsafeMutablePointer<keel_plugin>?
  var room = Int.max
  private var isAttached = false
  private var batches: UInt64 = 0
  private var sequence: UInt64 = 0

  public convenience init<S: Strategy>(
    _ type: S.Type, config: String = "", instruments: [keel_ev_instrument] = [.fake()]
  ) throws(PluginError) {
    try self.init(config, instruments) { export(type) }
  }
  public convenience init<A: AlphaModel>(
    _ type: A.Type, config: String = "", instruments: [keel_ev_instrument] = [.fake()]
  ) throws(PluginError) {
    try self.init(config, instruments) { export(type) }
  }
  public convenience init<P: DataProvider>(
    _ type: P.Type, config: String = "", instruments: [keel_ev_instrument] = [.fake()]
  ) throws(PluginError) {
    try self.init(config, instruments) { export(type) }
  }
  public convenience init<E: ExchangeAdapter>(
    _ type: E.Type, config: String = "", instruments: [keel_ev_instrument] = [.fake()]
  ) throws(PluginError) {
    try self.init(config, instruments) { export(type) }
  }

  /// The plugin as built, in any language. It stays in the process.
  public convenience init(
    library path: String, config: String = "", instruments: [keel_ev_instrument] = [.fake()]
  ) throws(PluginError) {
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
      throw PluginError("\(path): \(dlerror().map { String(cString: $0) } ?? "not loadable")")
    }
    guard let symbol = dlsym(library, KEEL_ENTRY_SYMBOL) else {
      throw PluginError("\(path): it does not export \(KEEL_ENTRY_SYMBOL)")
    }
    let entry = unsafeBitCast(symbol, to: keel_entry_fn.self)
    try self.init(config, instruments) { entry() }
  }

  /// `export` writes the module's one entry, so two hosts may not be made at once.
  nonisolated(unsafe) private static var entryLock = pthread_mutex_t()

  private init(
    _ config: String, _ instruments: [keel_ev_instrument], _ entry: () -> PluginEntry
  ) throws(PluginError) {
    host = .allocate(capacity: 1)
    feed = .allocate(capacity: 1)
    self.instruments = .allocate(capacity: instruments.count)
    _ = self.instruments.initialize(from: instruments)
    host.initialize(to: keel_host())
    feed.initialize(to: keel_feed())
    connect()
    pthread_mutex_lock(&FakeHost.entryLock)
    defer { pthread_mutex_unlock(&FakeHost.entryLock) }
    try create(entry(), config)
  }

  deinit {
    if let plugin {
      _ = plugin.pointee.deactivate(plugin)
      plugin.pointee.destroy(plugin)
    }
    host.deallocate()
    feed.deallocate()
    instruments.deallocate()
  }

  private func create(_ entry: PluginEntry, _ config: String) throws(PluginError) {
    guard let entry, entry.pointee.abi_minor == KEEL_ABI_DRAFT,
      let descriptor = entry.pointee.describe(0)
    else { throw PluginError("the entry is missing or of another draft") }
    var config = config
    var failure = FakeHost.failure()
    let status = config.withUTF8 { text in
      let start = UnsafeRawPointer(text.baseAddress)?.assumingMemoryBound(to: CChar.self)
      return entry.pointee.create(
        host, descriptor.pointee.id, keel_str(ptr: start, len: text.count), &plugin, &failure)
    }
    try FakeHost.check(status, failure)
  }

  public var descriptor: keel_descriptor { plugin!.pointee.desc.pointee }

  /// Every declared parameter as the host sees it.
  public var parameters: [keel_param_info] {
    guard let table = find(KEEL_PARAMS, keel_params.self) else { return [] }
    return (0..<table.pointee.count(plugin)).map { index in
      var info = keel_param_info()
      info.struct_size = UInt32(MemoryLayout<keel_param_info>.size)
      precondition(table.pointee.info(plugin, index, &info) == KEEL_OK, "a declared one is told")
      return info
    }
  }

  /// Before `activate`.
  public func set(_ name: String, _ value: Double, text: String = "") throws(PluginError) {
    guard let table = find(KEEL_PARAMS, keel_params.self),
      let info = parameters.first(where: { FixedText.read($0.name) == name })
    else { throw PluginError("\(name): no such parameter") }
    var failure = FakeHost.failure()
    var text = text
    let status = text.withUTF8 { bytes in
      let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
      return table.pointee.set(
        plugin, info.id, value, keel_str(ptr: start, len: bytes.count), &failure)
    }
    try FakeHost.check(status, failure)
  }

  public func activate() throws(PluginError) {
    var failure = FakeHost.failure()
    try FakeHost.check(plugin!.pointee.activate(plugin, &failure), failure)
  }

  public var interests: keel_interests_info? {
    guard let table = find(KEEL_INTERESTS, keel_interests.self) else { return nil }
    var info = keel_interests_info()
    info.struct_size = UInt32(MemoryLayout<keel_interests_info>.size)
    return table.pointee.get(plugin, &info) == KEEL_OK ? info : nil
  }

  /// One batch of these events; what it answers is added to `intents` and `signals`.
  @discardableResult
  public func send(_ events: FakeEvent...) -> keel_status { send(events) }

  @discardableResult
  public func send(_ events: [FakeEvent]) -> keel_status {
    var words: [UInt64] = []
    for var event in events {
      sequence += 1
      event.stamp(time: now, sequence: sequence)
      words.append(contentsOf: event.words)
    }
    batches += 1
    room = capacity
    var sink = keel_sink()
    sink.struct_size = UInt32(MemoryLayout<keel_sink>.size)
    sink.ctx = Unmanaged.passUnretained(self).toOpaque()
    sink.push = { sink, record, size in
      FakeHost.of(sink?.pointee.ctx).push(UnsafeRawBufferPointer(start: record, count: size))
    }
    return words.withUnsafeBytes { bytes in
      var batch = keel_batch()
      batch.struct_size = UInt32(MemoryLayout<keel_batch>.size)
      batch.mode = mode.rawValue
      batch.generation = generation
      batch.count = UInt32(events.count)
      batch.slot = 1
      batch.slot_count = batches
      batch.first_seq = sequence + 1 - UInt64(events.count)
      batch.last_seq = sequence
      batch.now = now
      batch.events = bytes.baseAddress
      batch.bytes = bytes.count
      if let table = find(KEEL_STRATEGY, keel_strategy.self) {
        return table.pointee.process(plugin, &batch, &sink)
      }
      guard let table = find(KEEL_ALPHA, keel_alpha.self) else {
        return keel_status(KEEL_E_UNSUPPORTED)
      }
      return table.pointee.process(plugin, &batch, &sink)
    }
  }

  public func clear() {
    intents = []
    signals = []
    published = []
    log = []
  }

  public func saveState() throws(PluginError) -> [UInt8] {
    guard let table = find(KEEL_STATE, keel_state.self) else {
      throw PluginError("it keeps no state")
    }
    let stream = FakeStream()
    let status = stream.withStream { table.pointee.save(plugin, $0, sequence) }
    try FakeHost.check(status, FakeHost.failure())
    return stream.bytes
  }

  /// Before `activate`. `piece`: bytes per call, one being the hardest legal case.
  public func loadState(
    _ bytes: [UInt8], version: UInt32, piece: Int = .max
  ) throws(PluginError) {
    guard let table = find(KEEL_STATE, keel_state.self) else {
      throw PluginError("it keeps no state")
    }
    let stream = FakeStream(bytes, piece: piece)
    var failure = FakeHost.failure()
    let status = stream.withStream { table.pointee.load(plugin, $0, version, &failure) }
    try FakeHost.check(status, failure)
  }

  @discardableResult
  public func subscribe(
    _ types: Interests.Types, on instrument: UInt32 = 0, interval: Int64 = 0
  ) -> keel_status {
    guard let table = find(KEEL_DATA, keel_data.self) else {
      return keel_status(KEEL_E_UNSUPPORTED)
    }
    let attached = attach(table.pointee.attach)
    guard attached == KEEL_OK else { return attached }
    return table.pointee.subscribe(plugin, instrument, types.rawValue, interval)
  }

  public func poll(until: Int64) -> (status: keel_status, next: Int64) {
    guard let table = find(KEEL_DATA, keel_data.self) else {
      return (keel_status(KEEL_E_UNSUPPORTED), KEEL_NULL)
    }
    room = capacity
    var next = KEEL_NULL
    return (table.pointee.poll(plugin, until, &next), next)
  }

  /// `command.h.type` says which of the three.
  public func command(_ command: keel_order) -> keel_status {
    guard let table = find(KEEL_EXCHANGE, keel_exchange.self) else {
      return keel_status(KEEL_E_UNSUPPORTED)
    }
    room = capacity
    var command = command
    let attached = attach(table.pointee.attach)
    guard attached == KEEL_OK else { return attached }
    return switch Int(command.h.type) {
    case KEEL_CMD_SUBMIT: table.pointee.submit(plugin, &command)
    case KEEL_CMD_AMEND: table.pointee.amend(plugin, &command)
    default: table.pointee.cancel(plugin, &command)
    }
  }
}

extension FakeHost {
  /// Once in the life of an instance.
  private func attach(
    _ attach: (UnsafeMutablePointer<keel_plugin>?, UnsafePointer<keel_feed>?) -> keel_status
  ) -> keel_status {
    guard !isAttached else { return keel_status(KEEL_OK) }
    let status = attach(plugin, feed)
    isAttached = status == KEEL_OK
    return status
  }

  private static func failure() -> keel_error {
    var failure = keel_error()
    failure.struct_size = UInt32(MemoryLayout<keel_error>.size)
    return failure
  }

  private static func check(
    _ status: keel_status, _ failure: keel_error
  ) throws(PluginError) {
    guard status != KEEL_OK else { return }
    let text = FixedText.read(failure.text)
    throw PluginError(text.isEmpty ? "status \(status)" : text)
  }

  private func find<Table>(_ id: String, _ type: Table.Type) -> UnsafePointer<Table>? {
    plugin?.pointee.extension(plugin, id)?.assumingMemoryBound(to: Table.self)
  }
}
