import JSON
import PluginHost
import Sessions

/// `keel plugin keygen`, `sign` and `verify`.
enum PluginSigning {
  static let keygen = Command(
    name: "keygen", summary: "make a key that signs bundles",
    discussion: """
      Writes NAME.key, which nobody else may have, and NAME.pub, which goes to everybody who is to \
      trust it, together with the id that is shown. Both are PEM files that openssl reads.
      """,
    arguments: [CommandArgument("name", "The path of both files, without their endings.")],
    examples: [Command.Example("keel plugin keygen acme", "Writes acme.key and acme.pub.")],
    seeAlso: ["plugin sign", "plugin trust add"],
    run: runKeygen)

  static let sign = Command(
    name: "sign", summary: "sign a bundle",
    discussion: """
      Signs the manifest, which names every file of the bundle by its hash. A bundle may have \
      several signers; a second signature by one key replaces the first.
      """,
    arguments: [CommandArgument("bundle", "The bundle, packed or as a folder.")],
    options: [
      .value("key", "FILE", short: "k", "The private key.", occurrence: .required)
    ],
    examples: [Command.Example("keel plugin sign breakout.keel --key acme.key", "As acme.")],
    seeAlso: ["plugin keygen", "plugin verify"],
    run: runSign)

  static let verify = Command(
    name: "verify", summary: "say what a bundle is and who signed it, running nothing of it",
    discussion: """
      Checks the files against the manifest and the signatures against the trust store, as a \
      session does before it loads code. Ends with 4 where a session would refuse the bundle.
      """,
    arguments: [CommandArgument("bundle", "The bundle, packed or as a folder.")],
    options: [
      .trustStore,
      .value(
        "policy", "POLICY", "As which directories ask for it.",
        kind: .choice(CodePolicy.allCases.map(\.rawValue)), initial: "signed"),
    ],
    examples: [Command.Example("keel plugin verify breakout.keel", "May it be installed?")],
    seeAlso: ["plugin install", "plugin trust list"],
    run: runVerify)

  private static func runKeygen(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let name = arguments.argument("name") ?? ""
    let key: PrivateKey
    do throws(PluginHostError) {
      key = try PrivateKey.generate()
      try KeyFile.write(key, to: name + ".key")
      try KeyFile.write(key.publicKey, to: name + ".pub")
    } catch { throw CommandError(error) }
    if arguments.isJSON {
      output.json([
        "id": .string(key.publicKey.id), "privateKey": .string(name + ".key"),
        "publicKey": .string(name + ".pub"),
      ])
    } else {
      output.line("key \(key.publicKey.id)")
      output.line("  \(name).key signs: keep it to yourself")
      output.line("  \(name).pub is for everybody who is to trust it, with the id above")
    }
    return .ok
  }

  private static func runSign(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    var bundle: PluginBundle
    let key: PrivateKey
    do throws(PluginHostError) {
      key = try KeyFile.privateKey(path: arguments.text("key") ?? "")
      bundle = try PluginBundle.read(path: arguments.argument("bundle") ?? "")
      // Nobody should sign what cannot be loaded as it stands.
      try bundle.checkContents()
      try bundle.sign(with: key)
      try bundle.writeSignatures()
    } catch { throw CommandError(error) }
    if arguments.isJSON {
      output.json([
        "hash": .string(bundle.hash.description), "key": .string(key.publicKey.id),
        "signatures": .integer(bundle.signatures.count),
      ])
    } else {
      output.line("\(bundle.path): signed by key \(key.publicKey.id)")
    }
    return .ok
  }

  private static func runVerify(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let policy = CodePolicy(rawValue: arguments.text("policy") ?? "") ?? .signed
    do throws(PluginHostError) {
      let trust = try arguments.trustStore()
      let bundle = try PluginBundle.read(path: arguments.argument("bundle") ?? "")
      let verifier = BundleVerifier(trust: trust, policy: policy, now: LoadPolicy.wallClock())
      let text = BundleText(bundle: bundle, signers: verifier.signers(of: bundle))
      if !arguments.isJSON { text.lines.forEach { output.line($0) } }
      let verdict = try verifier.verify(bundle)
      if arguments.isJSON {
        output.json(["accepted": true, "isTrusted": .bool(verdict.isTrusted), "bundle": text.json])
      } else {
        output.line(
          verdict.isTrusted
            ? "accepted: signed by \(verdict.text)"
            : "accepted where unsigned code "
              + "\(policy == .workers ? "runs in workers" : "is trusted"); "
              + "signed by \(verdict.text)")
      }
      return .ok
    } catch { throw CommandError(error) }
  }
}

extension CommandOption {
  static let trustStore = CommandOption.value(
    "store", "FILE", "The trust store; default keel/trust.json in your configuration folder.",
    environment: "KEEL_TRUST")
}

extension ParsedArguments {
  var trustStorePath: String? { text("store") ?? TrustStore.usualPath }

  /// As it is now; one that was named must be there.
  func trustStore() throws(PluginHostError) -> TrustStore {
    let usual = TrustStore.usualPath
    if let path = text("store"), path != usual { return try TrustStore.read(named: path) }
    return try TrustStore.read(path: usual)
  }
}
