import History
import JSON
import Storage
import Wording

/// `keel journal diff`: where two journals part, and by how much.
enum JournalDiff {
  static let command = Command(
    name: "diff", summary: "compare two journals record by record",
    discussion: """
      Shows the first record that is not the same in both, and counts by type how many are equal, \
      different or in one journal only. Turns are paired by their time. Ends with 0 where the \
      journals are equal and with 1 where they differ.
      """,
    arguments: [
      CommandArgument("first", "A journal's directory."),
      CommandArgument("second", "Another one's."),
    ],
    options: [
      .flag(
        "ignore-host",
        "Pass over what belongs to the run: the session's number, name and configuration, client "
          + "order ids, and how long the steps of a swap took.")
    ],
    examples: [
      Command.Example(
        "keel journal diff yesterday.journal candidate.journal --ignore-host",
        "Whether another build decided the same.")
    ],
    seeAlso: ["journal replay", "journal dump"],
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let left = arguments.argument("first") ?? ""
    let right = arguments.argument("second") ?? ""
    let comparison: JournalComparison
    do throws(StorageError) {
      comparison = try JournalComparison.run(
        left: left, right: right, ignoringHost: arguments.flag("ignore-host"))
    } catch { throw CommandError(error) }
    if arguments.isJSON {
      output.json(json(comparison, left, right))
    } else {
      show(comparison, left, right, output)
    }
    return comparison.first == nil ? .ok : .failed
  }

  private static func show(
    _ comparison: JournalComparison, _ left: String, _ right: String, _ output: Output
  ) {
    for (path, tail) in [(left, comparison.leftTail), (right, comparison.rightTail)] {
      if case .torn = tail { output.note("\(path): \(JournalCommand.tailText(tail))") }
    }
    guard let first = comparison.first else {
      output.line("\(left) and \(right) are equal: \(comparison.leftRecords) records")
      return
    }
    output.line("\(left) and \(right) differ, first at:")
    for (path, entry) in [(left, first.left), (right, first.right)] {
      let place = entry.map { "turn \($0.turn), record \($0.line)" } ?? "nothing stands there"
      output.line("  \(path): \(place)")
    }
    var table = Table([
      .leading("type"), .trailing("equal"), .trailing("different"), .trailing("only first"),
      .trailing("only second"),
    ])
    for (name, count) in comparison.byType {
      table.add(
        [name]
          + [count.equal, count.different, count.onlyLeft, count.onlyRight].map { String($0) })
    }
    output.table(table)
  }

  private static func json(
    _ comparison: JournalComparison, _ left: String, _ right: String
  ) -> JSONValue {
    func entry(_ entry: JournalComparison.Entry?) -> JSONValue {
      guard let entry else { return .null }
      return ["turn": .integer(entry.turn), "record": entry.json]
    }
    return [
      "first": .string(left), "second": .string(right),
      "isEqual": .bool(comparison.first == nil),
      "records": [
        "first": .integer(comparison.leftRecords), "second": .integer(comparison.rightRecords),
      ],
      "tails": [
        "first": .string(JournalCommand.tailText(comparison.leftTail)),
        "second": .string(JournalCommand.tailText(comparison.rightTail)),
      ],
      "difference": comparison.first.map {
        ["first": entry($0.left), "second": entry($0.right)]
      } ?? .null,
      "types": .object(
        comparison.byType.map { name, count in
          let value: JSONValue = [
            "equal": .integer(count.equal), "different": .integer(count.different),
            "onlyFirst": .integer(count.onlyLeft), "onlySecond": .integer(count.onlyRight),
          ]
          return (name, value)
        }),
    ]
  }
}
