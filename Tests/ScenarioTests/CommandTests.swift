import Foundation
import JSON
import TestSupport
import Testing

@testable import Sessions

/// Whole command lines without a running session: files in, files and exit codes out.
@Suite struct CommandTests {
  private let fixture: SessionFixture
  private var folder: TemporaryDirectory { fixture.folder }

  init() throws { fixture = try SessionFixture() }

  private func keel(_ arguments: String...) throws -> SpawnedKeel.Outcome {
    try SpawnedKeel.run(arguments, in: folder)
  }

  @Test func twoProcessesWriteTheSameJournal() throws {
    for name in ["a", "b"] {
      let run = try keel("backtest", "--events", "1500", "--journal", "\(name).journal")
      #expect(run.status == 0, "\(run.errors)")
    }
    let first = try TradingTests.bytes(of: folder.file("a.journal"))
    #expect(try first == TradingTests.bytes(of: folder.file("b.journal")))
    #expect(first.count > 100_000)
    // A journal is never written over.
    let again = try keel("backtest", "--events", "10", "--journal", "a.journal")
    #expect(again.status == 1 && again.errors.contains("a.journal"))
  }

  @Test func aTapeIsMadeDescribedAndTraded() throws {
    #expect(try keel("data", "generate", "day.tape", "--events", "2000").status == 0)
    let info = try keel("data", "info", "day.tape", "--json")
    #expect(info.status == 0)
    let records = try #require(try info.json["records"]?.integer)
    #expect((2_000...2_010).contains(records))
    let run = try keel("backtest", "--tape", "day.tape", "--journal", "tape.journal", "--json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try run.json["session"]?["events"]?.integer == records)
    let plain = try keel("backtest", "--events", "2000", "--journal", "plain.journal")
    #expect(plain.status == 0)
    let facts = try JournalFacts(folder.file("plain.journal"))
    #expect(facts.orders.count > 20)
    #expect(try JournalFacts(folder.file("tape.journal")) == facts)
    #expect(try keel("data", "generate", "day.tape").status == 1)
  }

  @Test func aJournalIsVerifiedDumpedAndReplayed() throws {
    #expect(try keel("backtest", "--events", "1000", "--journal", "run.journal").status == 0)
    let verified = try keel("journal", "verify", "run.journal", "--json")
    #expect(verified.status == 0)
    #expect(try verified.json["tail"]?.string == "its end is whole")
    let replay = try keel("journal", "replay", "run.journal")
    #expect(replay.status == 0 && replay.output.contains("every output byte equal"))
    let dump = try keel(
      "journal", "dump", "run.journal", "--type", "fill", "--limit", "3", "--json")
    let lines = dump.output.split(separator: "\n")
    #expect(lines.count == 3)
    for line in lines { #expect(try JSONValue.parse(String(line))["type"]?.string == "fill") }
    #expect(try keel("journal", "dump", "run.journal", "--type", "fil").status == 2)
  }

  @Test func aDamagedJournalIsNamedWithThePlace() throws {
    #expect(try keel("backtest", "--events", "1000", "--journal", "run.journal").status == 0)
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("run.journal")).sorted().first
    )
    var bytes = try TemporaryDirectory.bytes(of: folder.file("run.journal/\(name)"))
    bytes[bytes.count / 2] ^= 0x40
    try folder.write("run.journal/\(name)", bytes)
    for command in ["verify", "replay", "dump"] {
      let answer = try keel("journal", command, "run.journal")
      #expect(answer.status == 1 && answer.errors.contains(name), "\(command): \(answer.errors)")
    }
    #expect(try keel("journal", "verify", "nothing").status == 1)
    for path in ["strategies.json", "run.journal/\(name)"] {
      for command in ["verify", "replay", "dump"] {
        let answer = try keel("journal", command, path)
        #expect(answer.status == 1 && answer.errors.contains("it is a file"), "\(answer.errors)")
      }
    }
  }

  @Test func theDemoElsewhereNamesWhatItNeeds() throws {
    let answer = try keel("demo")
    #expect(answer.status == 3 && answer.output.isEmpty)
    #expect(answer.errors.contains("make demo") && answer.errors.contains("source checkout"))
    #expect(answer.errors.contains(".build/plugins/sma_crossover_2.so"))
  }

