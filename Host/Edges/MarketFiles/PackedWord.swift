/// A word of at most eight bytes as one number, capital letters made small: what rows say in words
/// is compared as quickly as what they say in numbers.
enum PackedWord {
  static func pack(_ text: String) -> Int64 {
    var value: UInt64 = 0
    for (place, byte) in text.utf8.prefix(8).enumerated() {
      value |= UInt64(byte | 0x20) << UInt64(8 * place)
    }
    return Int64(bitPattern: value)
  }

  /// `count` is 1 to 8, and eight bytes can be read.
  @inline(__always)
  static func pack(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int64 {
    let word = UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
    let kept = UInt64.max &>> UInt64((8 &- count) &<< 3)
    return Int64(bitPattern: (word | 0x2020_2020_2020_2020) & kept)
  }
}
