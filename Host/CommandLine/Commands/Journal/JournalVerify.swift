import History
import JSON
import PluginBridge
import Storage

/// `keel journal verify`: every record, and the chain of seals over all of them.
enum JournalVerify {
  static let command = Command(
    name: "verify", summary: "check every record of a journal, and its seals",
    discussion: """
      Reads each segment and checks every record's checksum and order. A torn end, as after a \
      crash, is reported and is no damage; damage before the end is, and says where.

      Then every block is held against the hash chain that was written beside it. Whoever kept the \
      head of an earlier day can tell by --expect that nothing before it was changed since.
      """,
    arguments: [JournalCommand.directory],
    options: [
      .value(
        "expect", "HASH", "Fail unless the chain's head, or an earlier block's value, is this.")
    ],
    examples: [
      Command.Example("keel journal verify run.journal --json", "With the head, for a script.")
    ],
    seeAlso: ["journal replay"],
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let path = arguments.argument("journal") ?? ""
    let expected = try expected(arguments)
    let found = try inspect(path, expecting: expected)
    let (records, tail, chain) = (found.records, found.tail, found.chain)
    let counts = found.byType.sorted { $0.key < $1.key }.map { (RecordKind.name($0.key), $0.value) }
    if arguments.isJSON {
      output.json([
        "journal": .string(path), "records": .integer(records), "tail": .string(tail),
        "head": .string("\(chain.head)"), "segments": .integer(chain.segments),
        "sealedBytes": .integer(chain.sealedBytes), "unsealedBytes": .integer(chain.unsealedBytes),
        "types": .object(counts.map { ($0.0, .integer($0.1)) }),
      ])
    } else {
      output.line("\(path): \(records) records, every checksum right, \(tail)")
      output.line(
        "  head \(chain.head), \(chain.sealedBytes) bytes sealed, \(chain.unsealedBytes) not yet")
      output.line("  " + counts.map { "\($0.1) \($0.0)" }.joined(separator: ", "))
    }
    return .ok
  }

  struct Inspection {
    var byType: [Int: Int] = [:]
    let records: Int
    let tail: String
    let chain: JournalChain.Report
  }

  /// Throws for a journal that is not, byte for byte, what was written.
  static func inspect(
    _ path: String, expecting expected: ChainHash? = nil
  ) throws(CommandError) -> Inspection {
    let found: Inspection
    do throws(StorageError) {
      var byType: [Int: Int] = [:]
      var reader = try JournalReader(directory: path)
      while let record = try reader.next() { byType[record.type, default: 0] += 1 }
      found = Inspection(
        byType: byType, records: reader.recordsRead,
        tail: JournalCommand.tailText(try reader.tail),
        chain: try JournalChain.verify(directory: path, expecting: expected))
    } catch { throw CommandError(error) }
    try check(found.chain, expected, path)
    return found
  }

  private static func expected(_ arguments: ParsedArguments) throws(CommandError) -> ChainHash? {
    guard let text = arguments.text("expect") else { return nil }
    if let hash = ChainHash(text: text) { return hash }
    throw CommandError(
      .usage, subject: "--expect", "'\(text)' is no head of a journal",
      remedy: "give the \(2 * ChainHash.bytes) hexadecimal digits that journal verify prints")
  }

  private static func check(
    _ chain: JournalChain.Report, _ expected: ChainHash?, _ path: String
  ) throws(CommandError) {
    if let mismatch = chain.mismatch {
      throw CommandError(
        subject: path, "it is not what was sealed: \(mismatch)",
        remedy: "restore that segment from a copy; what stands before it is as it was written",
        details: [
          .init(
            mismatch.description,
            [
              "segment": .integer(mismatch.segment), "from": .integer(mismatch.bytes.lowerBound),
              "to": .integer(mismatch.bytes.upperBound), "reason": .string(mismatch.reason),
            ])
        ])
    }
    guard let expected, !chain.holdsExpected else { return }
    throw CommandError(
      subject: path, "its head is \(chain.head), and no block's value is \(expected)",
      remedy: "it is another journal, or one written anew: compare it with a copy")
  }
}
