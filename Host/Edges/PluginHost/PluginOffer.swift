package import JSON

/// A file or bundle that lay down in a watched directory while the host ran: verified, not loaded.
package struct PluginOffer: Sendable {
  package enum State: Sendable {
    /// It can be loaded; of a bundle, what its manifest says and who signed. A bare library says
    /// nothing before it runs.
    case available(BundleManifest?, signers: String)
    /// It is still growing, or was cut off.
    case incomplete
    case refused(PluginHostError)
  }
  package let path: String
  package let state: State
  /// Of its bundle; nil for a bare library, or what is not available.
  let hash: ContentHash?

  package var json: JSONValue {
    var members: [(String, JSONValue)] = [("path", .string(path))]
    switch state {
    case .available(let manifest, let signers):
      members.append(("state", "available"))
      if let manifest {
        members += [
          ("plugins", .array(manifest.plugins.map(\.json))), ("signedBy", .string(signers)),
          ("capabilities", manifest.capabilities.json),
        ]
      }
    case .incomplete: members.append(("state", "incomplete"))
    case .refused(let error):
      members += [("state", "refused"), ("why", .string(error.message))]
    }
    return .object(members)
  }
}
