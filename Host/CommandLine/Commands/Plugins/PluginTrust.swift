import JSON
import Market
import PluginHost
import Wording

/// `keel plugin trust`: whose signatures count.
enum PluginTrust {
  static let command = Command(
    name: "trust", summary: "say whose bundles may be loaded",
    subcommands: [add, list, remove, revoke])

  private static let add = Command(
    name: "add", summary: "trust a key",
    discussion: """
      Compare the key's id with what its owner told you by another way than the one the file came \
      by. Adding a key again changes what is said of it.
      """,
    arguments: [CommandArgument("key", "The public key's file.")],
    options: [
      .trustStore,
      .value("name", "NAME", "What its owner is called here.", occurrence: .required),
      .value("expires", "TIME", "Until then, such as 2027-01-31T00:00:00Z."),
      .value(
        "namespace", "ID", "It may sign plugins whose ids begin so; default any.",
        occurrence: .repeated),
      .value(
        "host", "HOST", "It may sign bundles that ask for this host; default any.",
        occurrence: .repeated),
    ],
    examples: [
      Command.Example(
        "keel plugin trust add acme.pub --name acme --namespace com.acme",
        "For acme's own plugins alone.")
    ],
    seeAlso: ["plugin keygen", "plugin trust list"],
    run: runAdd)

  private static let list = Command(
    name: "list", summary: "show trusted keys, and what is revoked",
    options: [.trustStore],
    examples: [Command.Example("keel plugin trust list --json", "For a script.")],
    run: runList)

  private static let remove = Command(
    name: "remove", summary: "trust a key no longer",
    arguments: [CommandArgument("key", "A key's id or its owner's name.")],
    options: [.trustStore],
    seeAlso: ["plugin trust revoke"],
    run: { arguments, output throws(CommandError) in
      let name = arguments.argument("key") ?? ""
      let key = try change(arguments) { store throws(CommandError) in
        let key = try find(name, in: store)
        store.keys.removeAll { $0.key == key.key }
        return key
      }
      if arguments.isJSON {
        output.json(["removed": key.json])
      } else {
        output.line("\(key.name) (\(key.key.id)) is trusted no longer")
      }
      return .ok
    })

  private static let revoke = Command(
    name: "revoke", summary: "refuse a key or a bundle for good",
    discussion: """
      A revoked key's signatures count for nothing, whatever else is said of it; a revoked bundle \
      is not loaded from anywhere, whoever signed it. What runs goes on running: swap it.
      """,
    arguments: [
      CommandArgument("what", "A key's id or owner, a bundle's hash, or a bundle's path.")
    ],
    options: [.trustStore],
    examples: [Command.Example("keel plugin trust revoke breakout.keel", "This build of it.")],
    seeAlso: ["plugin trust list"],
    run: runRevoke)

  private static func runAdd(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let key: PublicKey
    do throws(PluginHostError) {
      key = try KeyFile.publicKey(path: arguments.argument("key") ?? "")
    } catch { throw CommandError(error) }
    var entry = TrustStore.Key(key: key, name: arguments.text("name") ?? "")
    try require(TrustStore.isName(entry.name), "--name", entry.name, "1 to 63 plain characters")
    if let text = arguments.text("expires") {
      entry.expires = UTCTime.parse(text)
      try require(entry.expires != nil, "--expires", text, "a time like 2027-01-31T00:00:00Z")
    }
    entry.namespaces = arguments.list("namespace")
    for text in entry.namespaces {
      try require(TrustStore.isNamespace(text), "--namespace", text, "an id's beginning: com.acme")
    }
    let hosts = arguments.list("host")
    for text in hosts {
      try require(TrustStore.isHost(text), "--host", text, "a host's name in lower case")
    }
    if !hosts.isEmpty { entry.hosts = hosts }
    _ = try change(arguments) { store throws(CommandError) in
      guard !store.revokedKeys.contains(key.id) else {
        throw CommandError(
          .refused, subject: key.id, "this key is revoked",
          remedy: "ask its owner for another; what is revoked stays so")
      }
      if let owner = store.keys.first(where: { $0.name == entry.name && $0.key != key }) {
        throw CommandError(
          .refused, subject: entry.name, "key \(owner.key.id) has this name already",
          remedy: "give this one another name, or remove the other first")
      }
      store.keys.removeAll { $0.key == key }
      store.keys.append(entry)
    }
    if arguments.isJSON {
      output.json(["added": entry.json])
    } else {
      output.line("\(entry.name) is trusted: key \(key.id)")
    }
    return .ok
  }

