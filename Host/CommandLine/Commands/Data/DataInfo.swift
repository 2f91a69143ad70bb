import Glibc
import History
import JSON
import Market
import PluginABI
import PluginBridge
import Storage
import Wording

/// `keel data info`: what is on a tape.
enum DataInfo {
  static let command = Command(
    name: "info", summary: "describe a tape and check every block of it",
    discussion: """
      Counts records by instrument and type, with their first and last time. A gap is the longest \
      time without any record of the instrument; whoever looks for missing bars compares it with \
      their interval.
      """,
    arguments: [DataCommand.tape],
    seeAlso: ["data head", "data import", "data generate"],
    run: run)

  /// What is counted of one type of records of one instrument.
  private struct Part {
    var count = 0
    var first = Int64.max
    var last = Int64.min
    var gap: Int64 = 0
    var gapEnd: Int64 = 0
    /// Of bars.
    var interval: Int64 = 0

    mutating func add(_ time: Int64) {
      if count > 0, time - last > gap { (gap, gapEnd) = (time - last, time) }
      count += 1
      first = min(first, time)
      last = time
    }
  }
  private struct Key: Hashable, Comparable {
    let instrument: UInt32
    let type: Int
    static func < (a: Key, b: Key) -> Bool { (a.instrument, a.type) < (b.instrument, b.type) }
  }

  private static func run(
    _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> ExitCode {
    let path = arguments.argument("tape") ?? ""
    let tape: Tape
    do throws(StorageError) {
      tape = try Tape(path: path)
      tape.expectSequentialReading()
      try tape.verify()
    } catch { throw CommandError(error) }
    var parts: [Key: Part] = [:]
    var sequence: (first: UInt64, last: UInt64)?
    for record in RecordReader(tape.records) {
      let key = Key(instrument: record.header.pointee.inst, type: record.type)
      parts[key, default: Part()].add(record.time.nanoseconds)
      if let bar = Bar(record) { parts[key]?.interval = bar.interval.count }
      if record.sequence > 0 { sequence = (sequence?.first ?? record.sequence, record.sequence) }
    }
    if arguments.isJSON {
      output.json(json(tape, path, parts))
    } else {
      say(tape, path, parts, sequence, output)
    }
    return .ok
  }

  private static func symbol(_ tape: Tape, _ instrument: UInt32) -> String {
    tape.instruments.first { $0.h.inst == instrument }.map { FixedText.read($0.symbol) } ?? "-"
  }

  private static func size(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  private static func time(_ value: Int64?) -> String {
    value.map { UTCTime.text(Timestamp(nanoseconds: $0)) } ?? "none"
  }

  private static func json(_ tape: Tape, _ path: String, _ parts: [Key: Part]) -> JSONValue {
    [
      "tape": .string(path), "bytes": .integer(size(path)), "records": .integer(tape.recordCount),
      "firstTime": .string(time(tape.firstTime)), "lastTime": .string(time(tape.lastTime)),
      "instruments": .array(tape.instruments.map { .string(FixedText.read($0.symbol)) }),
      "parts": .array(
        parts.sorted { $0.key < $1.key }.map { key, part in
          [
            "instrument": .string(symbol(tape, key.instrument)),
            "type": .string(RecordKind.name(key.type)), "records": .integer(part.count),
            "firstTime": .string(time(part.first)), "lastTime": .string(time(part.last)),
            "longestGap": .integer(part.gap), "gapEnds": .string(time(part.gapEnd)),
          ]
        }),
    ]
  }

  private static func say(
    _ tape: Tape, _ path: String, _ parts: [Key: Part],
    _ sequence: (first: UInt64, last: UInt64)?, _ output: Output
  ) {
    output.line(
      "\(path): \(tape.recordCount) records, \(Progress.short(Double(size(path))))B, "
        + "every block right")
    output.line("  from \(time(tape.firstTime)) to \(time(tape.lastTime))")
    if let sequence { output.line("  sequence \(sequence.first) to \(sequence.last)") }
    for row in tape.instruments {
      let tick = DecimalText.format(row.tick, exponent: Int(row.px_exp), trimming: true)
      let lot = DecimalText.format(row.lot, exponent: Int(row.qty_exp), trimming: true)
      let kind = InstrumentKind(rawValue: row.kind).map { "\($0)" } ?? "kind \(row.kind)"
      output.line(
        "  \(FixedText.read(row.symbol)) at \(FixedText.read(row.venue)): \(kind), "
          + "\(FixedText.read(row.base_code))/\(FixedText.read(row.quote_code)), "
          + "tick \(tick), lot \(lot)")
    }
    guard !parts.isEmpty else { return }
    var table = Table([
      .leading("instrument"), .leading("type"), .trailing("records"), .leading("first"),
      .leading("last"), .trailing("longest gap"), .leading("which ends"),
    ])
    for (key, part) in parts.sorted(by: { $0.key < $1.key }) {
      let interval = part.interval > 0 ? " \(lengthText(part.interval))" : ""
      table.add([
        symbol(tape, key.instrument), RecordKind.name(key.type) + interval, "\(part.count)",
        time(part.first), time(part.last), part.gap > 0 ? lengthText(part.gap) : "-",
        part.gap > 0 ? time(part.gapEnd) : "-",
      ])
    }
    output.table(table)
  }

  /// 90 s, 4 h, 2.5 d: to one place.
  private static func lengthText(_ nanoseconds: Int64) -> String {
    let seconds = Double(nanoseconds) / 1e9
    for (unit, name) in [(86_400.0, "d"), (3_600, "h"), (60, "min"), (1, "s"), (1e-3, "ms")]
    where seconds >= unit {
      let tenths = Int((seconds / unit * 10).rounded())
      return tenths % 10 == 0 ? "\(tenths / 10) \(name)" : "\(tenths / 10).\(tenths % 10) \(name)"
    }
    return "\(nanoseconds) ns"
  }
}
