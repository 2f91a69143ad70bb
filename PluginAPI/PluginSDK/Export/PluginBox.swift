internal import PluginABI
#if KEEL_MODULES
  internal import Market
#endif

/// One instance behind the ABI, whatever its kind: a C function pointer cannot carry a generic, so
/// the thunks see this class and one generic subclass per kind holds the author's value.
///
/// The author's value is made at the first call that needs it, because parameters are set between
/// create and then.
class PluginBox {
  let arena: Arena
  let info: PluginInfo
  var setup: Setup
  /// What the host holds: lives as long as this box.
  let plugin: UnsafeMutablePointer<keel_plugin>
  let tables: UnsafeMutablePointer<ExtensionTables>
  var isQuiescing = false

  init(
    _ arena: Arena, _ info: PluginInfo, _ setup: Setup, _ descriptor: UnsafePointer<keel_descriptor>
  ) {
    self.arena = arena
    self.info = info
    self.setup = setup
    plugin = .allocate(capacity: 1)
    plugin.initialize(to: keel_plugin())
    tables = .allocate(capacity: 1)
    tables.initialize(to: ExtensionTables())
    plugin.pointee.struct_size = UInt32(MemoryLayout<keel_plugin>.size)
    plugin.pointee.desc = descriptor
  }

  deinit {
    plugin.deallocate()
    tables.deallocate()
  }

  var kind: ExtensionTables.Kind { .strategy }
  var isBuilt: Bool { false }
  var interests: Interests? { nil }

  /// Makes the author's value if it is not there yet.
  func build() throws(PluginError) {}
  func process(
    _ batch: UnsafePointer<keel_batch>, _ sink: UnsafePointer<keel_sink>
  ) -> keel_status { Status.unsupported }
  func save(to state: inout StateWriter) {}
  func load(from state: inout StateReader, version: UInt32) throws(StateError) {}

  func attach(_ feed: UnsafePointer<keel_feed>) {}
  func subscribe(_ wanted: Subscription) -> Bool { false }
  func unsubscribe(_ wanted: Subscription) {}
  func poll(until: Timestamp) -> PollResult { .ended }
  func command(_ order: VenueOrder) -> Bool { false }
  func reconcile(since: Timestamp) -> Bool { false }

  func requireParameters() throws(PluginError) {
    for parameter in setup.parameters where parameter.isRequired && !parameter.isSet {
      throw PluginError(
        "parameter \(parameter.name.text) has no default; set it in the configuration")
    }
  }

  /// Keeps the new value and says what the author is told; nil for a change that cannot be.
  func accept(_ record: Record) -> ParameterUpdate? {
    guard let change = ParameterChange(record) else { return nil }
    let index = Int(change.parameter)
    guard index < setup.parameters.count, setup.parameters[index].isLive,
      setup.parameters[index].accepts(change.value)
    else { return nil }
    setup.parameters[index].value = change.value
    if setup.parameters[index].kind == .text {
      let length = Int(change.raw.pointee.text_length)
      let start = length == 0 ? 0 : Int(change.raw.pointee.text_offset)
      guard start <= record.size, length <= record.size - start else { return nil }
      setup.parameters[index].text = String(
        decoding: record.bytes[start..<(start + length)], as: UTF8.self)
    }
    let parameter = setup.parameters[index]
    return ParameterUpdate(name: parameter.name, value: parameter.value, text: parameter.text)
  }
}

extension PluginBox {
  /// The box behind a handle; runs `body` with its arena current and without reference counting.
  @inline(__always)
  static func with<Result>(
    _ plugin: UnsafeMutablePointer<keel_plugin>, _ body: (PluginBox) -> Result
  ) -> Result {
    let box = Unmanaged<PluginBox>.fromOpaque(plugin.pointee.`self`)
    return box._withUnsafeGuaranteedRef { box in box.arena.during { body(box) } }
  }
}
