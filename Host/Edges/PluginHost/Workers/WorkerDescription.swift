import Glibc
import PluginABI
import WorkerChannel

/// Descriptors on their way out of a worker, where a pointer means nothing.
struct WorkerDescription {
  static func raw(_ descriptor: PluginDescriptor) -> worker_descriptor {
    var raw = worker_descriptor()
    raw.flags =
      (descriptor.isDeterministic ? UInt32(KEEL_PF_DETERMINISTIC) : 0)
      | (descriptor.hasOwnThreads ? UInt32(KEEL_PF_OWN_THREADS) : 0)
    for (bit, kind) in PluginKind.allCases.enumerated() where descriptor.kinds.contains(kind) {
      raw.kinds |= 1 << UInt32(bit)
    }
    raw.state_version = descriptor.stateVersion
    raw.state_oldest = descriptor.stateOldest
    write(descriptor.id, to: &raw.id)
    write(descriptor.name, to: &raw.name)
    write(descriptor.vendor, to: &raw.vendor)
    write(descriptor.version, to: &raw.version)
    write(descriptor.stateSchema, to: &raw.state_schema)
    return raw
  }

  /// Reads one as if a library of this process had given it: with the same checks.
  static func descriptor(
    _ raw: worker_descriptor, index: Int, defects: inout [PluginHostError.Defect]
  ) -> PluginDescriptor? {
    let kinds = PluginKind.allCases.enumerated()
      .filter { raw.kinds >> UInt32($0.offset) & 1 == 1 }.map { copy($0.element.abiName) }
    let texts = [
      BoundedText.shown(raw.id), BoundedText.shown(raw.name), BoundedText.shown(raw.vendor),
      BoundedText.shown(raw.version), BoundedText.shown(raw.state_schema),
    ].map { copy($0) }
    defer { for text in kinds + texts { free(text) } }
    let list = kinds.map { UnsafePointer<CChar>($0) } + [nil]
    return list.withUnsafeBufferPointer { list in
      var described = keel_descriptor()
      described.struct_size = UInt32(MemoryLayout<keel_descriptor>.size)
      described.flags = raw.flags
      described.id = UnsafePointer(texts[0])
      described.name = UnsafePointer(texts[1])
      described.vendor = UnsafePointer(texts[2])
      described.version = UnsafePointer(texts[3])
      described.state_schema = UnsafePointer(texts[4])
      described.kinds = list.baseAddress
      described.state_version = raw.state_version
      described.state_oldest = raw.state_oldest
      return PluginDescriptor(&described, index: index, defects: &defects)
    }
  }

  private static func copy(_ text: String) -> UnsafeMutablePointer<CChar>? { strdup(text) }

  private static func write<Field>(_ text: String, to field: inout Field) {
    withUnsafeMutableBytes(of: &field) { $0.copyBytes(from: text.utf8.prefix($0.count - 1)) }
  }
}