  private static func runList(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let path = arguments.trustStorePath
    let store: TrustStore
    do throws(PluginHostError) { store = try TrustStore.read(path: path) } catch {
      throw CommandError(error)
    }
    if arguments.isJSON {
      output.json([
        "store": .optional(path.map { .string($0) }), "keys": .array(store.keys.map(\.json)),
        "revokedKeys": .array(store.revokedKeys.map { .string($0) }),
        "revokedBundles": .array(store.revokedBundles.map { .string($0) }),
      ])
      return .ok
    }
    var table = Table([
      .leading("NAME"), .leading("KEY"), .leading("EXPIRES"), .leading("NAMESPACES"),
      .leading("HOSTS"),
    ])
    for key in store.keys {
      table.add([
        key.name, key.key.id, key.expires.map { UTCTime.text($0) } ?? "never",
        key.namespaces.isEmpty ? "any" : key.namespaces.joined(separator: ", "),
        key.hosts.map { $0.joined(separator: ", ") } ?? "any",
      ])
    }
    output.table(table)
    for id in store.revokedKeys { output.line("revoked key \(id)") }
    for hash in store.revokedBundles { output.line("revoked bundle \(hash)") }
    return .ok
  }

  private static func runRevoke(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let what = arguments.argument("what") ?? ""
    var bundle: String?
    if PluginBundle.isNamed(what) {
      do throws(PluginHostError) {
        bundle = try PluginBundle.read(path: what).hash.description
      } catch { throw CommandError(error) }
    } else if isHash(what, digits: 64) {
      bundle = what
    }
    let revoked = try change(arguments) { store throws(CommandError) -> String in
      if let bundle {
        if !store.revokedBundles.contains(bundle) { store.revokedBundles.append(bundle) }
        return "bundle \(bundle)"
      }
      let id = isHash(what, digits: 32) ? what : try find(what, in: store).key.id
      if !store.revokedKeys.contains(id) { store.revokedKeys.append(id) }
      return "key \(id)"
    }
    if arguments.isJSON {
      output.json(["revoked": .string(revoked)])
    } else {
      output.line("\(revoked) is revoked")
    }
    return .ok
  }

  private static func isHash(_ text: String, digits: Int) -> Bool {
    text.utf8.count == digits && text.allSatisfy { $0.isHexDigit && !$0.isUppercase }
  }

  private static func require(
    _ isRight: Bool, _ option: String, _ text: String, _ expectation: String
  ) throws(CommandError) {
    if isRight { return }
    throw CommandError(
      .usage, subject: option, "expected \(expectation), got '\(text)'",
      remedy: "See keel plugin trust add --help")
  }

  private static func find(
    _ name: String, in store: TrustStore
  ) throws(CommandError) -> TrustStore.Key {
    if let key = store.keys.first(where: { $0.key.id == name || $0.name == name }) { return key }
    throw CommandError(
      .configuration, subject: name, "no trusted key has this id or name",
      remedy: Suggestion.remedy(for: name, among: store.keys.map(\.name)))
  }

  private static func lock(_ path: String) throws(CommandError) -> TrustStore.Lock {
    do throws(PluginHostError) { return try TrustStore.Lock(path: path) } catch {
      throw CommandError(error)
    }
  }

  /// Reads the store, changes it, and puts it back whole.
  private static func change<Result>(
    _ arguments: ParsedArguments,
    _ body: (inout TrustStore) throws(CommandError) -> Result
  ) throws(CommandError) -> Result {
    guard let path = arguments.trustStorePath else {
      throw CommandError(
        .usage, subject: "trust store", "there is no home to keep it in",
        remedy: "Name one: --store FILE, or KEEL_TRUST")
    }
    let lock = try lock(path)
    var store: TrustStore
    do throws(PluginHostError) { store = try TrustStore.read(path: path) } catch {
      throw CommandError(error)
    }
    let result = try body(&store)
    do throws(PluginHostError) { try store.write(path: path) } catch { throw CommandError(error) }
    _ = consume lock
    return result
  }
}
