internal import PluginABI
#if KEEL_MODULES
  internal import Market
#endif

extension Thunks {
  static let attach: @convention(c) (Handle, UnsafePointer<keel_feed>?) -> keel_status = {
    plugin, feed in
    guard let plugin, let feed else { return Status.argument }
    return PluginBox.with(plugin) { box in
      guard box.isBuilt else { return Status.state }
      box.attach(feed)
      return Status.ok
    }
  }

  static let subscribe: @convention(c) (Handle, keel_inst, UInt64, keel_ns) -> keel_status = {
    plugin, instrument, types, interval in
    guard let plugin else { return Status.argument }
    let wanted = Thunks.subscription(instrument, types, interval)
    return PluginBox.with(plugin) { box in
      guard box.isBuilt else { return Status.state }
      return box.subscribe(wanted) ? Status.ok : Status.unsupported
    }
  }

  static let unsubscribe: @convention(c) (Handle, keel_inst, UInt64, keel_ns) -> keel_status = {
    plugin, instrument, types, interval in
    guard let plugin else { return Status.argument }
    let wanted = Thunks.subscription(instrument, types, interval)
    return PluginBox.with(plugin) { box in
      guard box.isBuilt else { return Status.state }
      box.unsubscribe(wanted)
      return Status.ok
    }
  }

  private static func subscription(
    _ instrument: keel_inst, _ types: UInt64, _ interval: keel_ns
  ) -> Subscription {
    Subscription(
      instrument: InstrumentID(rawValue: instrument), types: Interests.Types(rawValue: types),
      interval: Nanoseconds(interval))
  }

  static let poll: @convention(c) (Handle, keel_ns, UnsafeMutablePointer<keel_ns>?) -> keel_status =
    {
      plugin, until, next in
      guard let plugin, let next else { return Status.argument }
      return PluginBox.with(plugin) { box in
        guard box.isBuilt else { return Status.state }
        next.pointee = KEEL_NULL
        switch box.poll(until: Timestamp(nanoseconds: until)) {
        case .next(let time):
          next.pointee = time.nanoseconds
          return Status.ok
        case .unknown: return Status.ok
        case .ended: return Status.end
        }
      }
    }

  static let command: @convention(c) (Handle, UnsafePointer<keel_order>?) -> keel_status = {
    plugin, order in
    guard let plugin, let order else { return Status.argument }
    return PluginBox.with(plugin) { box in
      guard box.isBuilt else { return Status.state }
      return box.command(VenueOrder(raw: order)) ? Status.ok : Status.unsupported
    }
  }

  static let reconcile: @convention(c) (Handle, keel_ns) -> keel_status = { plugin, since in
    guard let plugin else { return Status.argument }
    return PluginBox.with(plugin) { box in
      guard box.isBuilt else { return Status.state }
      return box.reconcile(since: Timestamp(nanoseconds: since)) ? Status.ok : Status.unsupported
    }
  }
}
