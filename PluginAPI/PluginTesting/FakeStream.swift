internal import PluginABI

/// The host's side of saving and loading, in pieces as small as wanted.
final class FakeStream {
  private(set) var bytes: [UInt8]
  private let piece: Int
  private var position = 0

  init(_ bytes: [UInt8], piece: Int = .max) {
    self.bytes = bytes
    self.piece = piece
  }

  /// Reads where there is something to read, else collects.
  func withStream<Result>(_ body: (UnsafePointer<keel_stream>) -> Result) -> Result {
    var stream = keel_stream()
    stream.struct_size = UInt32(MemoryLayout<keel_stream>.size)
    stream.ctx = Unmanaged.passUnretained(self).toOpaque()
    stream.io = { stream, buffer, count in
      let fake = Unmanaged<FakeStream>.fromOpaque(stream!.pointee.ctx).takeUnretainedValue()
      return fake.move(UnsafeMutableRawBufferPointer(start: buffer, count: count))
    }
    isWriting = bytes.isEmpty
    return body(&stream)
  }

  private var isWriting = false

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
