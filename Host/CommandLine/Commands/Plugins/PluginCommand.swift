import Configuration
import JSON
import PluginABI
import PluginHost
import Sessions

/// `keel plugin`: what can be loaded, and what is in it.
enum PluginCommand {
  static let command = Command(
    name: "plugin",
    summary: "write, check and look into plugins; pack, sign, verify and install them",
    subcommands: [
      list, info, PluginNewCommand.command, PluginCheckCommand.command,
      PluginBenchCommand.command, PluginPacking.pack, PluginSigning.keygen, PluginSigning.sign,
      PluginSigning.verify, PluginInstalling.install, PluginInstalling.remove,
      PluginTrust.command, probe, PluginCheckCommand.examine,
    ])

  private static let list = Command(
    name: "list", summary: "show every plugin in the configured directories",
    discussion: "Each file is verified and loaded as a session would; what is refused says why.",
    options: [.configuration],
    examples: [Command.Example("keel plugin list --json", "For a script.")],
    seeAlso: ["plugin info"],
    run: runList)

  private static let info = Command(
    name: "info", summary: "show a plugin's versions, kinds, state and parameters",
    arguments: [
      CommandArgument("plugin", "A path of a library or bundle, a plugin id, or id@version.")
    ],
    options: [.configuration, .trustStore],
    examples: [
      Command.Example("keel plugin info .build/plugins/momentum.so", "A file."),
      Command.Example("keel plugin info dev.keel.sma-crossover@2.0.0", "One version by id."),
    ],
    seeAlso: ["plugin list"],
    run: runInfo)

  private static let probe = Command(
    name: "probe", summary: "load a library and describe it, in a process of its own",
    discussion: "What a host runs before it loads a library itself: a crash here costs nothing.",
    arguments: [CommandArgument("path", "The library.")],
    run: { arguments, output throws(CommandError) in
      let build = try load(arguments.argument("path") ?? "", PluginCommand.probeRegistry())
      output.json(["plugins": .array(build.descriptors.map { json($0, build) })])
      return .ok
    })

  /// Where libraries are copied that are looked at outside a session.
  static var probeStore: String { "/tmp/keel-probe-\(ProcessEnvironment.userID)" }

  /// Takes in what its caller has verified, or names by its path.
  private static func probeRegistry() -> PluginRegistry {
    PluginRegistry(storeDirectory: probeStore, policy: LoadPolicy())
  }

  /// Takes in what a session of this configuration would.
  static func registry(
    _ configuration: Configuration
  ) throws(CommandError) -> PluginRegistry {
    PluginRegistry(
      storeDirectory: configuration.session.directory + "/store",
      policy: try policy(configuration))
  }

  static func policy(
    _ configuration: Configuration, _ arguments: ParsedArguments? = nil
  ) throws(CommandError) -> LoadPolicy {
    var plugins = configuration.plugins
    if let path = arguments?.text("store") { plugins.trustStore = path }
    do throws(SessionError) { return try LoadPolicy(plugins) } catch { throw CommandError(error) }
  }

  private static func load(
    _ path: String, _ registry: PluginRegistry
  ) throws(CommandError) -> PluginBuild {
    do throws(PluginHostError) { return try registry.load(path: path) } catch {
      throw CommandError(error)
    }
  }

  private static func runList(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let configuration = try SessionLaunch.configuration(arguments)
    let registry = try registry(configuration)
    var table = Table([
      .leading("PLUGIN"), .leading("VERSION"), .leading("KIND"), .leading("SIGNED BY"),
      .leading("FILE"),
    ])
    var rows: [JSONValue] = []
    var refused: [PluginHostError] = []
    for directory in configuration.plugins.directories {
      for found in registry.scan(directory: directory.path) {
        switch found.result {
        case .success(let build):
          for descriptor in build.descriptors {
            let origin = registry.origin(of: build)
            rows.append(json(descriptor, build, origin: origin))
            table.add([
              descriptor.id, descriptor.version, kinds(descriptor),
              origin?.verdict.text ?? "nobody",
              found.path,
            ])
          }
        case .failure(let error): refused.append(error)
        }
      }
    }
    if arguments.isJSON {
      output.json([
        "plugins": .array(rows), "refused": .array(refused.map { CommandError($0).value }),
      ])
    } else {
      output.table(table)
      for error in refused { output.note("refused: \(error)") }
    }
    return .ok
  }

  private static func runInfo(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let name = arguments.argument("plugin") ?? ""
    let found: [(PluginBuild, PluginDescriptor)]
    let registry: PluginRegistry
    if PluginBundle.isNamed(name) {
      registry = PluginRegistry(
        storeDirectory: probeStore, policy: try signedPolicy(arguments))
      let build = try load(name, registry)
      found = build.descriptors.map { (build, $0) }
    } else if name.contains("/") || name.hasSuffix(".so") {
      registry = probeRegistry()
      let build = try load(name, registry)
      found = build.descriptors.map { (build, $0) }
    } else {
      let configuration = try SessionLaunch.configuration(arguments)
      registry = try self.registry(configuration)
      for directory in configuration.plugins.directories {
        _ = registry.scan(directory: directory.path)
      }
      let parts = name.split(separator: "@", maxSplits: 1).map(String.init)
      do throws(PluginHostError) {
        found = [
          try registry.find(id: parts.first ?? name, version: parts.count > 1 ? parts[1] : nil)
        ]
      } catch { throw CommandError(error) }
    }
    for (build, descriptor) in found {
      let parameters = try parameters(build, descriptor)
      let origin = registry.origin(of: build)
      if arguments.isJSON {
        output.json(json(descriptor, build, parameters, origin: origin))
      } else {
        write(descriptor, build, parameters, origin, to: output)
      }
    }
    return .ok
  }

