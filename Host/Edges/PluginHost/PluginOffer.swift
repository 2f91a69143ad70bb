package import JSON

/// A file or bundle that lay down in a watched directory while the host ran: verified, not loaded.
package struct PluginOffer: Sendable {
  package enum State: Sendable {
    /// It can be loaded; of a bundle, what its manifest says and who signed. A bare library says
    /// nothing before it runs, which it does in a worker, when somebody wants a plugin by its id.
    case available(BundleManifest?, signers: String)
    /// It is still growing, or was cut off.
    case incomplete
    case refused(PluginHostError)
  }
  package let path: String
  package let state: State
  /// Of its bundle, or of a bare library; nil for what is not available.
  let hash: ContentHash?
  /// Why it runs in workers alone; nil where it need not.
  package var confinement: String?
  /// What a bare library said it holds, once it was asked.
  var described: [BundleManifest.Plugin]?

  /// What it holds, as far as that is known.
  package var plugins: [BundleManifest.Plugin]? {
    guard case .available(let manifest, _) = state else { return nil }
    return manifest?.plugins ?? described
  }

  /// A bare library that did not say yet what it holds.
  var mayBeAsked: Bool {
    guard case .available(nil, _) = state else { return false }
    return described == nil
  }

  package var json: JSONValue {
    var members: [(String, JSONValue)] = [("path", .string(path))]
    switch state {
    case .available(let manifest, let signers):
      members.append(("state", "available"))
      if let plugins { members.append(("plugins", .array(plugins.map(\.json)))) }
      if let manifest {
        members += [
          ("signedBy", .string(signers)), ("capabilities", manifest.capabilities.json),
        ]
      }
      if confinement != nil { members.append(("isolation", "process")) }
    case .incomplete: members.append(("state", "incomplete"))
    case .refused(let error):
      members += [("state", "refused"), ("why", .string(error.message))]
    }
    return .object(members)
  }
}
