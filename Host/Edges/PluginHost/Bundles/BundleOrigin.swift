package import JSON

/// Where a loaded build came from, and who vouched for it.
package struct BundleOrigin: Sendable {
  package let path: String
  package let manifest: BundleManifest
  package let verdict: BundleVerdict

  init(_ bundle: PluginBundle, _ verdict: BundleVerdict) {
    path = bundle.path
    manifest = bundle.manifest
    self.verdict = verdict
  }

  package var json: JSONValue {
    [
      "id": .string(manifest.id), "version": .string(manifest.version),
      "hash": .string(verdict.bundle.description), "licence": .string(manifest.licence),
      "capabilities": manifest.capabilities.json,
      "signers": .array(verdict.signers.map(\.json)),
    ]
  }
}
