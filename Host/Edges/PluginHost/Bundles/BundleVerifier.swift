import PluginABI
package import Market
import Wording

/// Whether a bundle may be loaded, judged from its bytes alone: no instruction of it has run.
package struct BundleVerifier {
  package let trust: TrustStore
  package let policy: CodePolicy
  package let now: Timestamp
  /// For tests: the checks that are left out.
  let skipped: Set<BundleCheck>

  package init(trust: TrustStore, policy: CodePolicy, now: Timestamp) {
    self.init(trust: trust, policy: policy, now: now, skipping: [])
  }

  init(trust: TrustStore, policy: CodePolicy, now: Timestamp, skipping: Set<BundleCheck>) {
    self.trust = trust
    self.policy = policy
    self.now = now
    skipped = skipping
  }

  /// Who signed, and what that is worth here.
  package func verify(_ bundle: PluginBundle) throws(PluginHostError) -> BundleVerdict {
    let defects = contentDefects(bundle)
    if !defects.isEmpty { throw PluginHostError(.bundle, bundle.path, defects) }
    let foreign = hostDefects(bundle.manifest)
    if !foreign.isEmpty { throw PluginHostError(.foreign, bundle.path, foreign) }
    let verdict = BundleVerdict(
      bundle: bundle.hash,
      signers: bundle.signatures.map {
        BundleSigner($0.key, name(of: $0.key), standing(of: $0, bundle))
      }
    )
    let doubts = trustDefects(bundle, verdict)
    if !doubts.isEmpty { throw PluginHostError(.untrusted, bundle.path, doubts) }
    return verdict
  }

  /// What stands against it, without an error: for whoever only looks.
  package func signers(of bundle: PluginBundle) -> [BundleSigner] {
    bundle.signatures.map { BundleSigner($0.key, name(of: $0.key), standing(of: $0, bundle)) }
  }

  private func applies(_ check: BundleCheck) -> Bool { !skipped.contains(check) }

  // MARK: What is in it

  private func contentDefects(_ bundle: PluginBundle) -> [PluginHostError.Defect] {
    var defects: [PluginHostError.Defect] = []
    let advice = "get the bundle again from whoever made it"
    let named = bundle.manifest.files
    if applies(.contents) {
      let missing = named.filter { file in !bundle.files.contains { $0.name == file.name } }
      let extra = bundle.files.filter { entry in !named.contains { $0.name == entry.name } }
      defects += missing.map { .init("\($0.name) is missing", advice) }
      defects += extra.map { .init("\($0.name) is not named by its manifest", advice) }
    }
    for entry in bundle.files {
      guard let file = named.first(where: { $0.name == entry.name }) else { continue }
      if applies(.size), entry.bytes.count != file.bytes {
        defects.append(
          .init(
            "\(entry.name) has \(entry.bytes.count) bytes, not the \(file.bytes) of its manifest",
            advice))
      }
      if applies(.hash), ContentHash(of: entry.bytes).description != file.sha256 {
        defects.append(.init("\(entry.name) is not what its manifest hashed", advice))
      }
    }
    return defects
  }

  private func hostDefects(_ manifest: BundleManifest) -> [PluginHostError.Defect] {
    var defects: [PluginHostError.Defect] = []
    if applies(.abi),
      manifest.abiMajor != Int(KEEL_ABI_MAJOR) || manifest.abiMinor != Int(KEEL_ABI_DRAFT)
    {
      defects.append(
        .init(
          "it is built for ABI \(manifest.abiMajor), draft \(manifest.abiMinor); this host has ABI "
            + "\(KEEL_ABI_MAJOR), draft \(KEEL_ABI_DRAFT)",
          "get a build for this host, or the host it was built for"))
    }
    if applies(.target), manifest.target != BundleManifest.hostTarget {
      defects.append(
        .init(
          "it is built for \(manifest.target); this host is \(BundleManifest.hostTarget)",
          "get a build for this host"))
    }
    return defects
  }

  // MARK: Who stands for it

  private func name(of key: PublicKey) -> String? { trust.keys.first { $0.key == key }?.name }

  private func standing(
    of signature: BundleSignature, _ bundle: PluginBundle
  ) -> BundleSigner.Standing {
    if applies(.signature), !signature.isValid(for: bundle.manifestBytes) { return .invalid }
    if applies(.revokedKey), trust.revokedKeys.contains(signature.key.id) { return .revoked }
    guard let known = trust.keys.first(where: { $0.key == signature.key }) else {
      return applies(.knownSigner) ? .unknown : .trusted
    }
    if applies(.expiredKey), let expires = known.expires, now >= expires { return .expired }
    let ids = [bundle.manifest.id] + bundle.manifest.plugins.map(\.id)
    if applies(.namespace), let id = ids.first(where: { !known.covers(id: $0) }) {
      return .outside("\(id) is outside \(known.namespaces.joined(separator: ", "))")
    }
    if applies(.hosts), let hosts = known.hosts {
      let other = bundle.manifest.capabilities.network.first { !hosts.contains($0.host) }
      if let other { return .outside("\(other.host) is none of the hosts it may ask for") }
    }
    return .trusted
  }

  private func trustDefects(
    _ bundle: PluginBundle, _ verdict: BundleVerdict
  ) -> [PluginHostError.Defect] {
    if applies(.revokedBundle), trust.revokedBundles.contains(bundle.hash.description) {
      return [
        .init("this bundle is revoked", "get a later one; keel plugin trust list shows what is")
      ]
    }
    let invalid = verdict.signers.filter { $0.standing == .invalid }
    if !invalid.isEmpty {
      return invalid.map {
        .init(
          "the signature of \($0.shownName) is not of this manifest",
          "get the bundle again from whoever made it")
      }
    }
    if verdict.isTrusted { return [] }
    let isRevoked = verdict.signers.contains { $0.standing == .revoked }
    guard policy == .signed || isRevoked else { return [] }
    if verdict.signers.isEmpty {
      return applies(.signed)
        ? [
          .init(
            "nobody signed it, and signed bundles alone are loaded from there",
            "ask its author to sign it, or give its directory the policy \"trusted\"")
        ] : []
    }
    return verdict.signers.map { signer in
      .init("\(signer.shownName): \(signer.standing.text)", signer.standing.remedy(for: signer))
    }
  }
}

extension PluginBundle {
  /// Whether its files are those its manifest names. What a signer checks; who loads asks more.
  package func checkContents() throws(PluginHostError) {
    var checks = Set(BundleCheck.allCases)
    checks.subtract([.contents, .size, .hash])
    _ = try BundleVerifier(
      trust: .empty, policy: .trusted, now: Timestamp(nanoseconds: 0), skipping: checks
    ).verify(self)
  }
}
