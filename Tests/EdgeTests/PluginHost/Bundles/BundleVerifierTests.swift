import Market
import TestSupport
import Testing

@testable import PluginHost

/// What the verifier takes and refuses, each case as one row; and that no check is superfluous.
@Suite struct BundleVerifierTests {
  struct Case: Sendable, CustomStringConvertible {
    let name: String
    var manifest: @Sendable (inout BundleManifest) -> Void = { _ in }
    /// Changes entries after packing and signing.
    var tampers: @Sendable (inout [BundleArchive.Entry]) -> Void = { _ in }
    var signers = [1]
    var policy = CodePolicy.signed
    var trust: @Sendable (inout TrustStore) -> Void = { _ in }
    /// Part of the refusal; nil: it is accepted.
    var refusal: String?
    var description: String { name }
  }

  static let cases: [Case] = [
    Case(name: "signed by somebody trusted"),
    Case(name: "signed by a stranger and by somebody trusted", signers: [3, 1]),
    Case(
      name: "signed by a stranger", signers: [3],
      refusal: "the key is not among those trusted here"),
    Case(name: "signed by nobody", signers: [], refusal: "nobody signed it"),
    Case(name: "signed by nobody where that is enough", signers: [], policy: .trusted),
    Case(name: "signed by a stranger where that is enough", signers: [3], policy: .trusted),
    Case(
      name: "a library with one byte changed",
      tampers: { entries in change(&entries, "plugin.so") { $0[100] ^= 1 } },
      refusal: "plugin.so is not what its manifest hashed"),
    Case(
      name: "a library with a byte more",
      tampers: { entries in change(&entries, "plugin.so") { $0.append(0) } },
      refusal: "not the"),
    Case(
      name: "a longer library of which only the length is told wrong",
      manifest: { $0.licence = "size" }, refusal: "not the 1 of its manifest"),
    Case(
      name: "a file that is missing",
      tampers: { $0.removeAll { $0.name == "LICENSE" } }, refusal: "LICENSE is missing"),
    Case(
      name: "a file nobody named",
      tampers: { $0.append(BundleArchive.Entry(name: "zebra", bytes: [1])) },
      refusal: "zebra is not named by its manifest"),
    Case(
      name: "a manifest changed behind its signature",
      tampers: { entries in
        change(&entries, "manifest.json") { bytes in
          bytes = Array(
            String(decoding: bytes, as: UTF8.self).replacing("\"MIT\"", with: "\"GPL\"").utf8)
        }
      }, refusal: "is not of this manifest"),
    Case(
      name: "a wrong signature where none is asked for",
      tampers: { entries in
        change(&entries, "manifest.json") { bytes in
          bytes = Array(
            String(decoding: bytes, as: UTF8.self).replacing("\"MIT\"", with: "\"GPL\"").utf8)
        }
      }, signers: [3], policy: .trusted, refusal: "is not of this manifest"),
    Case(
      name: "built for another draft of the ABI", manifest: { $0.abiMinor += 1 },
      refusal: "it is built for ABI 0, draft 3"),
    Case(
      name: "built for another machine", manifest: { $0.target = "riscv64-linux-gnu" },
      refusal: "it is built for riscv64-linux-gnu"),
    Case(
      name: "for a worker process only", manifest: { $0.capabilities.isWorkerOnly = true }),
    Case(
      name: "revoked itself", trust: { $0.revokedBundles = ["this"] },
      refusal: "this bundle is revoked"),
    Case(
      name: "revoked itself where no signature is asked for", signers: [], policy: .trusted,
      trust: { $0.revokedBundles = ["this"] }, refusal: "this bundle is revoked"),
    Case(
      name: "signed with a revoked key",
      trust: { $0.revokedKeys = [BundleBench.acme.publicKey.id] },
      refusal: "the key is revoked"),
    Case(
      name: "signed with a revoked key where no signature is asked for", policy: .trusted,
      trust: { $0.revokedKeys = [BundleBench.acme.publicKey.id] },
      refusal: "the key is revoked"),
    Case(
      name: "signed with a revoked key, and with a good one", signers: [1, 2],
      trust: { $0.revokedKeys = [BundleBench.acme.publicKey.id] }),
    Case(
      name: "signed with a key that has just expired",
      trust: { $0.keys[0].expires = BundleBench.now }, refusal: "the key has expired"),
    Case(
      name: "signed with a key that is about to expire",
      trust: { $0.keys[0].expires = Timestamp(nanoseconds: BundleBench.now.nanoseconds + 1) }),
    Case(
      name: "within a key's namespace",
      trust: { $0.keys[0].namespaces = ["org.bolt", "com.acme"] }),
    Case(
      name: "outside a key's namespace, though it begins alike",
      trust: { $0.keys[0].namespaces = ["com.acm"] },
      refusal: "com.acme.one is outside com.acm"),
    Case(
      name: "a plugin outside a namespace that the bundle is in",
      manifest: { manifest in
        var other = manifest.plugins[0]
        other.id = "com.other.two"
        manifest.plugins.append(other)
      }, trust: { $0.keys[0].namespaces = ["com.acme"] },
      refusal: "com.other.two is outside com.acme"),
    Case(
      name: "a host that the key may sign for",
      manifest: { $0.capabilities.network = [.init(host: "api.acme.com", paths: ["/"])] },
      trust: { $0.keys[0].hosts = ["api.acme.com"] }),
    Case(
      name: "a host that the key may not sign for",
      manifest: { $0.capabilities.network = [.init(host: "evil.example", paths: ["/"])] },
      trust: { $0.keys[0].hosts = ["api.acme.com"] },
      refusal: "evil.example is none of the hosts it may ask for"),
  ]

