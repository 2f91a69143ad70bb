import Signing
import TestSupport
import Testing

@Suite struct SHA512Tests {
  private func sha(_ pieces: [[UInt8]]) -> String {
    var state = signing_sha512()
    signing_sha512_init(&state)
    for piece in pieces {
      piece.withUnsafeBytes { signing_sha512_update(&state, $0.baseAddress, $0.count) }
    }
    var digest = [UInt8](repeating: 0, count: Int(SIGNING_SHA512_BYTES))
    signing_sha512_final(&state, &digest)
    return HexText.text(digest)
  }

  /// FIPS 180-4 examples.
  @Test(arguments: [
    (
      "",
      "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
        + "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
    ),
    (
      "abc",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
        + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
        + "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909"
    ),
  ]) func matchesPublishedVectors(_ text: String, _ expected: String) {
    #expect(sha([Array(text.utf8)]) == expected)
  }

  @Test func aMillionLettersInOddPieces() {
    let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    let expected =
      "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
      + "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b"
    let pieces = stride(from: 0, to: letters.count, by: 977).map {
      Array(letters[$0..<min($0 + 977, letters.count)])
    }
    #expect(sha(pieces) == expected)
    for count in 110...130 {
      let bytes = Array(letters.prefix(count))
      #expect(sha([bytes]) == sha(bytes.map { [$0] }), "\(count) bytes one by one")
    }
  }
}
