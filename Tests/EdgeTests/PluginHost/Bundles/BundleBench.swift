import Market
import PluginABI
import TestSupport
import Testing

@testable import PluginHost

/// Bundles, keys and trust for tests.
struct BundleBench {
  static let now = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
  static var acme: PrivateKey { key(1) }
  static var bolt: PrivateKey { key(2) }
  static var stranger: PrivateKey { key(3) }

  static func key(_ number: UInt8) -> PrivateKey {
    PrivateKey(seed: [UInt8](repeating: number, count: 32))!
  }

  /// A library that says it is `id`, with marks that tell builds apart.
  static func library(
    id: String = "com.acme.one", version: String = "1.0.0", more: String = ""
  ) throws -> [UInt8] {
    let path = try CPluginCompiler.compile(
      "Tests/Fixtures/GoodPlugins/complete.c",
      flags: ["-DPLUGIN_ID=\"\(id)\"", "-DPLUGIN_VERSION=\"\(version)\""])
    return try TemporaryDirectory.bytes(of: path) + Array(more.utf8)
  }

  static func manifest(
    id: String = "com.acme.one", version: String = "1.0.0",
    _ change: (inout BundleManifest) -> Void = { _ in }
  ) -> BundleManifest {
    var manifest = BundleManifest(
      id: id, version: version, abiMajor: Int(KEEL_ABI_MAJOR), abiMinor: Int(KEEL_ABI_DRAFT),
      licence: "MIT",
      plugins: [
        BundleManifest.Plugin(
          id: id, version: version, kinds: [.strategy], stateSchema: "test.complete",
          stateVersion: 3,
          stateOldest: 2)
      ])
    change(&manifest)
    return manifest
  }

  static func bundle(
    _ manifest: BundleManifest = manifest(), library: [UInt8]? = nil,
    others: [(name: String, bytes: [UInt8])] = [], signers: [PrivateKey] = []
  ) throws -> PluginBundle {
    var bundle = try PluginBundle.pack(
      manifest,
      library: try library ?? self.library(id: manifest.id, version: manifest.version),
      others: others, path: "test.keel")
    for signer in signers { try bundle.sign(with: signer) }
    return bundle
  }

  static func trust(_ keys: (PrivateKey, String)...) -> TrustStore {
    var store = TrustStore()
    store.keys = keys.map { TrustStore.Key(key: $0.publicKey, name: $1) }
    return store
  }

  static func error(_ body: () throws(PluginHostError) -> Void) -> PluginHostError? {
    do throws(PluginHostError) { try body() } catch { return error }
    return nil
  }
}
