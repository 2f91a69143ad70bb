import Glibc
import TestSupport
import Testing

@testable import PluginHost

@Suite struct KeyFileTests {
  private let folder = TemporaryDirectory()

  @Test func keysAreReadAsTheyWereWritten() throws {
    let key = try PrivateKey.generate()
    try KeyFile.write(key, to: folder.file("a.key"))
    try KeyFile.write(key.publicKey, to: folder.file("a.pub"))
    let read = try KeyFile.privateKey(path: folder.file("a.key"))
    #expect(read.publicKey == key.publicKey)
    #expect(read.signature(of: [1]) == key.signature(of: [1]))
    #expect(try KeyFile.publicKey(path: folder.file("a.pub")) == key.publicKey)
    var status = stat()
    #expect(stat(folder.file("a.key"), &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(try PrivateKey.generate().publicKey != key.publicKey)
    #expect(key.publicKey.id.count == 32)
  }

  @Test func aKeyIsNeverWrittenOver() throws {
    let path = folder.file("a.key")
    try KeyFile.write(BundleBench.acme, to: path)
    let error = BundleBench.error { () throws(PluginHostError) in
      try KeyFile.write(BundleBench.bolt, to: path)
    }
    #expect(error?.message == "is there already, and is not written over")
    #expect(try KeyFile.privateKey(path: path).publicKey == BundleBench.acme.publicKey)
  }

  @Test(arguments: [0o640, 0o604, 0o644, 0o660, 0o606])
  func aPrivateKeyThatOthersCanReachIsRefused(_ mode: UInt32) throws {
    let path = folder.file("a.key")
    try KeyFile.write(BundleBench.acme, to: path)
    #expect(chmod(path, mode) == 0)
    let error = BundleBench.error { () throws(PluginHostError) in
      _ = try KeyFile.privateKey(path: path)
    }
    #expect(error?.code == .key && error?.remedy.hasPrefix("chmod 600") == true)
  }

  @Test func onlyKeysAreKeys() throws {
    try KeyFile.write(BundleBench.acme, to: folder.file("a.key"))
    try KeyFile.write(BundleBench.acme.publicKey, to: folder.file("a.pub"))
    func message(_ path: String, isPrivate: Bool) -> String? {
      BundleBench.error { () throws(PluginHostError) in
        if isPrivate {
          _ = try KeyFile.privateKey(path: path)
        } else {
          _ = try KeyFile.publicKey(path: path)
        }
      }?.message
    }
    #expect(message(folder.file("a.key"), isPrivate: false) == "is a private key")
    #expect(chmod(folder.file("a.pub"), 0o600) == 0)
    #expect(message(folder.file("a.pub"), isPrivate: true)?.contains("is no Ed25519") == true)
    let good = String(
      decoding: try TemporaryDirectory.bytes(of: folder.file("a.pub")), as: UTF8.self)
    for bad in [
      good.replacing("MCow", with: "MCox"), good.replacing("=", with: ""), good + good,
      good.replacing("PUBLIC", with: "SECRET"), "", "-----BEGIN PUBLIC KEY-----",
    ] where !bad.isEmpty {
      let path = try folder.write("bad.pub", Array(bad.utf8))
      #expect(
        message(path, isPrivate: false)?.contains("is no Ed25519 public key") == true, "\(bad)")
    }
    // In order, but of a key that any signature fits.
    let lead: [UInt8] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0]
    let neutral = lead + [1] + [UInt8](repeating: 0, count: 31)
    let text =
      "-----BEGIN PUBLIC KEY-----\n" + String(decoding: Base64.text(neutral), as: UTF8.self)
      + "\n-----END PUBLIC KEY-----\n"
    let path = try folder.write("neutral.pub", Array(text.utf8))
    #expect(message(path, isPrivate: false)?.contains("signatures of anything") == true)
  }

  private static let hasOpenSSL = (try? ToolRun.require(["openssl", "version"])) != nil

  @Test(.enabled(if: hasOpenSSL, "openssl is not installed"))
  func openSSLReadsAndMakesThem() throws {
    try KeyFile.write(BundleBench.acme, to: folder.file("a.key"))
    let theirs = try ToolRun.require(
      ["openssl", "pkey", "-in", folder.file("a.key"), "-pubout"])
    try folder.write("a.pub", Array(theirs.utf8))
    #expect(
      try KeyFile.publicKey(path: folder.file("a.pub")) == BundleBench.acme.publicKey)
    try ToolRun.require(
      ["openssl", "genpkey", "-algorithm", "ed25519", "-out", folder.file("made.key")])
    #expect(chmod(folder.file("made.key"), 0o600) == 0)
    let made = try KeyFile.privateKey(path: folder.file("made.key"))
    let pub = try ToolRun.require(
      ["openssl", "pkey", "-in", folder.file("made.key"), "-pubout"])
    try folder.write("made.pub", Array(pub.utf8))
    #expect(try KeyFile.publicKey(path: folder.file("made.pub")) == made.publicKey)
  }

  /// RFC 4648, section 10, and texts that mean the same to a lenient reader.
  @Test func base64HasOneForm() {
    for (plain, text) in [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ] {
      #expect(Base64.text(Array(plain.utf8)) == Array(text.utf8))
      #expect(Base64.bytes(Array(text.utf8)) == Array(plain.utf8))
    }
    for bad in ["Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zm9v\n", "Zm 9", "Zg==Zg=="] {
      #expect(Base64.bytes(Array(bad.utf8)) == nil, "\(bad)")
    }
  }
}
