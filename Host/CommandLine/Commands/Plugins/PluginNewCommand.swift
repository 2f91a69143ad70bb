import JSON
import PluginHost

/// `keel plugin new`: a project of its own, from a template.
enum PluginNewCommand {
  static let command = Command(
    name: "new", summary: "write a project for a plugin of your own",
    discussion: """
      The project needs nothing of keel but the program: headers, SDK and tests travel with it. In \
      it, make builds a bundle, make test runs its unit test, make check tries every promise, make \
      backtest runs it over an invented market, and make sign KEY=FILE signs the bundle.
      """,
    arguments: [CommandArgument("folder", "Where to; its name is the plugin's.")],
    options: [
      .value(
        "language", "LANGUAGE", "What it is written in.",
        kind: .choice(PluginProject.Language.allCases.map(\.rawValue)), initial: "swift"),
      .value(
        "kind", "KIND", "What it is.", kind: .choice(PluginKind.allCases.map(\.rawValue)),
        initial: "strategy"),
      .value(
        "sdk", "DIR", "Where headers, SDK and templates lie, if not beside this program.",
        environment: "KEEL_SDK"),
    ],
    examples: [
      Command.Example("keel plugin new --language c breakout", "A strategy in C."),
      Command.Example("keel plugin new --language rust --kind alpha pulse", "An alpha in Rust."),
    ],
    seeAlso: ["plugin check", "plugin pack", "plugin sign", "backtest"],
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    guard let language = PluginProject.Language(rawValue: arguments.text("language") ?? ""),
      let kind = PluginKind(rawValue: arguments.text("kind") ?? "")
    else { preconditionFailure("the parser takes no other words") }
    let sdk = try SDKFolder.find(arguments.text("sdk"))
    let project = try PluginProject(arguments.argument("folder") ?? "", language, kind)
    let files = try project.write(from: sdk)
    if arguments.isJSON {
      output.json([
        "folder": .string(project.folder), "plugin": .string(project.id),
        "files": .array(files.map { .string($0) }),
      ])
    } else {
      output.line("\(project.folder): a plugin \(project.id), \(kind.rawValue) in \(language)")
      for file in files where !file.hasPrefix("sdk/") { output.line("  \(file)") }
      output.line("Next: cd \(project.folder) && make && make test && make check")
    }
    return .ok
  }
}
