import PluginABI

/// Execution ids: a letter and a number that counts up, kept as text, so that naming an execution
/// is adding one to it. What no order asked for says what it was in front of the number.
struct ExecutionNames: ~Copyable {
  private static let size = 40
  private let text: UnsafeMutablePointer<UInt8>
  private let prefix: Int
  private var length: Int

  /// "s1", "s2" and so on; "s3-1" in the third start of a host.
  init(start: UInt32) {
    text = .allocate(capacity: Self.size)
    text.initialize(repeating: 0, count: Self.size)
    text[0] = UInt8(ascii: "s")
    var length = 1
    if start > 0 {
      var power: UInt32 = 1
      while start / power >= 10 { power *= 10 }
      while power > 0 {
        text[length] = UInt8(ascii: "0") + UInt8(start / power % 10)
        length += 1
        power /= 10
      }
      text[length] = UInt8(ascii: "-")
      length += 1
    }
    prefix = length
    text[length] = UInt8(ascii: "0")
    self.length = length + 1
  }
  deinit { text.deallocate() }

  mutating func name(_ fill: inout keel_ev_fill) {
    count()
    withUnsafeMutableBytes(of: &fill.exec_id) { bytes in
      bytes.baseAddress?.copyMemory(from: text, byteCount: Self.size)
    }
  }

  mutating func name(_ fill: inout keel_ev_fill, as word: StaticString) {
    count()
    withUnsafeMutableBytes(of: &fill.exec_id) { bytes in
      var place = 0
      word.withUTF8Buffer { word in
        for byte in word {
          bytes[place] = byte
          place += 1
        }
      }
      for index in 1..<length {
        bytes[place] = text[index]
        place += 1
      }
    }
  }

  private mutating func count() {
    var place = length - 1
    while place >= prefix, text[place] == UInt8(ascii: "9") {
      text[place] = UInt8(ascii: "0")
      place -= 1
    }
    if place >= prefix {
      text[place] += 1
    } else {
      text[prefix] = UInt8(ascii: "1")
      text[length] = UInt8(ascii: "0")
      length += 1
    }
  }
}
