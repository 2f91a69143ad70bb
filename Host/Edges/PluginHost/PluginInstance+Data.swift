import PluginABI
import PluginBoundary

/// Data providers.
extension PluginInstance {
  /// Once, before activate.
  package func attach() throws(PluginHostError) {
    let data = try dataExtension()
    try check(plugin_call_attach(boundary, data, plugin), .activate, "attach")
  }

  package func subscribe(
    instrument: UInt32, types: UInt64, interval: Int64
  ) throws(PluginHostError) {
    let data = try dataExtension()
    let status = plugin_call_subscribe(boundary, data, plugin, instrument, types, interval)
    try check(status, .activate, "a subscription to instrument \(instrument)")
  }

  package func unsubscribe(
    instrument: UInt32, types: UInt64, interval: Int64
  ) throws(PluginHostError) {
    let data = try dataExtension()
    let status = plugin_call_unsubscribe(boundary, data, plugin, instrument, types, interval)
    try check(status, .activate, "the end of a subscription to instrument \(instrument)")
  }

  /// What is due up to and including `until`, or what threads of the provider published since.
  /// The records are valid until the next poll. `next`: when it has something again, nil if it
  /// cannot say.
  package func poll(
    until: Int64
  ) throws(PluginHostError) -> (records: UnsafeRawBufferPointer, next: Int64?, ended: Bool) {
    let data = try dataExtension()
    var next = KEEL_NULL
    var ended = false
    if data.pointee.poll != nil {
      let status = plugin_call_poll(boundary, data, plugin, until, &next)
      try check(status, .fault, "poll")
      ended = status == KEEL_S_END
    }
    var records: UnsafeRawPointer?
    let bytes = plugin_boundary_take_feed(boundary, &records)
    return (
      UnsafeRawBufferPointer(start: records, count: bytes), next == KEEL_NULL ? nil : next, ended
    )
  }

  private func dataExtension() throws(PluginHostError) -> UnsafePointer<keel_data> {
    try require(phase != .destroyed, .activate, "is destroyed")
    if let data = extensions.data { return data }
    throw PluginHostError(
      .activate, name, "\(descriptor.id) is no data provider",
      remedy: "name a plugin of kind \(KEEL_DATA)")
  }
}
