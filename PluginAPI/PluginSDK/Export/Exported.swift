public import PluginABI
#if KEEL_MODULES
  internal import Market
#endif

/// What the one exported function answers.
public typealias PluginEntry = UnsafePointer<keel_entry>?

public func export<S: Strategy>(_ type: S.Type) -> PluginEntry {
  Exported.publish(S.info, KEEL_STRATEGY) { arena, setup, host, descriptor in
    var setup = setup
    _ = try? S(&setup)
    return StrategyBox<S>(arena, setup, host, descriptor)
  }
}
public func export<A: AlphaModel>(_ type: A.Type) -> PluginEntry {
  Exported.publish(A.info, KEEL_ALPHA) { arena, setup, host, descriptor in
    var setup = setup
    _ = try? A(&setup)
    return AlphaBox<A>(arena, setup, host, descriptor)
  }
}
public func export<P: DataProvider>(_ type: P.Type) -> PluginEntry {
  Exported.publish(P.info, KEEL_DATA) { arena, setup, host, descriptor in
    var setup = setup
    _ = try? P(&setup)
    return ProviderBox<P>(arena, setup, host, descriptor)
  }
}
public func export<E: ExchangeAdapter>(_ type: E.Type) -> PluginEntry {
  Exported.publish(E.info, KEEL_EXCHANGE) { arena, setup, host, descriptor in
    var setup = setup
    _ = try? E(&setup)
    return ExchangeBox<E>(arena, setup, host, descriptor)
  }
}

/// Makes a box whose setup has learnt the declarations. An error in that first run of `init` is not
/// one yet: it was about defaults.
typealias MakeBox = (
  Arena, Setup, UnsafePointer<keel_host>, UnsafePointer<keel_descriptor>
) -> PluginBox

/// The library's only writable globals: written once, when the host asks for the entry.
enum Exported {
  nonisolated(unsafe) static var entry = keel_entry()
  nonisolated(unsafe) static var descriptor = UnsafeMutablePointer<keel_descriptor>?.none
  nonisolated(unsafe) static var make: MakeBox? = nil

  static func publish(_ info: PluginInfo, _ kind: String, _ make: @escaping MakeBox) -> PluginEntry
  {
    self.make = make
    descriptor = describe(info, kind)
    entry.struct_size = UInt32(MemoryLayout<keel_entry>.size)
    entry.abi_major = UInt16(KEEL_ABI_MAJOR)
    entry.abi_minor = UInt16(KEEL_ABI_DRAFT)
    entry.`init` = { _ in Status.ok }
    entry.deinit = {}
    entry.count = { 1 }
    entry.describe = { index in index == 0 ? UnsafePointer(Exported.descriptor) : nil }
    entry.create = { host, id, config, out, failure in
      guard let host, let id, let out else { return Status.argument }
      return Exported.create(host, id, config, out, failure)
    }
    return withUnsafePointer(to: &entry) { $0 }
  }

  private static func describe(
    _ info: PluginInfo, _ kind: String
  ) -> UnsafeMutablePointer<keel_descriptor> {
    let name = UnsafeMutablePointer<CChar>.allocate(capacity: kind.utf8.count + 1)
    var end = 0
    for byte in kind.utf8 {
      name[end] = CChar(bitPattern: byte)
      end += 1
    }
    name[end] = 0
    let kinds = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: 2)
    kinds[0] = UnsafePointer(name)
    kinds[1] = nil
    let descriptor = UnsafeMutablePointer<keel_descriptor>.allocate(capacity: 1)
    descriptor.initialize(to: keel_descriptor())
    descriptor.pointee.struct_size = UInt32(MemoryLayout<keel_descriptor>.size)
    descriptor.pointee.flags = info.isDeterministic ? UInt32(KEEL_PF_DETERMINISTIC) : 0
    descriptor.pointee.id = info.id.cString
    descriptor.pointee.name = info.name.cString
    descriptor.pointee.vendor = info.vendor.cString
    descriptor.pointee.version = info.version.cString
    descriptor.pointee.kinds = UnsafePointer(kinds)
    let schema: StaticString = info.stateVersion > 0 ? info.id : ""
    descriptor.pointee.state_schema = schema.cString
    descriptor.pointee.state_version = info.stateVersion
    descriptor.pointee.state_oldest = info.stateOldest
    return descriptor
  }

  private static func create(
    _ host: UnsafePointer<keel_host>, _ id: UnsafePointer<CChar>, _ config: keel_str,
    _ out: UnsafeMutablePointer<UnsafeMutablePointer<keel_plugin>?>, _ failure: Thunks.Failure
  ) -> keel_status {
    guard let make, let descriptor, let known = descriptor.pointee.id else { return Status.state }
    var index = 0
    while known[index] != 0, known[index] == id[index] { index += 1 }
    guard known[index] == id[index] else {
      return Thunks.report(Status.argument, "this library has no plugin by that id", to: failure)
    }
    guard let arena = Arena() else {
      return Thunks.report(Status.full, "the system has no memory left", to: failure)
    }
    let plugin = arena.during {
      let text = UnsafeRawBufferPointer(start: config.ptr, count: config.len)
      let setup = Setup(config: String(decoding: text, as: UTF8.self))
      return give(make(arena, setup, host, descriptor))
    }
    guard let plugin else {
      arena.destroy()
      return Thunks.report(
        Status.state, "a parameter is declared twice; give each its own name", to: failure)
    }
    out.pointee = plugin
    return Status.ok
  }

  /// Hands the box to the host, which holds it until destroy; nil when its declarations contradict
  /// each other.
  private static func give(_ box: PluginBox) -> UnsafeMutablePointer<keel_plugin>? {
    guard !box.setup.isDeclaredTwice else { return nil }
    box.setup.isDeclaring = false
    let plugin = box.plugin
    plugin.pointee.activate = Thunks.activate
    plugin.pointee.deactivate = Thunks.deactivate
    plugin.pointee.destroy = Thunks.destroy
    plugin.pointee.extension = Thunks.find
    plugin.pointee.`self` = Unmanaged.passRetained(box).toOpaque()
    return plugin
  }
}
