import Glibc
import Signing

/// What signs. Its bytes are overwritten with this object, and never leave it but into its file.
package final class PrivateKey {
  private let seed: UnsafeMutablePointer<UInt8>
  package let publicKey: PublicKey

  static let byteCount = Int(SIGNING_SEED_BYTES)

  package init?(seed bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    seed = .allocate(capacity: Self.byteCount)
    seed.initialize(from: bytes, count: Self.byteCount)
    var key = [UInt8](repeating: 0, count: PublicKey.byteCount)
    signing_public_key(seed, &key)
    publicKey = PublicKey(unchecked: key)
  }

  deinit {
    explicit_bzero(seed, Self.byteCount)
    seed.deallocate()
  }

  /// Of the system's randomness.
  package static func generate() throws(PluginHostError) -> PrivateKey {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    defer { explicit_bzero(&bytes, bytes.count) }
    guard getentropy(&bytes, bytes.count) == 0, let key = PrivateKey(seed: bytes)
    else {
      throw PluginHostError(
        .key, "random numbers", "the system gives none: \(String(cString: strerror(errno)))",
        remedy: "run this where getentropy works")
    }
    return key
  }

  package func signature(of message: [UInt8]) -> [UInt8] {
    var signature = [UInt8](repeating: 0, count: Int(SIGNING_SIGNATURE_BYTES))
    message.withUnsafeBytes { signing_sign(seed, $0.baseAddress, $0.count, &signature) }
    return signature
  }

  /// Lends the seed, for its file alone.
  func withSeed<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    body(UnsafeBufferPointer(start: seed, count: Self.byteCount))
  }
}
