import PluginABI
import PluginHost

/// A plugin driven through the bare C interface, with a host that offers nothing. Lives as long as
/// the process.
final class RawPlugin {
  private let plugin: UnsafeMutablePointer<keel_plugin>
  private let strategy: UnsafePointer<keel_strategy>
  private let sink: UnsafeMutablePointer<keel_sink>

  init(_ build: PluginBuild) {
    let host = UnsafeMutablePointer<keel_host>.allocate(capacity: 1)
    host.initialize(to: keel_host())
    host.pointee.struct_size = UInt32(MemoryLayout<keel_host>.size)
    host.pointee.extension = { _, _ in nil }
    host.pointee.log = { _, _, _ in }
    host.pointee.now = { _ in 0 }
    host.pointee.instrument = { _, _ in nil }
    host.pointee.wake = { _ in 0 }
    host.pointee.timer = { _, _, _ in 0 }
    sink = .allocate(capacity: 1)
    sink.initialize(to: keel_sink())
    sink.pointee.struct_size = UInt32(MemoryLayout<keel_sink>.size)
    sink.pointee.push = { _, _, _ in 0 }
    var made: UnsafeMutablePointer<keel_plugin>?
    var error = keel_error()
    error.struct_size = UInt32(MemoryLayout<keel_error>.size)
    let id = build.descriptors[0].id
    let status = build.entry.pointee.create(host, id, keel_str(), &made, &error)
    guard status == 0, let made, made.pointee.activate(made, &error) == 0,
      let table = made.pointee.extension(made, KEEL_STRATEGY)
    else { Benchmark.fail("\(id) could not be made without a host: \(status)") }
    plugin = made
    strategy = table.assumingMemoryBound(to: keel_strategy.self)
  }

  func process(_ batch: UnsafePointer<keel_batch>) -> keel_status {
    strategy.pointee.process(plugin, batch, sink)
  }
}
