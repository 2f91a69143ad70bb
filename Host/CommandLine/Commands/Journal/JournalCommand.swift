import History
import JSON
import Market
import PluginABI
import PluginBridge
import Sessions
import Storage

/// `keel journal`: check, read, compare and replay what a session wrote.
enum JournalCommand {
  static let command = Command(
    name: "journal",
    summary: "verify, print, export, compare, replay or recover a session's journal",
    subcommands: [
      verify, JournalDump.command, JournalExport.command, JournalDiff.command, replay,
      JournalRecovery.command,
    ])

  static let directory = CommandArgument("journal", "The journal's directory.")

  private static let verify = Command(
    name: "verify", summary: "check every record of a journal",
    discussion: """
      Reads each segment and checks every record's checksum and order. A torn end, as after a \
      crash, is reported and is no damage; damage before the end is, and says where.
      """,
    arguments: [directory],
    seeAlso: ["journal replay"],
    run: runVerify)

  private static let replay = Command(
    name: "replay", summary: "run a journal through the kernel again and compare",
    discussion: """
      No plugin is loaded: the recorded answers stand in for the code. The kernel must come to \
      the same orders, decisions and bytes, turn by turn.
      """,
    arguments: [directory],
    seeAlso: ["journal verify"],
    run: runReplay)

  private static func runVerify(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let path = arguments.argument("journal") ?? ""
    var counts: [(name: String, count: Int)] = []
    do throws(StorageError) {
      var reader = try JournalReader(directory: path)
      var byType: [Int: Int] = [:]
      while let record = try reader.next() { byType[record.type, default: 0] += 1 }
      counts = byType.sorted { $0.key < $1.key }.map { (RecordKind.name($0.key), $0.value) }
      let tail = try tailText(reader.tail)
      if arguments.isJSON {
        output.json([
          "journal": .string(path), "records": .integer(reader.recordsRead), "tail": .string(tail),
          "types": .object(counts.map { ($0.name, .integer($0.count)) }),
        ])
      } else {
        output.line("\(path): \(reader.recordsRead) records, every checksum right, \(tail)")
        output.line("  " + counts.map { "\($0.count) \($0.name)" }.joined(separator: ", "))
      }
    } catch { throw CommandError(error) }
    return .ok
  }

  static func tailText(_ tail: JournalReader.Tail) -> String {
    switch tail {
    case .clean: "its end is whole"
    case .torn(let position, let bytes): "torn end: \(bytes) bytes cut at \(position)"
    }
  }

  private static func runReplay(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let path = arguments.argument("journal") ?? ""
    let report: ReplayReport
    do throws(StorageError) { report = try JournalReplay.run(directory: path) } catch {
      throw CommandError(error)
    }
    if let difference = report.difference {
      throw CommandError(
        subject: path, "the replay came to another result: \(difference)",
        remedy: "Use the keel that wrote it, or report this as a bug")
    }
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
          + tailText(report.tail))
    }
    return .ok
  }
}
