/// The checksum of gzip: CRC-32 as IEEE 802.3 has it, eight bytes a step.
struct CRC32 {
  private(set) var value: UInt32 = 0

  /// Eight tables of 256: what a byte does from 0 to 7 places further on.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var sum = UInt32(byte)
      for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
      tables[byte] = sum
    }
    for place in 256..<8 * 256 {
      let before = tables[place - 256]
      tables[place] = before >> 8 ^ tables[Int(before & 0xFF)]
    }
    return tables
  }()

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    guard var place = bytes.baseAddress else { return }
    var left = bytes.count
    var sum = ~value
    Self.tables.withUnsafeBufferPointer { buffer in
      guard let table = buffer.baseAddress else { return }
      while left >= 8 {
        let word = UInt64(littleEndian: place.loadUnaligned(as: UInt64.self)) ^ UInt64(sum)
        sum = table[Int(word & 0xFF) &+ 1792] ^ table[Int(word >> 8 & 0xFF) &+ 1536]
        sum ^= table[Int(word >> 16 & 0xFF) &+ 1280] ^ table[Int(word >> 24 & 0xFF) &+ 1024]
        sum ^= table[Int(word >> 32 & 0xFF) &+ 768] ^ table[Int(word >> 40 & 0xFF) &+ 512]
        sum ^= table[Int(word >> 48 & 0xFF) &+ 256] ^ table[Int(word >> 56)]
        place += 8
        left &-= 8
      }
      while left > 0 {
        sum = sum >> 8 ^ table[Int((sum ^ UInt32(place.load(as: UInt8.self))) & 0xFF)]
        place += 1
        left &-= 1
      }
    }
    value = ~sum
  }
}
