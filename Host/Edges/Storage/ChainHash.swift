import Checksum

/// SHA-256, of the value before it and one block: whoever knows the last value of a journal can
/// tell whether anything in it was changed.
package struct ChainHash: Hashable, Sendable, CustomStringConvertible {
  package static let bytes = 32
  /// What a journal's first block continues.
  package static let genesis = ChainHash()

  // The bytes in memory order.
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  private init() {}

  /// The first 32 bytes there.
  package init(_ bytes: UnsafeRawBufferPointer) {
    withUnsafeMutableBytes(of: &words) { own in
      own.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<Self.bytes]))
    }
  }

  /// As `description` writes it; nil for any other text.
  package init?(text: String) {
    let digits = text.utf8.map { byte in Character(Unicode.Scalar(byte)).hexDigitValue }
    guard digits.count == 2 * Self.bytes else { return nil }
    var content: [UInt8] = []
    for place in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[place], let low = digits[place + 1] else { return nil }
      content.append(UInt8(high << 4 | low))
    }
    self = content.withUnsafeBytes { ChainHash($0) }
  }

  /// Of bytes that continue nothing.
  init(of content: UnsafeRawBufferPointer) { self.init(after: nil, content) }

  private init(after before: ChainHash?, _ block: UnsafeRawBufferPointer) {
    var state = checksum_sha256()
    checksum_sha256_init(&state)
    if let before {
      before.withBytes { checksum_sha256_update(&state, $0.baseAddress, $0.count) }
    }
    checksum_sha256_update(&state, block.baseAddress, block.count)
    withUnsafeMutableBytes(of: &words) {
      checksum_sha256_final(&state, $0.baseAddress!.assumingMemoryBound(to: UInt8.self))
    }
  }

  func extended(by block: UnsafeRawBufferPointer) -> ChainHash {
    ChainHash(after: self, block)
  }

  func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
    withUnsafeBytes(of: words, body)
  }

  package static func == (left: ChainHash, right: ChainHash) -> Bool { left.words == right.words }

  package func hash(into hasher: inout Hasher) { withBytes { hasher.combine(bytes: $0) } }

  package var description: String {
    let digits = Array("0123456789abcdef".utf8)
    let text = withBytes { $0.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] } }
    return String(decoding: text, as: UTF8.self)
  }
}
