import Glibc

/// A text, a stretch of it at a time: what is not used up yet lies contiguous, and zeros stand
/// behind it, which no number and no word goes on over. The last line always ends.
final class TextWindow {
  static let bytes = 256 << 10
  /// Zeros behind the text, for who reads eight bytes at once.
  static let padding = 64

  let source: any ByteSource
  private let buffer: UnsafeMutablePointer<UInt8>
  private(set) var start: UnsafePointer<UInt8>
  private(set) var end: UnsafePointer<UInt8>
  private(set) var isAtEnd = false

  init(_ source: any ByteSource) throws(MarketFileError) {
    self.source = source
    buffer = .allocate(capacity: Self.bytes + 1 + Self.padding)
    start = UnsafePointer(buffer)
    end = start
    buffer.update(repeating: 0, count: Self.padding)
    try refill(keeping: start)
  }

  deinit { buffer.deallocate() }

  /// Drops what is before `place`, and reads on. Afterwards the text begins at `start`.
  func refill(keeping place: UnsafePointer<UInt8>) throws(MarketFileError) {
    let rest = end - place
    buffer.update(from: place, count: rest)
    var filled = rest
    while filled < Self.bytes, !isAtEnd {
      let read = try source.read(
        into: UnsafeMutableRawBufferPointer(start: buffer + filled, count: Self.bytes - filled))
      filled += read
      if read == 0 {
        isAtEnd = true
        if filled > 0, buffer[filled - 1] != UInt8(ascii: "\n") {
          buffer[filled] = UInt8(ascii: "\n")
          filled += 1
        }
      }
    }
    start = UnsafePointer(buffer)
    end = start + filled
    (buffer + filled).update(repeating: 0, count: Self.padding)
  }
}