  /// To look into a bundle is to run it: as a directory of signed bundles would.
  static func signedPolicy(_ arguments: ParsedArguments) throws(CommandError) -> LoadPolicy {
    do throws(PluginHostError) {
      return LoadPolicy(elsewhere: .signed, trust: try arguments.trustStore())
    } catch { throw CommandError(error) }
  }

  /// Parameters are an instance's to declare, so one is made and thrown away.
  static func parameters(
    _ build: PluginBuild, _ descriptor: PluginDescriptor
  ) throws(CommandError) -> [ParameterDeclaration] {
    do throws(PluginHostError) {
      let instance = try PluginInstance(
        build: build, descriptor: descriptor, name: descriptor.id,
        instruments: InstrumentTable([]),
        placement: build.standing.confinement == nil
          ? .guarded : .worker(build.standing.bounded(WorkerOptions())))
      defer { instance.destroy() }
      return instance.parameters
    } catch { throw CommandError(error) }
  }

  private static func kinds(_ descriptor: PluginDescriptor) -> String {
    descriptor.kinds.map(\.rawValue).joined(separator: ", ")
  }

  private static func write(
    _ descriptor: PluginDescriptor, _ build: PluginBuild, _ parameters: [ParameterDeclaration],
    _ origin: BundleOrigin?, to output: Output
  ) {
    output.line("\(descriptor.name) \(descriptor.version), by \(descriptor.vendor)")
    output.line("  id      \(descriptor.id)")
    output.line("  kind    \(kinds(descriptor))")
    output.line("  file    \(build.originalPath), \(build.fileBytes) bytes")
    output.line("  sha256  \(build.hashText)")
    if let origin { output.line("  signed  by \(origin.verdict.text)") }
    output.line(
      descriptor.stateSchema.isEmpty
        ? "  state   none"
        : "  state   \(descriptor.stateSchema), writes version \(descriptor.stateVersion), "
          + "reads from \(descriptor.stateOldest)")
    guard !parameters.isEmpty else { return }
    var table = Table([
      .leading("PARAMETER"), .leading("KIND"), .leading("DEFAULT"), .leading("RANGE"),
      .leading("ABOUT"),
    ])
    for parameter in parameters { table.add(row(parameter)) }
    output.table(table)
  }

  private static func row(_ parameter: ParameterDeclaration) -> [String] {
    let range: String
    switch parameter.kind {
    case .integer, .decimal: range = "\(number(parameter.min))...\(number(parameter.max))"
    case .choice: range = parameter.choices.joined(separator: "|")
    case .boolean, .text: range = ""
    }
    return [
      parameter.name + (parameter.unit.isEmpty ? "" : " (\(parameter.unit))"),
      "\(parameter.kind)", parameter.isRequired ? "required" : parameter.initial.description,
      range, parameter.about + (parameter.isLive ? " [live]" : ""),
    ]
  }

  private static func number(_ value: Double) -> String {
    Int64(exactly: value).map(String.init) ?? String(value)
  }

  private static func json(
    _ descriptor: PluginDescriptor, _ build: PluginBuild,
    _ parameters: [ParameterDeclaration]? = nil, origin: BundleOrigin? = nil
  ) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("id", .string(descriptor.id)), ("name", .string(descriptor.name)),
      ("vendor", .string(descriptor.vendor)), ("version", .string(descriptor.version)),
      ("kinds", .array(descriptor.kinds.map { .string($0.rawValue) })),
      ("file", .string(build.originalPath)), ("bytes", .integer(build.fileBytes)),
      ("sha256", .string(build.hashText)), ("stateSchema", .string(descriptor.stateSchema)),
      ("stateVersion", .integer(descriptor.stateVersion)),
      ("stateOldest", .integer(descriptor.stateOldest)),
    ]
    if let origin { members.append(("bundle", origin.json)) }
    if let parameters {
      members.append(
        (
          "parameters",
          .array(
            parameters.map { parameter in
              .object([
                ("name", .string(parameter.name)), ("kind", .string("\(parameter.kind)")),
                ("default", .string(parameter.initial.description)),
                ("unit", .string(parameter.unit)), ("about", .string(parameter.about)),
                ("min", .double(parameter.min)), ("max", .double(parameter.max)),
                ("isLive", .bool(parameter.isLive)),
                ("isRequired", .bool(parameter.isRequired)),
              ])
            })
        ))
    }
    return .object(members)
  }
}
