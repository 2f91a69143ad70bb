import Configuration
import JSON
import PluginHost
import Sessions
import Storage
import Wording

/// `keel journal replay`: the kernel again on recorded answers, and, with a candidate, other code
/// beside them.
enum JournalReplaying {
  static let command = Command(
    name: "replay", summary: "run a journal through the kernel again and compare",
    discussion: """
      No plugin is loaded: the recorded answers stand in for the code. The kernel must come to \
      the same orders, decisions and bytes, turn by turn.

      With --candidate a plugin is loaded and given, in order, every batch that the slot received; \
      its answers are compared with the recorded ones, never sent. What became of the recorded \
      orders reaches it marked as inherited. It has the slot's parameters of the configuration, \
      and ends with 1 when it answered otherwise anywhere.
      """,
    arguments: [JournalCommand.directory],
    options: [
      .value(
        "candidate", "PLUGIN", "Code to compare: a library's path, a plugin id, or id@version."),
      .value("slot", "NAME", "The slot in whose place the candidate stands."),
      .value(
        "set", "NAME=VALUE", "A parameter of the candidate; the slot's own apply otherwise.",
        occurrence: .repeated),
      .value(
        "limit", "COUNT", "So many different turns are printed.", kind: .integer(0...1_000_000),
        initial: "20"),
      .configuration,
    ],
    examples: [
      Command.Example("keel journal replay run.journal", "Is the journal whole?"),
      Command.Example(
        "keel journal replay run.journal --candidate ./next.so --slot trend",
        "What would the next version have done?"),
    ],
    seeAlso: ["journal verify", "swap"],
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let path = arguments.argument("journal") ?? ""
    let trial = try candidate(arguments, path, output)
    defer { trial?.finish() }
    let report: ReplayReport
    do throws(StorageError) {
      report = try JournalReplay.run(directory: path, trial: trial)
    } catch { throw CommandError(error) }
    if let difference = report.difference {
      throw CommandError(
        subject: path, "the replay came to another result: \(difference)",
        remedy: "Use the keel that wrote it, or report this as a bug")
    }
    if let trial {
      let text = TrialText(trial: trial, journal: path)
      if arguments.isJSON { output.json(text.json) } else { text.write(to: output) }
      return trial.isEqual ? .ok : .failed
    }
    show(report, path, arguments, output)
    return .ok
  }

  private static func show(
    _ report: ReplayReport, _ path: String, _ arguments: ParsedArguments, _ output: Output
  ) {
    let hash = String(report.outputHash, radix: 16)
    if arguments.isJSON {
      output.json([
        "journal": .string(path), "turns": .integer(report.turns),
        "inputs": .integer(report.inputs), "outputs": .integer(report.outputs),
        "orders": .integer(report.orders), "fills": .integer(report.fills),
        "openOrders": .integer(report.openOrders), "outputHash": .string(hash), "isEqual": true,
      ])
    } else {
      output.line(
        "\(path): \(report.turns) turns replayed without plugins, every output byte equal "
          + "(\(hash))")
      output.line(
        "  \(report.inputs) inputs, \(report.outputs) outputs, \(report.orders) orders, "
          + "\(report.fills) fills, \(report.openOrders) orders still open; "
          + JournalCommand.tailText(report.tail))
    }
  }

  // MARK: the candidate

  private static func candidate(
    _ arguments: ParsedArguments, _ path: String, _ output: Output
  ) throws(CommandError) -> CandidateTrial? {
    guard let plugin = arguments.text("candidate") else {
      for option in ["slot", "set"] where arguments.text(option) != nil {
        throw CommandError(
          .usage, subject: "--\(option)", "it says something of a candidate",
          remedy: "Name one with --candidate")
      }
      return nil
    }
    guard let name = arguments.text("slot") else {
      throw CommandError(
        .usage, subject: "--candidate", "the slot is missing in whose place it stands",
        remedy: "Name it with --slot")
    }
    let slot: RecordedSlot
    do throws(StorageError) { slot = try RecordedSlot(named: name, in: path) } catch {
      throw CommandError(error)
    }
    let configuration = try SessionLaunch.configuration(arguments)
    let given = try ControlRequest.parameters(
      .object(try HostCommands.parameters(arguments.list("set"))))
    do throws(SessionError) {
      return try CandidateTrial.make(
        PluginReference(plugin), in: slot, of: configuration,
        storeDirectory: configuration.session.directory + "/store", given: given,
        differencesMax: arguments.integer("limit") ?? 20, probe: PluginProbe.tryInChild
      ) { level, text in
        if level.rawValue >= Session.Level.warning.rawValue { output.note("candidate: \(text)") }
      }
    } catch { throw CommandError(error) }
  }
}
