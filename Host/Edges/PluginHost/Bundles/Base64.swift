/// Base64 of RFC 4648, in its one form: padded, no line ends, no loose bits.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")

  static func text(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var word: UInt32 = 0
      for offset in 0..<3 {
        word = word << 8 | (offset < group.count ? UInt32(group[start + offset]) : 0)
      }
      for digit in 0..<4 {
        text.append(
          digit <= group.count ? alphabet[Int(word >> UInt32(18 - 6 * digit) & 63)] : padding)
      }
    }
    return text
  }

  static func bytes(_ text: [UInt8]) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    let body = text.prefix { $0 != padding }
    guard text.count - body.count <= 2, text[body.count...].allSatisfy({ $0 == padding }) else {
      return nil
    }
    var bytes: [UInt8] = []
    var (word, bits): (UInt32, Int) = (0, 0)
    for character in body {
      guard let digit = alphabet.firstIndex(of: character) else { return nil }
      word = word << 6 | UInt32(digit)
      bits += 6
      guard bits >= 8 else { continue }
      bits -= 8
      bytes.append(UInt8(word >> UInt32(bits)))
      word &= 1 << UInt32(bits) - 1
    }
    return word == 0 && self.text(bytes) == text ? bytes : nil
  }
}
