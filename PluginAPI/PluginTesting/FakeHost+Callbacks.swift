internal import PluginABI

/// The functions a plugin may call, and where what it pushes and publishes goes.
extension FakeHost {
  static func of(_ context: UnsafeMutableRawPointer?) -> FakeHost {
    Unmanaged<FakeHost>.fromOpaque(context!).takeUnretainedValue()
  }

  func push(_ record: UnsafeRawBufferPointer) -> keel_status {
    guard room > 0 else { return keel_status(KEEL_E_FULL) }
    room -= 1
    if record.count == MemoryLayout<keel_intent>.size {
      intents.append(record.loadUnaligned(as: keel_intent.self))
    } else if record.count == MemoryLayout<keel_signal>.size {
      signals.append(record.loadUnaligned(as: keel_signal.self))
    } else {
      return keel_status(KEEL_E_ARG)
    }
    return keel_status(KEEL_OK)
  }

  func publish(_ record: UnsafeRawBufferPointer) -> keel_status {
    guard room > 0 else { return keel_status(KEEL_E_FULL) }
    room -= 1
    published.append(FakeEvent(bytes: record))
    return keel_status(KEEL_OK)
  }

  func connect() {
    let context = Unmanaged.passUnretained(self).toOpaque()
    feed.pointee.struct_size = UInt32(MemoryLayout<keel_feed>.size)
    feed.pointee.ctx = context
    feed.pointee.publish = { feed, records, bytes in
      FakeHost.of(feed?.pointee.ctx).publish(UnsafeRawBufferPointer(start: records, count: bytes))
    }
    host.pointee.struct_size = UInt32(MemoryLayout<keel_host>.size)
    host.pointee.abi_minor = UInt32(KEEL_ABI_DRAFT)
    host.pointee.ctx = context
    host.pointee.extension = { _, _ in nil }
    host.pointee.log = { host, _, text in
      let bytes = UnsafeRawBufferPointer(start: text.ptr, count: text.len)
      FakeHost.of(host?.pointee.ctx).log.append(String(decoding: bytes, as: UTF8.self))
    }
    host.pointee.now = { host in FakeHost.of(host?.pointee.ctx).now }
    host.pointee.instrument = { host, id in
      let instruments = FakeHost.of(host?.pointee.ctx).instruments
      return id < instruments.count ? UnsafePointer(instruments.baseAddress! + Int(id)) : nil
    }
    host.pointee.wake = { host in
      FakeHost.of(host?.pointee.ctx).wakes += 1
      return keel_status(KEEL_OK)
    }
    host.pointee.timer = { host, id, due in
      FakeHost.of(host?.pointee.ctx).timers[id] = due == KEEL_NULL ? nil : due
      return keel_status(KEEL_OK)
    }
  }
}
