import PluginBoundary

/// The instances that a turn looks at, by their boundaries alone: a look retains nothing. Whoever
/// keeps this keeps the instances too.
package struct RunningInstances: ~Copyable {
  private let boundaries: UnsafeMutableBufferPointer<OpaquePointer>

  package init(_ instances: [PluginInstance] = []) {
    boundaries = .allocate(capacity: instances.count)
    _ = boundaries.initialize(from: instances.lazy.map(\.boundary))
  }

  deinit { boundaries.deallocate() }

  /// What keel_host.now answers until the next batch or call.
  package func setTime(_ now: Int64) {
    for boundary in boundaries { plugin_boundary_set_time(boundary, now) }
  }

  /// Whether draining timers or log of any would find anything: asked after every turn.
  package var haveRequests: Bool {
    for boundary in boundaries where plugin_boundary_has_requests(boundary) { return true }
    return false
  }
}
