import Signing

/// Who may have signed a bundle: an Ed25519 public key.
package struct PublicKey: Hashable, Sendable {
  package let bytes: [UInt8]

  static let byteCount = Int(SIGNING_KEY_BYTES)

  /// Nil for bytes that no signature can be held against: no point of the curve, not its one
  /// encoding, or one of so small an order that signatures of anything fit it.
  package init?(bytes: [UInt8]) {
    guard bytes.count == Self.byteCount, signing_key_is_sound(bytes) else { return nil }
    self.bytes = bytes
  }

  init(unchecked bytes: [UInt8]) { self.bytes = bytes }

  package init?(hexadecimal text: String) {
    guard let bytes = Hexadecimal.bytes(text) else { return nil }
    self.init(bytes: bytes)
  }

  package var text: String { Hexadecimal.text(bytes) }

  /// The short name under which people compare and revoke it: the first half of its SHA-256. What
  /// is trusted is the key itself.
  package var id: String {
    String(ContentHash(of: bytes).description.prefix(Self.idDigits))
  }
  package static let idDigits = 32

  /// Whether it made `signature` over `message`.
  package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard signature.count == Int(SIGNING_SIGNATURE_BYTES) else { return false }
    return message.withUnsafeBytes {
      signing_verify(bytes, $0.baseAddress, $0.count, signature)
    }
  }
}
