import Foundation
import Signing
import TestSupport
import Testing

@Suite struct Ed25519Tests {
  struct Vector: Sendable {
    let seed: String
    let key: String
    let message: String
    let signature: String
  }

  static func publicKey(_ seed: [UInt8]) -> [UInt8] {
    var key = [UInt8](repeating: 0, count: 32)
    signing_public_key(seed, &key)
    return key
  }

  static func sign(_ seed: [UInt8], _ message: [UInt8]) -> [UInt8] {
    var signature = [UInt8](repeating: 0, count: 64)
    signing_sign(seed, message, message.count, &signature)
    return signature
  }

  static func verify(_ key: [UInt8], _ message: [UInt8], _ signature: [UInt8]) -> Bool {
    signing_verify(key, message, message.count, signature)
  }

  /// RFC 8032, section 7.1, tests 1 to 3.
  @Test(arguments: [
    Vector(
      seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", message: "",
      signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33b"
        + "acc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    Vector(
      seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", message: "72",
      signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e1599"
        + "6e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    Vector(
      seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", message: "af82",
      signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f2"
        + "90ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
  ]) func matchesThePublishedVectors(_ vector: Vector) {
    let (seed, message) = (HexText.bytes(vector.seed), HexText.bytes(vector.message))
    let key = Self.publicKey(seed)
    #expect(HexText.text(key) == vector.key)
    #expect(HexText.text(Self.sign(seed, message)) == vector.signature)
    #expect(Self.verify(key, message, HexText.bytes(vector.signature)))
    #expect(signing_key_is_sound(key))
  }

  @Test func everyBitOfKeyMessageAndSignatureCounts() {
    let seed = [UInt8](0..<32)
    let (key, message) = (Self.publicKey(seed), Array("a manifest".utf8))
    let signature = Self.sign(seed, message)
    #expect(Self.verify(key, message, signature))
    func flipped(_ bytes: [UInt8], _ bit: Int) -> [UInt8] {
      var bytes = bytes
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      return bytes
    }
    for bit in 0..<512 { #expect(!Self.verify(key, message, flipped(signature, bit)), "\(bit)") }
    for bit in 0..<256 { #expect(!Self.verify(flipped(key, bit), message, signature), "\(bit)") }
    for bit in 0..<80 { #expect(!Self.verify(key, flipped(message, bit), signature), "\(bit)") }
    #expect(!Self.verify(key, message + [0], signature))
    #expect(!Self.verify(key, [], signature))
  }

  @Test func whatIsSignedIsVerifiedForAnySeedAndLength() {
    var random = SeededGenerator(seed: 25_519)
    for count in [0, 1, 31, 32, 63, 64, 65, 127, 128, 129, 1_000, 4_096] {
      let seed = (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let message = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      #expect(Self.verify(Self.publicKey(seed), message, Self.sign(seed, message)), "\(count)")
    }
    // The ends of what a seed can be.
    for seed in [[UInt8](repeating: 0, count: 32), [UInt8](repeating: 0xff, count: 32)] {
      #expect(Self.verify(Self.publicKey(seed), [1], Self.sign(seed, [1])))
    }
  }

  private static let hasOpenSSL = (try? ToolRun.require(["openssl", "version"])) != nil

  /// Another implementation signs the same bytes and takes ours.
  @Test(.enabled(if: hasOpenSSL, "openssl is not installed"))
  func agreesWithOpenSSL() throws {
    var random = SeededGenerator(seed: 8_032)
    try TemporaryDirectory.lend { folder in
      func file(_ name: String) -> String { folder.appending(path: name).path }
      for round in 0..<12 {
        let seed = (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let message = (0..<Int(random.next() % 300) + 1).map { _ in
          UInt8(truncatingIfNeeded: random.next())
        }
        let lead = HexText.bytes("302e020100300506032b657004220420")
        try TemporaryDirectory.write(file("key.der"), lead + seed)
        try TemporaryDirectory.write(file("message"), message)
        let key = ["-inkey", file("key.der"), "-keyform", "DER", "-in", file("message"), "-rawin"]
        try ToolRun.require(["openssl", "pkeyutl", "-sign", "-out", file("theirs")] + key)
        let theirs = try TemporaryDirectory.bytes(of: file("theirs"))
        let ours = Self.sign(seed, message)
        #expect(theirs == ours, "round \(round)")
        try TemporaryDirectory.write(file("ours"), ours)
        let said = try ToolRun.require(
          ["openssl", "pkeyutl", "-verify", "-sigfile", file("ours")] + key)
        #expect(said.contains("Success"), "round \(round): \(said)")
      }
    }
  }
}