  private static func change(
    _ entries: inout [BundleArchive.Entry], _ name: String, _ body: (inout [UInt8]) -> Void
  ) {
    for index in entries.indices where entries[index].name == name {
      var bytes = entries[index].bytes
      body(&bytes)
      entries[index] = BundleArchive.Entry(name: name, bytes: bytes)
    }
  }

  /// A bundle as the row says, and the trust it meets.
  private static func made(_ row: Case) throws -> (PluginBundle, TrustStore) {
    let keys = [1: BundleBench.acme, 2: BundleBench.bolt, 3: BundleBench.stranger]
    let others = [(name: "LICENSE", bytes: Array("Do as you like.".utf8))]
    var bundle = try BundleBench.bundle(BundleBench.manifest(row.manifest), others: others)
    if bundle.manifest.licence == "size" {
      // Only a manifest written by hand can say so.
      let wrong = String(decoding: bundle.manifestBytes, as: UTF8.self).replacing(
        "\"bytes\": \(bundle.library.count)", with: "\"bytes\": 1")
      var entries = bundle.entries
      entries[0] = BundleArchive.Entry(name: PluginBundle.manifestName, bytes: Array(wrong.utf8))
      bundle = try PluginBundle(path: "test.keel", entries: entries)
    }
    for number in row.signers { try bundle.sign(with: keys[number]!) }
    var entries = bundle.entries
    row.tampers(&entries)
    bundle = try PluginBundle(path: "test.keel", entries: entries)
    var trust = BundleBench.trust((BundleBench.acme, "acme"), (BundleBench.bolt, "bolt"))
    row.trust(&trust)
    if trust.revokedBundles == ["this"] { trust.revokedBundles = [bundle.hash.description] }
    return (bundle, trust)
  }

  private static func refusal(
    _ row: Case, skipping: Set<BundleCheck> = []
  ) throws -> PluginHostError? {
    let (bundle, trust) = try made(row)
    let verifier = BundleVerifier(
      trust: trust, policy: row.policy, now: BundleBench.now, skipping: skipping)
    return BundleBench.error { () throws(PluginHostError) in _ = try verifier.verify(bundle) }
  }

  @Test(arguments: cases) func row(_ row: Case) throws {
    let error = try Self.refusal(row)
    if let expected = row.refusal {
      #expect(error?.message.contains(expected) == true, "\(error?.message ?? "accepted")")
      #expect(error?.defects.allSatisfy { !$0.remedy.isEmpty } == true)
    } else {
      #expect(error == nil, "\(error?.message ?? "")")
    }
  }

  /// Each check is left out in turn, and some row that is refused must be accepted, or refused for
  /// less.
  @Test func removingAnyCheckIsNoticed() throws {
    for check in BundleCheck.allCases {
      let noticed = try Self.cases.contains { row in
        let whole = try Self.refusal(row)?.message
        return try Self.refusal(row, skipping: [check])?.message != whole
      }
      #expect(noticed, "no row notices that \(check) is left out")
    }
  }

  /// Refused for one reason alone: without the check it would have run.
  @Test func eachCheckOfTrustStandsAlone() throws {
    for (name, check) in [
      ("signed by a stranger", BundleCheck.knownSigner), ("signed by nobody", .signed),
      ("a library with one byte changed", .hash), ("revoked itself", .revokedBundle),
      ("signed with a revoked key", .revokedKey),
      ("signed with a key that has just expired", .expiredKey),
      ("a manifest changed behind its signature", .signature),
      ("outside a key's namespace, though it begins alike", .namespace),
      ("a host that the key may not sign for", .hosts),
      ("a file nobody named", .contents), ("built for another machine", .target),
      ("built for another draft of the ABI", .abi),
    ] {
      let row = try #require(Self.cases.first { $0.name == name })
      #expect(try Self.refusal(row, skipping: [check]) == nil, "\(name)")
    }
  }

  @Test func aVerdictNamesWhoIsTrusted() throws {
    let bundle = try BundleBench.bundle(signers: [BundleBench.stranger, BundleBench.acme])
    let verdict = try BundleVerifier(
      trust: BundleBench.trust((BundleBench.acme, "acme")), policy: .signed, now: BundleBench.now
    ).verify(bundle)
    #expect(verdict.isTrusted && verdict.bundle == bundle.hash)
    #expect(verdict.text == "acme (\(BundleBench.acme.publicKey.id))")
    #expect(Set(verdict.signers.map(\.standing.word)) == ["trusted", "unknown"])
  }

  @Test func aSecondSignatureByOneKeyReplacesTheFirst() throws {
    var bundle = try BundleBench.bundle(signers: [BundleBench.acme, BundleBench.bolt])
    let before = bundle.packed
    try bundle.sign(with: BundleBench.acme)
    #expect(bundle.signatures.count == 2)
    // Who signed first leaves no trace.
    #expect(bundle.packed == before)
    #expect(
      try BundleBench.bundle(signers: [BundleBench.bolt, BundleBench.acme]).packed == before)
  }

  @Test func signersAreBounded() throws {
    var bundle = try BundleBench.bundle()
    for number in 1...16 { try bundle.sign(with: BundleBench.key(UInt8(number))) }
    let error = BundleBench.error { () throws(PluginHostError) in
      try bundle.sign(with: BundleBench.key(17))
    }
    #expect(error?.message == "has 16 signatures, as many as it may")
    try bundle.sign(with: BundleBench.key(5))
  }
}
