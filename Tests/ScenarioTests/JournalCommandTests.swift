import Foundation
import JSON
import TestSupport
import Testing

/// What `keel journal` makes of a session's journal: comparisons, tables and lines.
@Suite struct JournalCommandTests {
  private let fixture: SessionFixture
  private var folder: TemporaryDirectory { fixture.folder }

  init() throws {
    fixture = try SessionFixture()
    try backtest("a.journal")
  }

  private func backtest(_ journal: String, config: String = "strategies.json") throws {
    let run = try keel(
      "backtest", "--events", "1200", "--journal", journal, "--config", config)
    try #require(run.status == 0, "\(run.errors)")
  }

  private func keel(_ arguments: String...) throws -> SpawnedKeel.Outcome {
    try SpawnedKeel.run(arguments, in: folder)
  }

  private func shell(_ line: String) throws -> ToolRun {
    try ToolRun.run(
      ["sh", "-c", line.replacingOccurrences(of: "keel ", with: try BuiltProducts.keel + " ")],
      in: URL(fileURLWithPath: folder.path))
  }

  private func otherConfiguration(_ old: String, _ new: String) throws {
    let text = fixture.configurationText { text in
      #expect(text.contains(old))
      text = text.replacingOccurrences(of: old, with: new)
    }
    try folder.write("other.json", Array(text.utf8))
  }

