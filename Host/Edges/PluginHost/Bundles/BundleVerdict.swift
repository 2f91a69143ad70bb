package import JSON

/// What the signatures of a bundle are worth to this host.
package struct BundleVerdict: Sendable {
  package let bundle: ContentHash
  package let signers: [BundleSigner]

  /// One signer that is trusted is enough.
  package var isTrusted: Bool { signers.contains { $0.standing == .trusted } }

  /// "acme, bolt", or why there is nobody to name.
  package var text: String {
    let names = signers.filter { $0.standing == .trusted }.map(\.shownName)
    if !names.isEmpty { return names.joined(separator: ", ") }
    return signers.isEmpty ? "nobody" : "nobody who is trusted here"
  }
}

/// One who signed.
package struct BundleSigner: Sendable {
  package enum Standing: Sendable, Equatable {
    case trusted, unknown, expired, revoked, invalid
    case outside(String)

    package var text: String {
      switch self {
      case .trusted: "trusted"
      case .unknown: "the key is not among those trusted here"
      case .expired: "the key has expired"
      case .revoked: "the key is revoked"
      case .invalid: "the signature is not of this manifest"
      case .outside(let why): "the key may not sign this: \(why)"
      }
    }

    package var word: String {
      switch self {
      case .outside: "outside"
      case .trusted: "trusted"
      case .unknown: "unknown"
      case .expired: "expired"
      case .revoked: "revoked"
      case .invalid: "invalid"
      }
    }

    func remedy(for signer: BundleSigner) -> String {
      switch self {
      case .unknown:
        "if its owner told you that key \(signer.key.id) is theirs: keel plugin trust add"
      case .expired: "ask for a bundle signed with a newer key"
      case .revoked: "ask for a bundle signed with another key"
      case .outside: "look at keel plugin trust list, and at what the bundle asks for"
      case .trusted, .invalid: "get the bundle again from whoever made it"
      }
    }
  }

  package let key: PublicKey
  /// What the trust store calls its owner; nil for a stranger.
  package let name: String?
  package let standing: Standing

  init(_ key: PublicKey, _ name: String?, _ standing: Standing) {
    self.key = key
    self.name = name
    self.standing = standing
  }

  package var shownName: String { name.map { "\($0) (\(key.id))" } ?? "key \(key.id)" }

  package var json: JSONValue {
    [
      "key": .string(key.id), "name": .optional(name.map { .string($0) }),
      "standing": .string(standing.word), "why": .string(standing.text),
    ]
  }
}
