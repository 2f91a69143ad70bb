import Configuration
import JSON
import PluginHost
import Sessions

/// `keel plugin install` and `remove`.
enum PluginInstalling {
  static let install = Command(
    name: "install", summary: "verify a bundle, show what it asks for, and put it in place",
    discussion: """
      Into the first of the configured plugin directories, or --directory, as that directory's \
      policy allows; where there is no configuration file, --directory takes signed bundles. The \
      library is tried in a process of its own, and must be what the manifest says. A running \
      session sees the bundle and offers it to keel swap.
      """,
    arguments: [CommandArgument("bundle", "The bundle, packed or as a folder.")],
    options: [
      .configuration, .trustStore, .yes,
      .value("directory", "DIR", "Another directory than the first that is configured."),
      .flag("replace", "Put it in the place of another build of the same version."),
    ],
    examples: [Command.Example("keel plugin install breakout.keel", "Asks before it does.")],
    seeAlso: ["plugin verify", "plugin remove", "plugin trust add"],
    run: runInstall)

  static let remove = Command(
    name: "remove", summary: "take an installed bundle out of the plugin directories",
    discussion: "Code of it that runs goes on running, from the host's own copy.",
    arguments: [CommandArgument("bundle", "A bundle's id, or id@version.")],
    options: [
      .configuration,
      .value("directory", "DIR", "From this directory, not from those that are configured."),
    ],
    examples: [
      Command.Example("keel plugin remove com.example.breakout@1.0.0", "One version of it.")
    ],
    seeAlso: ["plugin install", "plugin list"],
    run: runRemove)

  private static func runInstall(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let (policy, directory) = try place(arguments)
    let installer = BundleInstaller(policy: policy)
    let judged: BundleInstaller.Judged
    do throws(PluginHostError) {
      judged = try installer.judge(path: arguments.argument("bundle") ?? "", for: directory)
    } catch { throw CommandError(error) }
    let text = BundleText(bundle: judged.bundle, signers: judged.verdict.signers)
    if !arguments.isJSON { text.lines.forEach { output.line($0) } }
    guard try Confirmation.ask("Install it into \(directory)?", arguments, output) else {
      output.line("not installed")
      return .refused
    }
    let placed: (path: String, isNew: Bool)
    do throws(PluginHostError) {
      try tryOut(judged)
      placed = try installer.place(
        judged.bundle, in: directory, replaces: arguments.flag("replace"))
    } catch { throw CommandError(error) }
    if arguments.isJSON {
      output.json([
        "path": .string(placed.path), "isNew": .bool(placed.isNew), "bundle": text.json,
      ])
    } else {
      output.line(placed.isNew ? "installed as \(placed.path)" : "\(placed.path) is it already")
    }
    return .ok
  }

  /// Where a configuration has no part in it, the directory takes what is signed.
  private static func place(
    _ arguments: ParsedArguments
  ) throws(CommandError) -> (LoadPolicy, directory: String) {
    if let directory = arguments.text("directory"), !arguments.hasConfiguration {
      return (try PluginCommand.signedPolicy(arguments), directory)
    }
    let configuration = try SessionLaunch.configuration(arguments)
    let policy = try PluginCommand.policy(configuration, arguments)
    return (policy, arguments.text("directory") ?? configuration.plugins.directories[0].path)
  }

  /// What a session would run in workers alone runs in one here, too.
  private static func tryOut(_ judged: BundleInstaller.Judged) throws(PluginHostError) {
    if judged.standing.confinement != nil { return try judged.tryInWorker() }
    let copy = try PluginStore(directory: PluginCommand.probeStore).keep(judged.bundle)
    if let failure = PluginProbe.tryInChild(copy) {
      throw PluginHostError(failure.code, judged.bundle.path, failure.defects)
    }
  }

  private static func runRemove(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let name = arguments.argument("bundle") ?? ""
    let parts = name.split(separator: "@", maxSplits: 1).map(String.init)
    let directories: [String]
    if let directory = arguments.text("directory") {
      directories = [directory]
    } else {
      directories = try SessionLaunch.configuration(arguments).plugins.directories.map(\.path)
    }
    let removed: [PluginBundle]
    do throws(PluginHostError) {
      removed = try BundleInstaller.remove(
        id: parts.first ?? name, version: parts.count > 1 ? parts[1] : nil, from: directories)
    } catch { throw CommandError(error) }
    if arguments.isJSON {
      output.json(["removed": .array(removed.map { .string($0.path) })])
    } else {
      for bundle in removed { output.line("removed \(bundle.path)") }
    }
    return .ok
  }
}
