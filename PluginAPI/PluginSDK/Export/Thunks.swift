internal import PluginABI
#if KEEL_MODULES
  internal import Market
#endif

/// The C functions behind the tables: each finds its box, enters its arena, and translates.
enum Thunks {
  typealias Handle = UnsafeMutablePointer<keel_plugin>?
  typealias Failure = UnsafeMutablePointer<keel_error>?

  static let process:
    @convention(c) (Handle, UnsafePointer<keel_batch>?, UnsafePointer<keel_sink>?) -> keel_status =
      { plugin, batch, sink in
        guard let plugin, let batch, let sink else { return Status.argument }
        return PluginBox.with(plugin) { $0.process(batch, sink) }
      }

  static let activate: @convention(c) (Handle, Failure) -> keel_status = { plugin, failure in
    guard let plugin else { return Status.argument }
    return PluginBox.with(plugin) { Thunks.build($0, failure) }
  }
  static let deactivate: @convention(c) (Handle) -> keel_status = { _ in Status.ok }

  static let destroy: @convention(c) (Handle) -> Void = { plugin in
    guard let plugin, let raw = plugin.pointee.`self` else { return }
    let box = Unmanaged<PluginBox>.fromOpaque(raw)
    let arena = box._withUnsafeGuaranteedRef { $0.arena }
    if !Arena.releasesWhole { box.release() }
    arena.destroy()
  }

  static let find: @convention(c) (Handle, UnsafePointer<CChar>?) -> UnsafeRawPointer? = {
    plugin, id in
    guard let plugin, let id else { return nil }
    return PluginBox.with(plugin) { ExtensionTables.find(id, in: $0) }
  }

  static let interests:
    @convention(c) (Handle, UnsafeMutablePointer<keel_interests_info>?) -> keel_status = {
      plugin, out in
      guard let plugin, let out else { return Status.argument }
      return PluginBox.with(plugin) { box in
        guard let interests = box.interests else { return Status.state }
        guard out.pointee.struct_size >= MemoryLayout<keel_interests_info>.size else {
          return Status.version
        }
        out.pointee.types = interests.types.rawValue
        out.pointee.bar_interval = interests.barInterval.count
        out.pointee.warmup_records = UInt32(clamping: interests.warmupRecords)
        out.pointee.warmup_time = interests.warmupTime.count
        return Status.ok
      }
    }

  static let quiesce: @convention(c) (Handle, keel_ns) -> keel_status = { plugin, _ in
    guard let plugin else { return Status.argument }
    return PluginBox.with(plugin) { box in
      box.isQuiescing = true
      return Status.ok
    }
  }
  static let resume: @convention(c) (Handle) -> keel_status = { plugin in
    guard let plugin else { return Status.argument }
    return PluginBox.with(plugin) { box in
      box.isQuiescing = false
      return Status.ok
    }
  }

  static func build(_ box: PluginBox, _ failure: Failure) -> keel_status {
    do throws(PluginError) {
      try box.build()
      return Status.ok
    } catch {
      return report(Status.argument, error.message, to: failure)
    }
  }

  static func report(_ code: keel_status, _ message: String, to failure: Failure) -> keel_status {
    guard let failure, failure.pointee.struct_size >= MemoryLayout<keel_error>.size else {
      return code
    }
    failure.pointee.code = code
    withUnsafeMutableBytes(of: &failure.pointee.text) { text in
      var index = 0
      for byte in message.utf8 where index < text.count - 1 {
        text[index] = byte
        index += 1
      }
      // A character cut in two is not UTF-8: take it off whole.
      if index == text.count - 1 {
        while index > 0, text[index - 1] & 0xC0 == 0x80 { index -= 1 }
        if index > 0, text[index - 1] >= 0xC0 { index -= 1 }
      }
      text[index] = 0
    }
    return code
  }
}
