import Glibc

/// Keys as files that `openssl pkey` reads too: PEM around PKCS #8 for a private key, around
/// SubjectPublicKeyInfo for a public one (RFC 8410). Of both there is one form for Ed25519, so
/// what stands before the key is compared and not parsed.
package enum KeyFile {
  private static let privateLead: [UInt8] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]
  private static let publicLead: [UInt8] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]
  private static let bytesMax = 1024

  /// Makes a file that only its owner may read; one that is there is never written over.
  package static func write(_ key: PrivateKey, to path: String) throws(PluginHostError) {
    var content = key.withSeed { pem("PRIVATE KEY", privateLead + $0) }
    defer { explicit_bzero(&content, content.count) }
    try WholeFile.create(content, path, mode: 0o600)
  }

  package static func write(_ key: PublicKey, to path: String) throws(PluginHostError) {
    try WholeFile.create(pem("PUBLIC KEY", publicLead + key.bytes), path, mode: 0o644)
  }

  /// Refuses a file that others than its owner could read.
  package static func privateKey(path: String) throws(PluginHostError) -> PrivateKey {
    try FileOwnership.checkPrivate(path)
    var bytes = try PluginFile(path: path, bytesMax: bytesMax).bytes
    defer { explicit_bzero(&bytes, bytes.count) }
    guard var seed = content(of: bytes, "PRIVATE KEY", privateLead),
      let key = PrivateKey(seed: seed)
    else {
      throw PluginHostError(
        .key, path, "is no Ed25519 private key in PEM form",
        remedy: "make one: keel plugin keygen, or openssl genpkey -algorithm ed25519")
    }
    explicit_bzero(&seed, seed.count)
    return key
  }

  package static func publicKey(path: String) throws(PluginHostError) -> PublicKey {
    let bytes = try PluginFile(path: path, bytesMax: bytesMax).bytes
    guard let content = content(of: bytes, "PUBLIC KEY", publicLead) else {
      let isPrivate = String(decoding: bytes, as: UTF8.self).contains("PRIVATE KEY")
      throw PluginHostError(
        .key, path,
        isPrivate ? "is a private key" : "is no Ed25519 public key in PEM form",
        remedy: "give the public key; its owner has it from keel plugin keygen")
    }
    guard let key = PublicKey(bytes: content) else {
      throw PluginHostError(
        .key, path, "is a key that signatures of anything would fit",
        remedy: "ask its owner for a key that was made, not invented")
    }
    return key
  }

  private static func pem(_ label: String, _ content: [UInt8]) -> [UInt8] {
    Array("-----BEGIN \(label)-----\n".utf8) + Base64.text(content)
      + Array("\n-----END \(label)-----\n".utf8)
  }

  private static func content(of file: [UInt8], _ label: String, _ lead: [UInt8]) -> [UInt8]? {
    let lines = file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
    guard lines.count == 3, lines[0].elementsEqual("-----BEGIN \(label)-----".utf8),
      lines[2].elementsEqual("-----END \(label)-----".utf8),
      let bytes = Base64.bytes(Array(lines[1])), bytes.count == lead.count + 32,
      bytes.starts(with: lead)
    else { return nil }
    return Array(bytes.dropFirst(lead.count))
  }
}
