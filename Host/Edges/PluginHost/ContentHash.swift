import Checksum

/// SHA-256 of a plugin file: the name under which a build is stored, logged and journaled.
package struct ContentHash: Hashable, Sendable, CustomStringConvertible {
  package let bytes: [UInt8]

  package init(of content: [UInt8]) {
    var state = checksum_sha256()
    var digest = [UInt8](repeating: 0, count: 32)
    checksum_sha256_init(&state)
    content.withUnsafeBytes { checksum_sha256_update(&state, $0.baseAddress!, $0.count) }
    checksum_sha256_final(&state, &digest)
    bytes = digest
  }

  package var description: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
