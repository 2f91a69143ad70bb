import Foundation
import Signing
import TestSupport
import Testing

/// What a strict verifier refuses although the equation may hold, and that each refusal is needed:
/// the source is compiled again without one check at a time, and something bad is then accepted.
@Suite struct VerifierCheckTests {
  typealias Verify =
    @convention(c) (
      UnsafePointer<UInt8>, UnsafeRawPointer, Int, UnsafePointer<UInt8>
    ) -> Bool
  typealias IsSound = @convention(c) (UnsafePointer<UInt8>) -> Bool

  /// Of the message "keel". Made with a seed of the bytes 0 to 31.
  private static let message = Array("keel".utf8)
  private static let key = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
  private static let commitment = "29bcdb5fa5d9aa7b5038f8f086717601f99432f40cc429194f79eb827daf7287"
  private static let good =
    commitment + "e16c93a4faa7a3764981e571159a43e03cf6a54a5a61daab20df14f33302f80c"
  private static let neutral = "0100000000000000000000000000000000000000000000000000000000000000"

  private static let badSignatures: [(why: String, key: String, signature: String)] = [
    (
      "S and the order of the group together", key,
      commitment + "ce408901150bb6ce1f1edd14f49322f53cf6a54a5a61daab20df14f33302f81c"
    ),
    (
      "R of small order", key,
      neutral + "0230930f23c27d56f9577118ea3366d38f12f25f1093dacfd3c99e1e8e188003"
    ),
    (
      "a key of small order, which any message fits", neutral,
      "edc876d6831fd2105d0b4389ca2e283166469289146e2ce06faefe98b22548df"
        + "0500000000000000000000000000000000000000000000000000000000000000"
    ),
    (
      "another R", key,
      "edc876d6831fd2105d0b4389ca2e283166469289146e2ce06faefe98b22548df" + good.suffix(64)
    ),
  ]

  private static let badKeys: [(why: String, key: String)] = [
    ("of order 1", neutral),
    ("of order 1, with the sign of x", String(neutral.dropLast(2)) + "80"),
    ("of order 2", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ("of order 4", String(repeating: "0", count: 62) + "80"),
    ("of order 8", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    ("y = p, which is 0", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ("y = p + 3, which is 3", "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ("y = 2^255 - 1", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ("of no point of the curve", "02" + String(repeating: "0", count: 62)),
  ]

  @Test func whatIsNotTheOneSignatureIsRefused() {
    let key = HexText.bytes(Self.key)
    #expect(Ed25519Tests.verify(key, Self.message, HexText.bytes(Self.good)))
    for bad in Self.badSignatures {
      let (key, signature) = (HexText.bytes(bad.key), HexText.bytes(bad.signature))
      #expect(!Ed25519Tests.verify(key, Self.message, signature), "\(bad.why)")
    }
    for bad in Self.badKeys { #expect(!signing_key_is_sound(HexText.bytes(bad.key)), "\(bad.why)") }
  }

  /// Each check as it stands in the source.
  private static let checks: [(file: String, line: String)] = [
    ("ed25519.c", "if (!point_from_bytes(key, out)) return false;"),
    ("ed25519.c", "if (point_has_small_order(out)) return false;"),
    ("ed25519.c", "if (!scalar_is_reduced(&answer)) return false;"),
    ("ed25519.c", "if (point_has_small_order(&commitment)) return false;"),
    ("ed25519.c", "if (memcmp(encoding, signature, 32) != 0) return false;"),
    ("point.c", "if (memcmp(again, bytes, 32) != 0) return false;"),
    ("point.c", "else if (!field_is_equal(&found, &u)) return false;"),
  ]

  @Test func removingAnyCheckIsNoticed() throws {
    let source = "\(CPluginCompiler.root)/Host/Edges/Signing"
    for check in Self.checks {
      try TemporaryDirectory.lend { folder in
        let copy = folder.appending(path: "Signing").path
        try FileManager.default.copyItem(atPath: source, toPath: copy)
        let text = try String(contentsOfFile: "\(copy)/\(check.file)", encoding: .utf8)
        try #require(
          text.components(separatedBy: check.line).count == 2, "\(check.line) stands there once")
        // What is read although it is refused is at least something.
        let without =
          check.line.contains("from_bytes") ? "(void)point_from_bytes(key, out);" : "{}"
        try text.replacingOccurrences(of: check.line, with: without)
          .write(toFile: "\(copy)/\(check.file)", atomically: true, encoding: .utf8)
        let sources = ["ed25519.c", "point.c", "field.c", "scalar.c", "sha512.c"]
        let library = folder.appending(path: "without.so").path
        try ToolRun.require(
          ["cc", "-std=gnu17", "-O1", "-fPIC", "-shared", "-I", "\(copy)/include", "-o", library]
            + sources.map { "\(copy)/\($0)" })
        #expect(
          try Self.acceptsSomethingBad(library), "nothing notices that this is gone: \(check.line)")
      }
    }
  }

  private static func acceptsSomethingBad(_ library: String) throws -> Bool {
    let handle = try #require(dlopen(library, RTLD_NOW | RTLD_LOCAL))
    let verify = unsafeBitCast(try #require(dlsym(handle, "signing_verify")), to: Verify.self)
    let isSound = unsafeBitCast(
      try #require(dlsym(handle, "signing_key_is_sound")), to: IsSound.self)
    #expect(verify(HexText.bytes(key), message, message.count, HexText.bytes(good)))
    return badSignatures.contains {
      verify(HexText.bytes($0.key), message, message.count, HexText.bytes($0.signature))
    } || badKeys.contains { isSound(HexText.bytes($0.key)) }
  }
}
