import JSON
import PluginHost

/// A bundle in words: what it is, what it asks for, and who stands for it.
struct BundleText {
  let bundle: PluginBundle
  let signers: [BundleSigner]

  var lines: [String] {
    let manifest = bundle.manifest
    var lines = ["\(manifest.id) \(manifest.version), for \(manifest.target)"]
    lines += manifest.plugins.map {
      "  plugin   \($0.id) \($0.version), \($0.kinds.map(\.rawValue).joined(separator: ", "))"
    }
    lines.append("  licence  \(manifest.licence.isEmpty ? "not said" : manifest.licence)")
    lines.append("  hash     \(bundle.hash)")
    if signers.isEmpty { lines.append("  signed   by nobody") }
    lines += signers.map { "  signed   by \($0.shownName): \($0.standing.text)" }
    return lines + asks
  }

  /// What somebody must know before installing it.
  var asks: [String] {
    let capabilities = bundle.manifest.capabilities
    let asked = capabilities.lines.map { "  asks     \($0)" }
    if asked.isEmpty { return ["  asks for nothing beyond computing"] }
    return asked
      + (capabilities.network.isEmpty ? [] : ["  note     it \(BundleCapabilities.noHosts)"])
  }

  var json: JSONValue {
    let manifest = bundle.manifest
    return [
      "id": .string(manifest.id), "version": .string(manifest.version),
      "path": .string(bundle.path), "hash": .string(bundle.hash.description),
      "abi": ["major": .integer(manifest.abiMajor), "minor": .integer(manifest.abiMinor)],
      "target": .string(manifest.target), "licence": .string(manifest.licence),
      "connections": .string(manifest.connections.rawValue),
      "capabilities": manifest.capabilities.json,
      "plugins": .array(manifest.plugins.map(\.json)),
      "files": .array(manifest.files.map(\.json)), "signers": .array(signers.map(\.json)),
    ]
  }
}
