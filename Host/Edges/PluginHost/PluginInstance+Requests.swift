import PluginABI
import PluginBoundary

/// What an instance wants to receive.
package struct Interests: Sendable, Equatable {
  /// KEEL_MASK of each event type.
  package var types: UInt64
  package var barInterval: Int64
  package var warmupRecords: Int
  package var warmupTime: Int64

  package init(types: UInt64, barInterval: Int64, warmupRecords: Int, warmupTime: Int64) {
    self.types = types
    self.barInterval = barInterval
    self.warmupRecords = warmupRecords
    self.warmupTime = warmupTime
  }
}

/// What a plugin asked of the host since last looked.
extension PluginInstance {
  /// Nil: everything its slot is configured for. After activate, and again after a wake.
  package func interests() throws(PluginHostError) -> Interests? {
    guard let interests = extensions.interests else { return nil }
    var info = keel_interests_info()
    info.struct_size = UInt32(MemoryLayout<keel_interests_info>.size)
    let status = plugin_call_interests(boundary, interests, plugin, &info)
    try check(status, .activate, "interests")
    return Interests(
      types: info.types, barInterval: info.bar_interval, warmupRecords: Int(info.warmup_records),
      warmupTime: info.warmup_time)
  }

  /// What keel_host.now answers until the next batch or call of this.
  package func setTime(_ now: Int64) { plugin_boundary_set_time(boundary, now) }

  /// Whether draining timers or log would find anything: asked after every turn.
  package var hasRequests: Bool { plugin_boundary_has_requests(boundary) }

  /// Timers asked for, oldest first; due nil removes one. Between two batches.
  package func drainTimers(_ body: (_ id: UInt64, _ due: Int64?) -> Void) {
    guard phase != .destroyed else { return }
    var timer = plugin_timer()
    while plugin_boundary_take_timer(boundary, &timer) {
      body(timer.id, timer.due == KEEL_NULL ? nil : timer.due)
    }
  }

  /// Lines logged, oldest first, then one line that counts those dropped.
  package func drainLog(_ body: (_ level: Int32, _ text: String) -> Void) {
    guard phase != .destroyed else { return }
    var line = plugin_log_line()
    while plugin_boundary_take_log(boundary, &line) {
      let text = withUnsafeBytes(of: line.text) { bytes in
        String(decoding: bytes.prefix(Int(line.length)), as: UTF8.self)
      }
      body(line.level, BoundedText.masked(text))
    }
    let dropped = plugin_boundary_take_log_dropped(boundary)
    guard dropped > 0 else { return }
    body(Int32(KEEL_LOG_WARNING), "\(dropped) log lines dropped: too many at once")
  }
}
