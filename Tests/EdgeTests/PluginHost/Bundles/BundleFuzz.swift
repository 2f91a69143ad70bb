import TestSupport
import Testing

@testable import PluginHost

/// Bundles with changed bytes: read and judged, never trusted, never mapped.
@Suite struct BundleFuzz {
  private static let words = [
    "\"", "{", "}", "[", "]", ",", ":", "..", "/", "\\u0000", "null", "true",
    "99999999999999999999",
    "plugin.so", "manifest.json", "\"files\"", "\"capabilities\"", "\"workerOnly\": true", "-1",
  ]

  @Test func changedBundlesAreJudged() throws {
    let bundle = try BundleBench.bundle(signers: [BundleBench.acme, BundleBench.stranger])
    let whole = bundle.packed
    let verifier = BundleVerifier(
      trust: BundleBench.trust((BundleBench.acme, "acme")), policy: .signed, now: BundleBench.now)
    let places = [0..<512, 512..<512 + bundle.manifestBytes.count, 2_048..<3_072]
    var verdicts: [String: Int] = [:]
    try FuzzRound.run("BundleFuzz", usual: 1_500) { round in
      var bytes = whole
      round.change(&bytes, in: places)
      if round.chance(10) { bytes.removeLast(round.number(0..<bytes.count)) }
      verdicts[Self.judge(bytes, verifier, whole, "\(round)"), default: 0] += 1
    }
    if verdicts.values.reduce(0, +) >= 1_500 {
      #expect(verdicts["incomplete"] ?? 0 > 0 && verdicts["bundle"] ?? 0 > 0)
    }
  }

  /// Manifests and signatures in archives that are whole, so that what reads them is reached.
  @Test func changedTextsAreJudged() throws {
    let bundle = try BundleBench.bundle(signers: [BundleBench.acme])
    let verifier = BundleVerifier(
      trust: BundleBench.trust((BundleBench.acme, "acme")), policy: .signed, now: BundleBench.now)
    var verdicts: [String: Int] = [:]
    try FuzzRound.run("BundleTextFuzz", usual: 1_500) { round in
      var entries = bundle.entries
      let index = round.number(0..<2)
      var bytes = entries[index].bytes
      round.rewrite(&bytes, with: Self.words)
      entries[index] = BundleArchive.Entry(name: entries[index].name, bytes: bytes)
      let packed = BundleArchive.bytes(of: entries)
      verdicts[Self.judge(packed, verifier, bundle.packed, "\(round)"), default: 0] += 1
    }
    if verdicts.values.reduce(0, +) >= 1_500 { #expect(verdicts["bundle"] ?? 0 > 1_000) }
  }

  private static func judge(
    _ bytes: [UInt8], _ verifier: BundleVerifier, _ whole: [UInt8], _ round: String
  ) -> String {
    do throws(PluginHostError) {
      let read = try PluginBundle(
        path: "x.keel", entries: try BundleArchive.entries(bytes, subject: "x.keel"))
      _ = try verifier.verify(read)
      // The signature of a stranger may be gone; what acme signed may not.
      let isSame =
        read.entries.filter { $0.name != PluginBundle.signaturesName }
        == (try PluginBundle(
          path: "x.keel", entries: try BundleArchive.entries(whole, subject: "x.keel")
        )
        .entries.filter { $0.name != PluginBundle.signaturesName })
      #expect(isSame, "\(round): accepted what nobody signed")
      return "accepted"
    } catch {
      #expect(
        [.bundle, .incomplete, .untrusted, .foreign].contains(error.code), "\(round): \(error)")
      #expect(error.defects.allSatisfy { !$0.remedy.isEmpty && !$0.message.isEmpty }, "\(round)")
      return error.code.rawValue
    }
  }
}
