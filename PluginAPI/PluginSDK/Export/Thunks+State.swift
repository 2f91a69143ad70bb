internal import PluginABI

/// Saved state, little-endian: magic, check (FNV-1a of what follows), the SDK's and the author's
/// bytes. The check refuses what was damaged or is foreign before any of it is believed.
extension Thunks {
  private static let magic: UInt32 = 0x3154_534B  // "KST1"
  private static let headerBytes = 12
  /// More than any instance should keep; a stream that never ends is refused here.
  private static let bytesMax = 64 << 20

  static let save: @convention(c) (Handle, UnsafePointer<keel_stream>?, UInt64) -> keel_status = {
    plugin, stream, _ in
    guard let plugin, let stream else { return Status.argument }
    return PluginBox.with(plugin) { box in
      guard box.isBuilt else { return Status.state }
      var body = StateWriter()
      box.save(to: &body)
      var whole = StateWriter()
      whole.writeInteger(Thunks.magic)
      whole.writeInteger(Thunks.check(body.bytes[...]))
      whole.append(body.bytes)
      return Thunks.send(whole.bytes, stream)
    }
  }

  static let load:
    @convention(c) (Handle, UnsafePointer<keel_stream>?, UInt32, Failure) -> keel_status = {
      plugin, stream, version, failure in
      guard let plugin, let stream else { return Status.argument }
      return PluginBox.with(plugin) { Thunks.load($0, stream, version, failure) }
    }

  private static func load(
    _ box: PluginBox, _ stream: UnsafePointer<keel_stream>, _ version: UInt32, _ failure: Failure
  ) -> keel_status {
    guard version >= box.info.stateOldest, version <= box.info.stateVersion else {
      let range = "\(box.info.stateOldest) to \(box.info.stateVersion)"
      return report(
        Status.version, "state version \(version) cannot be read, only \(range)", to: failure)
    }
    guard let bytes = receive(stream) else {
      return report(Status.io, "the saved state could not be read to its end", to: failure)
    }
    let built = build(box, failure)
    guard built == Status.ok else { return built }
    do throws(StateError) {
      var state = StateReader(bytes)
      guard try state.readInteger(UInt32.self) == magic else {
        throw StateError(.damaged, "it does not begin as one")
      }
      guard try state.readInteger(UInt64.self) == check(bytes[headerBytes...]) else {
        throw StateError(.damaged, "its check does not match")
      }
      try box.load(from: &state, version: version)
      guard state.remaining == 0 else { throw StateError(.trailing, "its last value") }
      return Status.ok
    } catch {
      return report(Status.version, error.text, to: failure)
    }
  }

  private static func send(_ bytes: [UInt8], _ stream: UnsafePointer<keel_stream>) -> keel_status {
    guard let io = stream.pointee.io else { return Status.argument }
    var bytes = bytes
    let count = bytes.count
    return bytes.withUnsafeMutableBytes { buffer in
      var sent = 0
      while sent < count {
        let moved = Int(io(stream, buffer.baseAddress! + sent, count - sent))
        guard moved > 0, moved <= count - sent else { return Status.io }
        sent += moved
      }
      return Status.ok
    }
  }

  private static func receive(_ stream: UnsafePointer<keel_stream>) -> [UInt8]? {
    guard let io = stream.pointee.io else { return nil }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while bytes.count < bytesMax {
      let capacity = piece.count
      let moved = piece.withUnsafeMutableBytes { Int(io(stream, $0.baseAddress!, capacity)) }
      guard moved >= 0, moved <= capacity else { return nil }
      if moved == 0 { return bytes }
      bytes.append(contentsOf: piece[..<moved])
    }
    return nil
  }

  private static func check(_ bytes: ArraySlice<UInt8>) -> UInt64 { FNV1a.hash(of: bytes) }
}
