import Checksum
import TestSupport
import Testing

@Suite struct ChecksumTests {
  private func crc(_ bytes: [UInt8]) -> (UInt32, UInt32) {
    bytes.withUnsafeBytes {
      (
        checksum_crc32c(0, $0.baseAddress, $0.count),
        checksum_crc32c_portable(0, $0.baseAddress, $0.count)
      )
    }
  }

  /// RFC 3720, B.4, and the usual check value.
  @Test func crcMatchesPublishedVectors() {
    let vectors: [([UInt8], UInt32)] = [
      ([], 0), (Array("123456789".utf8), 0xE306_9283),
      ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
      ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
      (Array(0..<32), 0x46DD_794E), (Array((0..<32).reversed()), 0x113F_DB5C),
    ]
    for (bytes, expected) in vectors {
      #expect(crc(bytes).0 == expected)
      #expect(crc(bytes).1 == expected)
    }
  }

  @Test func crcIsTheSameByInstructionTableAndPieces() {
    var random = SeededGenerator(seed: 7)
    let bytes = (0..<700).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    for count in [1, 7, 8, 9, 63, 64, 65, 104, 699] {
      let (fast, portable) = crc(Array(bytes.prefix(count)))
      #expect(fast == portable)
      let cut = count / 3
      let pieces = bytes.withUnsafeBytes { all in
        checksum_crc32c(
          checksum_crc32c(0, all.baseAddress, cut), all.baseAddress! + cut, count - cut)
      }
      #expect(pieces == fast)
    }
  }

  private func sha(_ pieces: [[UInt8]]) -> String {
    var state = checksum_sha256()
    checksum_sha256_init(&state)
    for piece in pieces {
      piece.withUnsafeBytes { checksum_sha256_update(&state, $0.baseAddress, $0.count) }
    }
    var digest = [UInt8](repeating: 0, count: Int(CHECKSUM_SHA256_BYTES))
    checksum_sha256_final(&state, &digest)
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// FIPS 180-4 examples.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ]) func shaMatchesPublishedVectors(_ text: String, _ expected: String) {
    #expect(sha([Array(text.utf8)]) == expected)
  }

  @Test func shaOfAMillionLettersInOddPieces() {
    let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    #expect(sha([letters]) == expected)
    let pieces = stride(from: 0, to: letters.count, by: 977).map {
      Array(letters[$0..<min($0 + 977, letters.count)])
    }
    #expect(sha(pieces) == expected)
    for count in 54...66 {
      let bytes = Array(letters.prefix(count))
      #expect(sha([bytes]) == sha(bytes.map { [$0] }), "\(count) bytes one by one")
    }
  }

  @Test func shaIsTheSameByInstructionAndWithout() {
    var random = SeededGenerator(seed: 11)
    let bytes = (0..<4096).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    for count in [0, 1, 55, 56, 63, 64, 65, 127, 128, 192, 1000, 4095, 4096] {
      var state = checksum_sha256()
      checksum_sha256_portable_init(&state)
      var digest = [UInt8](repeating: 0, count: Int(CHECKSUM_SHA256_BYTES))
      bytes.withUnsafeBytes { checksum_sha256_update(&state, $0.baseAddress, count) }
      checksum_sha256_final(&state, &digest)
      let portable = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      #expect(sha([Array(bytes.prefix(count))]) == portable, "\(count) bytes")
    }
  }
}
