import JSON
import PluginABI
import PluginHost

/// `keel plugin pack`: from a library to a bundle.
enum PluginPacking {
  static let pack = Command(
    name: "pack", summary: "make a bundle of a library",
    discussion: """
      A bundle holds the library, a manifest that says what it is and what it asks for, and later \
      the signatures of the manifest. The library is described by itself, in a process of its own. \
      Equal input gives an equal file, which is an uncompressed tar archive.
      """,
    arguments: [CommandArgument("library", "The plugin's shared object.")],
    options: [
      .value(
        "output", "FILE", short: "o", "The bundle to write, NAME.keel.", occurrence: .required),
      .flag("folder", "Write a folder NAME.keel/ instead of one file."),
      .value("id", "ID", "The bundle's id, where the library holds several plugins."),
      .value("release", "VERSION", "The bundle's version, where the library holds several."),
      .value("licence", "NAME", "Under which terms it may be used."),
      .value(
        "network", "HOST/PATH", "It may ask this host for paths that begin so.",
        occurrence: .repeated),
      .flag("worker-only", "It is to run in a process of its own, and nowhere else."),
      .value("memory", "MB", "What its process may take.", kind: .integer(1...1_048_576)),
      .value(
        "connections", "RULE", "How many connections its venue allows at once.",
        kind: .choice(BundleManifest.Connections.allCases.map(\.rawValue)), initial: "overlap"),
      .value("include", "FILE", "Another file for the bundle.", occurrence: .repeated),
    ],
    examples: [
      Command.Example(
        "keel plugin pack breakout.so -o breakout.keel --licence MIT", "A strategy that computes."),
      Command.Example(
        "keel plugin pack venue.so -o venue.keel --network api.example.com/v1/",
        "One that asks a host."),
    ],
    seeAlso: ["plugin sign", "plugin verify"],
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let path = arguments.text("output") ?? ""
    guard PluginBundle.isNamed(path) else {
      throw CommandError(
        .usage, subject: "--output", "a bundle's name ends with .keel, got '\(path)'",
        remedy: "Write it like -o name.keel")
    }
    let library = arguments.argument("library") ?? ""
    let bundle: PluginBundle
    do throws(PluginHostError) {
      let file = try PluginFile(path: library, bytesMax: LoadPolicy().fileBytesMax)
      // What is described is what is packed, whatever becomes of the path meanwhile.
      let copy = try PluginStore(directory: PluginCommand.probeStore).keep(
        file, hash: ContentHash(of: file.bytes))
      let plugins: [BundleManifest.Plugin]
      do throws(PluginHostError) { plugins = try PluginProbe.describe(copy) } catch {
        throw PluginHostError(error.code, library, error.defects)
      }
      let manifest = try manifest(plugins, arguments, library)
      bundle = try PluginBundle.pack(
        manifest, library: file.bytes, others: try others(arguments), path: path)
      try bundle.write(to: path, asFolder: arguments.flag("folder"))
    } catch { throw CommandError(error) }
    let text = BundleText(bundle: bundle, signers: [])
    if arguments.isJSON { output.json(text.json) } else { text.lines.forEach { output.line($0) } }
    return .ok
  }

  private static func manifest(
    _ plugins: [BundleManifest.Plugin], _ arguments: ParsedArguments, _ library: String
  ) throws(PluginHostError) -> BundleManifest {
    let id = arguments.text("id") ?? (plugins.count == 1 ? plugins.first?.id : nil)
    let version = arguments.text("release") ?? (plugins.count == 1 ? plugins.first?.version : nil)
    guard let id, let version else {
      throw PluginHostError(
        .bundle, library, "it holds \(plugins.count) plugins, none of which names the bundle",
        remedy: "give the bundle --id and --release")
    }
    var capabilities = BundleCapabilities()
    for text in arguments.list("network") {
      guard let network = BundleCapabilities.network(text) else {
        throw PluginHostError(
          .bundle, "--network", "'\(text)' is no host and path",
          remedy: "write it like api.example.com/v1/, in lower case and without https://")
      }
      if let index = capabilities.network.firstIndex(where: { $0.host == network.host }) {
        capabilities.network[index].paths += network.paths
      } else {
        capabilities.network.append(network)
      }
    }
    capabilities.isWorkerOnly = arguments.flag("worker-only")
    capabilities.memoryMegabytes = arguments.integer("memory")
    return BundleManifest(
      id: id, version: version, abiMajor: Int(KEEL_ABI_MAJOR), abiMinor: Int(KEEL_ABI_DRAFT),
      target: BundleManifest.hostTarget, licence: arguments.text("licence") ?? "",
      connections: BundleManifest.Connections(rawValue: arguments.text("connections") ?? "")
        ?? .overlap,
      capabilities: capabilities, plugins: plugins)
  }

  private static func others(
    _ arguments: ParsedArguments
  ) throws(PluginHostError) -> [(name: String, bytes: [UInt8])] {
    var others: [(name: String, bytes: [UInt8])] = []
    for path in arguments.list("include") {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      others.append(
        (name, try PluginFile(path: path, bytesMax: LoadPolicy().fileBytesMax).bytes))
    }
    return others
  }
}
