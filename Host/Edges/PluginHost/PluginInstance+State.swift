import PluginABI
import PluginBoundary

extension PluginInstance {
  package var hasState: Bool { extensions.state != nil }

  /// The state after event `sequence`. Between two batches.
  package func saveState(sequence: UInt64) throws(PluginHostError) -> [UInt8] {
    let state = try stateExtension()
    let room = UnsafeMutablePointer<UInt8>.allocate(capacity: limits.stateBytesMax)
    defer { room.deallocate() }
    var stream = plugin_bytes()
    stream.bytes = room
    stream.capacity = limits.stateBytesMax
    stream.step = limits.stateStep
    let status = plugin_call_save(boundary, state, plugin, &stream, sequence)
    if stream.overflowed != 0 {
      throw PluginHostError(
        .state, name, "its state is more than the \(limits.stateBytesMax) bytes allowed",
        remedy: "save less: what history can bring back need not be saved")
    }
    try check(status, .state, "state.save")
    return Array(UnsafeBufferPointer(start: room, count: stream.used))
  }

  /// Once, before activate.
  package func loadState(_ bytes: [UInt8], version: UInt32) throws(PluginHostError) {
    let state = try stateExtension()
    try require(phase == .created, .state, "loads state before activate only")
    guard bytes.count <= limits.stateBytesMax else {
      throw PluginHostError(
        .state, name,
        "the state has \(bytes.count) bytes, more than the \(limits.stateBytesMax) allowed",
        remedy: "start this slot from history instead")
    }
    guard version >= descriptor.stateOldest else {
      throw PluginHostError(
        .state, name,
        "\(descriptor.id) \(descriptor.version) reads state from version "
          + "\(descriptor.stateOldest) on, this is version \(version)",
        remedy: "go by way of a version of the plugin in between, or start from history")
    }
    var copy = bytes
    var error = keel_error.empty
    let status = copy.withUnsafeMutableBufferPointer { buffer in
      var stream = plugin_bytes()
      stream.bytes = buffer.baseAddress
      stream.capacity = buffer.count
      stream.step = limits.stateStep
      return plugin_call_load(boundary, state, plugin, &stream, version, &error)
    }
    try check(status, .state, "this state", error)
  }

  private func stateExtension() throws(PluginHostError) -> UnsafePointer<keel_state> {
    try require(phase != .destroyed, .state, "is destroyed")
    if let state = extensions.state { return state }
    throw PluginHostError(
      .state, name, "\(descriptor.id) keeps no state",
      remedy: "it warms up from history instead; offer \(KEEL_STATE) to save it")
  }

  // MARK: Swap

  /// Advance notice; a plugin without keel.swap/1 needs none.
  package func quiesce(deadline: Int64) throws(PluginHostError) {
    guard let swap = extensions.swap else { return }
    try check(plugin_call_quiesce(boundary, swap, plugin, deadline), .activate, "quiesce")
  }

  package func resume() throws(PluginHostError) {
    guard let swap = extensions.swap else { return }
    try check(plugin_call_resume(boundary, swap, plugin), .activate, "resume")
  }
}
