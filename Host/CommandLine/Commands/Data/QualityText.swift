import JSON
import Market
import MarketHistory
import Storage
import Wording

/// A check's findings in words, and as JSON.
struct QualityText {
  private let contents: TapeContents
  private let report: QualityReport
  var compared: TapeComparison?

  init(_ contents: TapeContents, _ report: QualityReport) {
    self.contents = contents
    self.report = report
  }

  private var logs: [FindingLog] { [report.log] + (compared.map { [$0.log] } ?? []) }
  private var found: [FindingLog.Entry] { logs.flatMap(\.found) }

  var errors: Int { count(.error) }
  var warnings: Int { count(.warning) }

  private func count(_ severity: FindingKind.Severity) -> Int {
    logs.reduce(0) { $0 + $1.count(severity) }
  }

  // For people.

  func say(_ output: Output) {
    let tape = contents.tape
    output.line("\(tape.path): \(Count.text(report.records, "record")), \(span)")
    if !report.streams.isEmpty {
      output.line()
      output.table(streams)
    }
    sayComparison(output)
    output.line()
    guard !found.isEmpty else { return output.line("nothing found") }
    output.line(
      [FindingKind.Severity.error, .warning, .note].map { Count.text(count($0), $0.rawValue) }
        .joined(separator: ", "))
    output.line()
    output.table(findings)
    let others = found.filter { $0.examples.count > 1 && $0.kind.severity != .note }
    for entry in others {
      output.line()
      output.line("\(entry.kind.title), also:")
      for finding in entry.examples.dropFirst() {
        output.line("  \(amount(finding)) \(place(finding))".replacingDoubleSpace)
      }
    }
    output.line()
    for entry in found { output.line("\(entry.kind.title): \(entry.kind.remedy)") }
  }

  private var span: String {
    guard let first = contents.tape.firstTime, let last = contents.tape.lastTime else {
      return "empty"
    }
    let times = [first, last].map { Timestamp(nanoseconds: $0) }
    return "\(UTCTime.text(times[0])) to \(UTCTime.text(times[1])), "
      + DurationText.text(times[1] - times[0])
  }

  private var streams: Table {
    var table = Table([
      .leading("instrument"), .leading("of"), .trailing("records"), .trailing("spacing"),
      .trailing("covered"), .trailing("missing"),
    ])
    for stream in report.streams {
      table.add([
        symbol(stream.key.instrument), Self.name(stream.key), "\(stream.records)",
        stream.medianSpacing.map(DurationText.text) ?? "", Self.percent(stream.coverage),
        stream.key.interval > 0 || stream.key.kind == .funding ? "\(stream.missing)" : "",
      ])
    }
    return table
  }

  private func sayComparison(_ output: Output) {
    guard let compared else { return }
    output.line()
    output.line("against \(compared.path), bars of \(DurationText.exact(compared.interval)):")
    var table = Table([
      .leading("instrument"), .trailing("matched"), .trailing("only here"),
      .trailing("only there"), .trailing("differ"), .trailing("mean"), .trailing("most"),
      .trailing("correlation"),
    ])
    for pair in compared.pairs {
      let result = pair.result
      table.add([
        symbol(pair.instrument), "\(result.matched)", "\(result.missingThere)",
        "\(result.missingHere)", "\(result.different)",
        result.differenceMean.map { Self.points($0) } ?? "", Self.points(result.differenceMax),
        result.correlation.map { Self.decimal($0, 4) } ?? "",
      ])
    }
    output.table(table)
  }

  private var findings: Table {
    var table = Table([
      .leading("severity"), .leading("finding"), .trailing("count"), .trailing("worst"),
      .leading("where"),
    ])
    for entry in found {
      let worst = entry.examples.first
      table.add([
        entry.kind.severity.rawValue, entry.kind.title, "\(entry.count)",
        worst.map(amount) ?? "", worst.map(place) ?? "",
      ])
    }
    return table
  }

  private func symbol(_ instrument: InstrumentID) -> String {
    instrument.index < contents.symbols.count ? contents.symbols[instrument.index] : "?"
  }

  private func place(_ finding: Finding) -> String {
    var parts = finding.instrument.map { [symbol($0)] } ?? []
    if let record = finding.record { parts.append("record \(record)") }
    return (parts + [UTCTime.text(finding.time)]).joined(separator: ", ")
  }

  private func amount(_ finding: Finding) -> String {
    let numbers = finding.instrument.flatMap {
      $0.index < contents.numbers.count ? contents.numbers[$0.index] : nil
    }
    switch finding.value {
    case .none: return ""
    case .price(.min): return "none"
    case .price(let mantissa):
      return DecimalText.format(mantissa, exponent: numbers?.priceExponent ?? 0)
    case .quantity(let mantissa):
      return DecimalText.format(
        mantissa, exponent: numbers?.quantityExponent ?? 0, trimming: true)
    case .duration(let duration): return DurationText.text(duration)
    case .count(let count): return "\(count)"
    case .basisPoints(let points): return Self.points(points)
    case .identifier(let number): return "\(number)"
    }
  }

  private static func name(_ key: StreamKey) -> String {
    guard key.kind == .bars else { return "\(key.kind)" }
    return key.interval > 0
      ? "bars \(DurationText.exact(Nanoseconds(key.interval)))" : "bars, rule \(key.source)"
  }

  /// Rounded down, so that only what is whole is 100 %.
  private static func percent(_ share: Double) -> String {
    decimal((share * 10_000).rounded(.down) / 100, 2) + " %"
  }

  private static func points(_ points: Double) -> String { decimal(points, 1) + " bps" }

  private static func decimal(_ value: Double, _ places: Int) -> String {
    let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
    guard let mantissa = Int64(exactly: (value * scale).rounded()) else { return "\(value)" }
    return DecimalText.format(mantissa, exponent: -places)
  }

  // For programs.

  var value: JSONValue {
    var value: JSONValue = [
      "tape": .string(contents.tape.path), "records": .integer(report.records),
      "errors": .integer(errors), "warnings": .integer(warnings), "notes": .integer(count(.note)),
      "streams": .array(report.streams.map(json)), "findings": .array(found.map(json)),
    ]
    if let compared { value.set("against", compared.value(symbol)) }
    return value
  }

  private func json(_ stream: StreamSummary) -> JSONValue {
    [
      "instrument": .string(symbol(stream.key.instrument)), "kind": .string("\(stream.key.kind)"),
      "interval": .integer(stream.key.interval), "source": .integer(stream.key.source),
      "records": .integer(stream.records), "missing": .integer(stream.missing),
      "coverage": .double(stream.coverage),
      "medianSpacing": .optional(stream.medianSpacing.map { .integer($0.count) }),
    ]
  }

  private func json(_ entry: FindingLog.Entry) -> JSONValue {
    [
      "kind": .string(entry.kind.rawValue), "severity": .string(entry.kind.severity.rawValue),
      "count": .integer(entry.count), "remedy": .string(entry.kind.remedy),
      "examples": .array(
        entry.examples.map { finding in
          [
            "instrument": .optional(finding.instrument.map { .string(symbol($0)) }),
            "time": .string(UTCTime.text(finding.time)),
            "nanoseconds": .integer(finding.time.nanoseconds),
            "record": .optional(finding.record.map { .integer($0) }),
            "value": .string(amount(finding)),
          ]
        }),
    ]
  }
}

extension String {
  /// Where a finding has no value, its place moves up.
  fileprivate var replacingDoubleSpace: String {
    hasPrefix("   ") ? "  " + drop { $0 == " " } : self
  }
}
