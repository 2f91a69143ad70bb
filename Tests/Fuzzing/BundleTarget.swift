import Market
import PluginHost

/// Any bytes as a bundle. The first byte says as what: 0 a packed bundle, 1 a manifest, 2 the
/// signatures beside a manifest that is good, 3 a trust store.
enum BundleTarget {
  static func run(_ bytes: UnsafeRawBufferPointer) {
    var input = FuzzInput(bytes)
    let mode = input.byte() & 3
    let rest = Array(input.rest)
    do throws(PluginHostError) {
      switch mode {
      case 0: try judge(PluginBundle(packed: rest, path: "fuzzed.keel"))
      case 1: try manifest(rest)
      case 2: try signatures(rest)
      default: try trust(rest)
      }
    } catch {
      precondition(
        error.defects.allSatisfy { !$0.message.isEmpty && !$0.remedy.isEmpty },
        "an error says what to do")
    }
  }

  private static let now = Timestamp(nanoseconds: 0)

  /// What is read has one packed form, and nobody who is trusted signed it.
  private static func judge(_ bundle: PluginBundle) throws(PluginHostError) {
    let again = try PluginBundle(packed: bundle.packed, path: "again.keel")
    precondition(again.packed == bundle.packed, "a bundle has one packed form")
    do throws(PluginHostError) {
      _ = try BundleVerifier(trust: .empty, policy: .signed, now: now).verify(bundle)
    } catch { return }
    preconditionFailure("nobody is trusted")
  }

  private static func manifest(_ bytes: [UInt8]) throws(PluginHostError) {
    let manifest = try BundleManifest(bytes, subject: "fuzzed")
    let again = try BundleManifest(Array(manifest.text.utf8), subject: "again")
    precondition(again == manifest, "what is written means the same")
  }

  private static func signatures(_ bytes: [UInt8]) throws(PluginHostError) {
    let plugin = BundleManifest.Plugin(
      id: "com.acme.one", version: "1", kinds: [.alpha], stateSchema: "", stateVersion: 0,
      stateOldest: 0)
    let good = BundleManifest(
      id: "com.acme.one", version: "1", abiMajor: 0, abiMinor: 0, plugins: [plugin])
    let bundle = try PluginBundle.pack(good, library: [1], path: "good.keel")
    try judge(try bundle.with(signatures: bytes))
  }

  private static func trust(_ bytes: [UInt8]) throws(PluginHostError) {
    let store = try TrustStore(bytes, subject: "fuzzed")
    let again = try TrustStore(Array(store.text.utf8), subject: "again")
    // Times are kept to the millisecond.
    precondition(again.keys.map(\.key) == store.keys.map(\.key), "what is written means the same")
    precondition(again.revokedKeys == store.revokedKeys, "what is revoked stays so")
    precondition(again.revokedBundles == store.revokedBundles, "what is revoked stays so")
  }
}