  @Test func whatWasChangedIsNotRecovered() throws {
    #expect(try keel("journal", "recover", "a.journal").status == 0)
    let segment = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("a.journal"))
        .filter { $0.hasPrefix("journal-") }.sorted().first)
    let path = folder.file("a.journal/\(segment)")
    var bytes = try TemporaryDirectory.bytes(of: path)
    bytes[20_000] ^= 1
    try TemporaryDirectory.write(path, bytes)
    let verified = try keel("journal", "verify", "a.journal")
    let recovered = try keel("journal", "recover", "a.journal")
    #expect(verified.status == 1 && recovered.status == 1, "\(recovered.output)")
    #expect(recovered.errors == verified.errors && !recovered.output.contains("whole"))
  }

  @Test func equalRunsDoNotDiffer() throws {
    try backtest("b.journal")
    let answer = try keel("journal", "diff", "a.journal", "b.journal")
    #expect(answer.status == 0 && answer.output.contains("are equal"), "\(answer.output)")
    let json = try keel("journal", "diff", "a.journal", "b.journal", "--json")
    #expect(try json.json["isEqual"]?.bool == true && json.json["difference"] == .null)
  }

  @Test func anotherNameIsTheRunsOwn() throws {
    try otherConfiguration(#""name": "scenario""#, #""name": "elsewhere""#)
    try backtest("b.journal", config: "other.json")
    let answer = try keel("journal", "diff", "a.journal", "b.journal")
    #expect(answer.status == 1 && answer.output.contains("name elsewhere"), "\(answer.output)")
    #expect(try keel("journal", "diff", "a.journal", "b.journal", "--ignore-host").status == 0)
  }

  @Test func anotherDecisionIsFound() throws {
    try otherConfiguration(#""quantity": 0.05"#, #""quantity": 0.06"#)
    try backtest("b.journal", config: "other.json")
    let answer = try keel("journal", "diff", "a.journal", "b.journal", "--ignore-host", "--json")
    #expect(answer.status == 1)
    let first = try #require(try answer.json["difference"]?["first"])
    let second = try #require(try answer.json["difference"]?["second"])
    #expect(first["turn"] == second["turn"] && first["record"] != second["record"])
    #expect(first["record"]?["slot"]?.string == "trend")
    #expect(try answer.json["types"]?["quote"]?["different"]?.integer == 0)
    #expect(try answer.json["types"]?["submit"]?["equal"]?.integer != nil)
    let text = try keel("journal", "diff", "a.journal", "b.journal", "--ignore-host")
    #expect(text.output.contains("differ, first at") && text.output.contains("only second"))
  }

  @Test func fillsBecomeATable() throws {
    let file = try keel(
      "journal", "export", "a.journal", "--format", "csv", "--type", "fill", "-o", "fills.csv",
      "--json")
    #expect(file.status == 0, "\(file.errors)")
    let text = String(
      decoding: try TemporaryDirectory.bytes(of: folder.file("fills.csv")), as: UTF8.self)
    let lines = text.components(separatedBy: "\r\n")
    let dump = try keel("journal", "dump", "a.journal", "--type", "fill")
    let fills = dump.output.split(separator: "\n").count
    #expect(fills > 3 && lines.count == fills + 2 && lines.last == "")
    #expect(try file.json["records"]?.integer == Int64(fills))
    #expect(lines[0].hasPrefix("seq,time,nanoseconds,instrument,slot,order,side,quantity,price,"))
    #expect(lines[1].contains(",BTCUSDT,trend,") || lines[1].contains(",ETHUSDT,watch,"))
    let stream = try keel("journal", "export", "a.journal", "--format", "csv", "--type", "fill")
    #expect(stream.output == text)
    // What is there is never overwritten.
    let again = try keel(
      "journal", "export", "a.journal", "--format", "csv", "--type", "fill", "-o", "fills.csv")
    #expect(again.status == 1 && again.errors.contains("fills.csv"), "\(again.errors)")
  }

  @Test func jsonLinesAreOneObjectEach() throws {
    let answer = try keel(
      "journal", "export", "a.journal", "--format", "ndjson", "--type", "quote", "--type", "order",
      "--slot", "trend")
    #expect(answer.status == 0, "\(answer.errors)")
    let values = try answer.output.split(separator: "\n").map { try JSONValue.parse(String($0)) }
    #expect(!values.isEmpty)
    #expect(values.allSatisfy { $0["type"]?.string == "order" && $0["slot"]?.string == "trend" })
  }

  @Test func aStretchOfTimeIsCutOut() throws {
    let all = try keel("journal", "dump", "a.journal", "--type", "quote", "--json")
    let times = try all.output.split(separator: "\n").map {
      try #require(try JSONValue.parse(String($0))["nanoseconds"]?.integer)
    }
    let (from, to) = (times[times.count / 3], times[times.count / 2])
    let part = try keel(
      "journal", "dump", "a.journal", "--type", "quote", "--from", "\(from)", "--to", "\(to)")
    let expected = times.count { $0 >= from && $0 < to }
    #expect(expected > 50 && part.output.split(separator: "\n").count == expected)
  }

  @Test(arguments: [
    ("export a.journal --format csv", 2, "--type"),
    ("export a.journal --format csv --type fill --type order", 2, "--type"),
    ("export a.journal --format csv --type fil", 2, "'fill'"),
    ("export a.journal --format xml", 2, "ndjson"), ("export a.journal", 2, "--format"),
    ("export a.journal --format csv --type fill --json", 2, "ndjson"),
    ("export a.journal --format ndjson --output none/x.ndjson", 1, "none/x.ndjson"),
    ("export none --format ndjson", 1, "none"),
    ("dump a.journal --from yesterday", 2, "yesterday"),
    ("dump a.journal --slot tren", 1, "\"trend\""), ("diff a.journal none", 1, "none"),
    ("diff a.journal strategies.json", 1, "it is a file"), ("diff a.journal", 2, "second"),
  ]) func whatCannotBeDoneSaysWhy(_ line: String, _ status: Int32, _ named: String) throws {
    let words = ["journal"] + line.split(separator: " ").map(String.init)
    let answer = try SpawnedKeel.run(words, in: folder)
    #expect(answer.status == status && answer.errors.contains(named), "\(answer.errors)")
  }

  @Test func anExportThatFailsLeavesNoFile() throws {
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("a.journal"))
        .first { $0.hasSuffix(".keel") })
    var bytes = try TemporaryDirectory.bytes(of: folder.file("a.journal/\(name)"))
    bytes[bytes.count / 2] ^= 0x40
    try folder.write("a.journal/\(name)", bytes)
    let answer = try keel(
      "journal", "export", "a.journal", "--format", "ndjson", "-o", "part.ndjson")
    #expect(answer.status == 1 && answer.errors.contains(name), "\(answer.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("part.ndjson")))
  }

  @Test func aFullDiskAndAClosedPipeAreNoSuccess() throws {
    let full = try shell("keel journal export a.journal --format ndjson >/dev/full; echo end $?")
    #expect(full.output.contains("No space left") && full.output.contains("end 1"))
    let limited = try shell(
      "ulimit -f 8; trap '' XFSZ; keel journal export a.journal --format ndjson -o b; echo end $?")
    #expect(limited.output.contains("cannot write to it") && limited.output.contains("end 1"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("b")))
    // However the shell treats the signal, the export ends, and says nothing but what was read.
    let closed = try shell("keel journal export a.journal --format ndjson 2>/dev/null | head -n 1")
    #expect(closed.output.hasPrefix("{\"seq\":"))
  }

  @Test func aLiveJournalIsFollowed() throws {
    let paper = try PaperKeel()
    let count = try paper.run(
      "journal", "dump", "run.journal", "--follow", "--type", "turn", "--limit", "60")
    #expect(count.status == 0 && count.output.split(separator: "\n").count == 60)
    let follower = try SpawnedKeel(
      ["journal", "dump", "run.journal", "--follow", "--type", "quote"],
      in: paper.fixture.folder)
    usleep(400_000)
    #expect(follower.isRunning)
    follower.send(signal: SIGINT)
    let answer = try follower.wait()
    #expect(answer.status == 0 && answer.output.contains("quote"), "\(answer.errors)")
  }
}
