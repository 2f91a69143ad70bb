import Glibc

/// Looks through large stretches of zeros at the speed of `memcmp`.
enum ZeroBytes {
  static func fill(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let start = bytes.baseAddress, let first = bytes.first else { return true }
    // Equal to itself one byte further on: all bytes are the first.
    return first == 0 && memcmp(start, start + 1, bytes.count - 1) == 0
  }

  static func lastOther(in bytes: UnsafeRawBufferPointer) -> Int? {
    var end = bytes.count
    while end > 0 {
      let start = max(0, end - 4096)
      let part = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
      if !fill(part) { return start + part.lastIndex { $0 != 0 }! }
      end = start
    }
    return nil
  }
}
