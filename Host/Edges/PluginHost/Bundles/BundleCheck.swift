/// Each check of BundleVerifier, by a name that errors and tests use.
enum BundleCheck: String, CaseIterable, Sendable {
  /// The files that are there are those the manifest names.
  case contents
  case size
  case hash
  case abi
  case target
  case revokedBundle
  /// Every signature there is fits the manifest, also those of strangers.
  case signature
  /// Where the policy asks for one, somebody signed.
  case signed
  case knownSigner
  case revokedKey
  case expiredKey
  case namespace
  case hosts
}
