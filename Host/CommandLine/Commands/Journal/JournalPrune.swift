import JSON
import Storage
import Wording

/// `keel journal prune`: what replay from the newest snapshot does not need.
enum JournalPrune {
  static let command = Command(
    name: "prune", summary: "remove the oldest segments of a journal",
    discussion: """
      Only what lies wholly before the newest whole snapshot can go: without a snapshot nothing \
      does. Of several bounds each must let a segment go. What is left still verifies.
      """,
    arguments: [JournalCommand.directory],
    options: [
      .value("keep-segments", "COUNT", "At least so many segments stay.", kind: .count),
      .value("keep-bytes", "COUNT", "At least so many bytes stay.", kind: .count),
      .value(
        "keep-days", "COUNT", "What is younger stays, by the journal's own time.",
        kind: .integer(1...36_500)),
      .flag("dry-run", "Say what would go, and remove nothing."),
    ],
    examples: [
      Command.Example("keel journal prune run.journal --keep-days 30 --dry-run", "Look first.")
    ],
    seeAlso: ["journal verify"],
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let path = arguments.argument("journal") ?? ""
    let isDryRun = arguments.flag("dry-run")
    let retention = JournalRetention(
      segmentsMin: arguments.integer("keep-segments"), bytesMin: arguments.integer("keep-bytes"),
      ageMin: arguments.integer("keep-days").map { Int64($0) * 86_400_000_000_000 })
    let report: JournalPruning.Report
    do throws(StorageError) {
      report = try JournalPruning.run(directory: path, retention: retention, isDryRun: isDryRun)
    } catch { throw CommandError(error) }
    if arguments.isJSON {
      output.json([
        "journal": .string(path), "dryRun": .bool(isDryRun),
        "removed": .array(report.removed.map { .integer($0) }), "bytes": .integer(report.bytes),
        "firstKept": .integer(report.firstKept),
      ])
    } else {
      output.line(
        "\(path): \(Count.text(report.removed.count, "segment")) of \(report.bytes) bytes "
          + "\(isDryRun ? "would go" : "removed"); segment \(report.firstKept) is the first")
    }
    return .ok
  }
}