  /// As a machine that lost power leaves it: cut anywhere, it is whole up to there.
  @Test(arguments: [0.3, 0.5, 0.77]) func aTornJournalIsWholeUpToItsEnd(_ share: Double) throws {
    #expect(try keel("backtest", "--events", "600", "--journal", "run.journal").status == 0)
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("run.journal"))
        .first { $0.hasSuffix(".keel") })
    let bytes = try TemporaryDirectory.bytes(of: folder.file("run.journal/\(name)"))
    let kept = Int(Double(bytes.count) * share)
    try folder.write("run.journal/\(name)", Array(bytes.prefix(kept)))
    // What was sealed before does not go missing unnoticed.
    let sealed = try keel("journal", "verify", "run.journal")
    #expect(sealed.status == 1 && sealed.errors.contains(name), "\(sealed.errors)")
    let seals = try FileManager.default.contentsOfDirectory(atPath: folder.file("run.journal"))
      .filter { $0.hasSuffix(".seal") }
    #expect(seals.count == 1)
    for seal in seals {
      try FileManager.default.removeItem(atPath: folder.file("run.journal/\(seal)"))
    }
    let verified = try keel("journal", "verify", "run.journal")
    #expect(verified.status == 0 && verified.output.contains("torn end"), "\(verified.output)")
    let replay = try keel("journal", "replay", "run.journal", "--json")
    #expect(replay.status == 0, "\(replay.errors)")
    #expect(try replay.json["turns"]?.integer ?? 0 > 50)
  }

  @Test func aDamagedTapeIsRefused() throws {
    #expect(try keel("data", "generate", "day.tape", "--events", "2000").status == 0)
    let whole = try TemporaryDirectory.bytes(of: folder.file("day.tape"))
    var flipped = whole
    flipped[whole.count / 2] ^= 1
    try folder.write("flipped.tape", flipped)
    try folder.write("half.tape", Array(whole.prefix(whole.count / 2)))
    try folder.write("text.tape", Array("bid,ask\n1,2\n".utf8))
    for name in ["half.tape", "text.tape", "none.tape"] {
      for arguments in [["data", "info", name], ["backtest", "--tape", name]] {
        let answer = try SpawnedKeel.run(arguments, in: folder)
        #expect(answer.status == 1 && answer.errors.contains(name), "\(arguments)")
      }
    }
    #expect(try keel("data", "info", "flipped.tape").status == 1)
  }

  @Test(arguments: [
    (#""fast": 3"#, #""fast": 0"#, "1 to 10000", 3), (#""fast": 3"#, #""fats": 3"#, "fast", 3),
    (#""fast": 3"#, #""fast": "three""#, "whole number", 3),
    (#""fast": 3"#, #""fast": 9"#, "below slow", 1),
    (#""instruments": ["ETHUSDT"] }"#, #""instruments": ["ETHUSD"] }"#, "ETHUSDT", 3),
    (#""version": "1.0.0""#, #""version": "7.0.0""#, "7.0.0", 3),
    ("test.watcher", "test.wacther", "test.watcher", 3),
    (#""strategies""#, #""strategy""#, "strategies", 3),
  ]) func aWrongConfigurationSaysWhatIsRight(
    _ old: String, _ new: String, _ named: String, _ status: Int32
  ) throws {
    let text = fixture.configurationText { text in
      #expect(text.contains(old))
      text = text.replacingOccurrences(of: old, with: new)
    }
    try folder.write("bad.json", Array(text.utf8))
    let answer = try keel("backtest", "--config", "bad.json", "--events", "10")
    #expect(answer.status == status && answer.errors.contains(named), "\(answer.errors)")
  }

  @Test func configurationsAreChecked() throws {
    #expect(try keel("config", "check").status == 0)
    try folder.write("bad.json", Array("{ \"session\": { \"name\": 7 } }".utf8))
    let bad = try keel("config", "check", "bad.json", "--json")
    #expect(bad.status == 3)
    #expect(try bad.json["error"]?["details"]?.elements?.isEmpty == false)
    #expect(try keel("config", "check", "none.json").status == 3)
  }

  @Test func pluginsAreListedAndDescribed() throws {
    let list = try keel("plugin", "list", "--json")
    #expect(list.status == 0)
    #expect(try list.json["plugins"]?.elements?.count == 4)
    try folder.write("plugins/broken.so", Array("not a library".utf8))
    let broken = try keel("plugin", "list", "--json")
    #expect(try broken.json["refused"]?.elements?.count == 1)
    #expect(try broken.json["plugins"]?.elements?.count == 4)
    let info = try keel("plugin", "info", "dev.keel.sma-crossover", "--json")
    let parameters = try #require(try info.json["parameters"]?.elements)
    #expect(parameters.compactMap { $0["name"]?.string } == ["fast", "slow", "quantity", "follow"])
    #expect(try keel("plugin", "info", "plugins/watcher.so").status == 0)
    #expect(try keel("plugin", "info", "plugins/broken.so").status == 4)
    #expect(try keel("plugin", "info", "dev.keel.sma-crosover").status == 3)
  }

  @Test func aCommandLineThatIsWrongEndsWithTwo() throws {
    #expect(try keel("backtes").status == 2)
    #expect(try keel("backtest", "--evnts", "5").status == 2)
    #expect(try keel("backtest", "--events", "many").status == 2)
    #expect(try keel("paper", "--speed", "fast").status == 2)
  }
}
