import Checksum

/// SHA-256 of a plugin file: the name under which a build is stored, logged and journaled.
package struct ContentHash: Hashable, Sendable, CustomStringConvertible {
  package let bytes: [UInt8]

  package init(of content: [UInt8]) {
    var state = checksum_sha256()
    var digest = [UInt8](repeating: 0, count: 32)
    checksum_sha256_init(&state)
    content.withUnsafeBytes { checksum_sha256_update(&state, $0.baseAddress, $0.count) }
    checksum_sha256_final(&state, &digest)
    bytes = digest
  }

  package var description: String { Hexadecimal.text(bytes) }
}
