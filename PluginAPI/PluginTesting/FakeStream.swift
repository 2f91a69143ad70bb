internal import PluginABI

/// The host's side of saving and loading, in pieces as small as wanted.
final class FakeStream {
  private(set) var bytes: [UInt8]
  private let isWriting: Bool
  private let piece: Int
  private var position = 0

  /// To be saved into.
  init() {
    bytes = []
    isWriting = true
    piece = .max
  }

  /// To be loaded from; there may be nothing in it.
  init(_ bytes: [UInt8], piece: Int = .max) {
    self.bytes = bytes
    isWriting = false
    self.piece = piece
  }

  func withStream<Result>(_ body: (UnsafePointer<keel_stream>) -> Result) -> Result {
    var stream = keel_stream()
    stream.struct_size = UInt32(MemoryLayout<keel_stream>.size)
    stream.ctx = Unmanaged.passUnretained(self).toOpaque()
    stream.io = { stream, buffer, count in
      let fake = Unmanaged<FakeStream>.fromOpaque(stream!.pointee.ctx).takeUnretainedValue()
      return fake.move(UnsafeMutableRawBufferPointer(start: buffer, count: count))
    }
    return body(&stream)
  }

  private func move(_ buffer: UnsafeMutableRawBufferPointer) -> Int64 {
    let count = min(piece, buffer.count, isWriting ? .max : bytes.count - position)
    if isWriting {
      bytes.append(contentsOf: buffer[..<count])
    } else {
      for offset in 0..<count { buffer[offset] = bytes[position + offset] }
      position += count
    }
    return Int64(count)
  }
}
