import JSON
import PluginChecks
import PluginHost
import Wording

/// `keel plugin check`: every promise of the headers, tried on one file.
enum PluginCheckCommand {
  static let options: [CommandOption] = [
    .value("seed", "N", "Of everything random.", kind: .count, initial: "1"),
    .value("set", "NAME=VALUE", "A parameter, beside its default.", occurrence: .repeated),
    .value("create-config", "JSON", "What create is given as its configuration."),
  ]

  static let command = Command(
    name: "check", summary: "try everything that a plugin promises",
    discussion: """
      Runs one named test after the other, each in a process of its own: a crash or a hang is that \
      test's finding. Everything random comes from the seed, which the report names.

      A test passes, warns, fails, or is skipped where the plugin has nothing to try. The exit \
      code is 0 when none failed.
      """,
    arguments: [CommandArgument("file", "The library.")],
    options: options + [
      .value("only", "NAME", "Run this test alone; may be repeated.", occurrence: .repeated),
      .flag("all", "Show the tests that passed or were skipped in full, too."),
    ],
    examples: [
      Command.Example("keel plugin check build/breakout.so", "Every test."),
      Command.Example(
        "keel plugin check build/breakout.so --only batch-fuzz --seed 7", "One, again."),
    ],
    seeAlso: ["plugin bench", "plugin info"],
    run: run)

  /// What the parent starts for each test.
  static let examine = Command(
    name: "examine", summary: "run one test of check, in this very process",
    discussion: "What `keel plugin check` starts for each test: a plugin may take it down.",
    arguments: [
      CommandArgument("test", "Its name."), CommandArgument("notes", "The file to write to."),
      CommandArgument("file", "The library."),
    ],
    options: options,
    run: { arguments, _ throws(CommandError) in
      let check = try find(arguments.argument("test") ?? "")
      CheckRun.examine(check, subject(arguments), notes: arguments.argument("notes") ?? "")
      return .ok
    })

  static func subject(_ arguments: ParsedArguments) -> PluginSubject {
    PluginSubject(
      path: arguments.argument("file") ?? "", seed: UInt64(arguments.integer("seed") ?? 1),
      config: arguments.text("create-config") ?? "", settings: arguments.list("set"))
  }

  private static func find(_ name: String) throws(CommandError) -> PluginCheck {
    if let check = PluginCheck.named(name) { return check }
    throw CommandError(
      .usage, subject: name, "there is no such test",
      remedy: Suggestion.remedy(for: name, among: PluginCheck.all.map(\.name)))
  }

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    var checks: [PluginCheck] = []
    for name in arguments.list("only") { checks.append(try find(name)) }
    if checks.isEmpty { checks = PluginCheck.all }
    let subject = subject(arguments)
    let text = PluginCheckText(showsAll: arguments.flag("all"))
    let results: [CheckRun.Result]
    do throws(PluginHostError) {
      results = try CheckRun(subject).all(checks) { result in
        if !arguments.isJSON {
          text.write(result, to: output)
          output.flush()
        }
      }
    } catch { throw CommandError(error) }
    if arguments.isJSON {
      output.json(PluginCheckText.json(results, subject))
    } else {
      text.writeSummary(results, subject, to: output)
    }
    return results.contains { $0.finding.verdict == .failed } ? .failed : .ok
  }
}
