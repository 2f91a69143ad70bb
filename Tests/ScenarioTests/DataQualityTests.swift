import Foundation
import JSON
import PluginABI
import PluginBridge
import Storage
import TestSupport
import Testing

/// Tapes made, checked, damaged and resampled by whole command lines.
@Suite struct DataQualityTests {
  private let folder = TemporaryDirectory()

  private func keel(_ line: String) throws -> SpawnedKeel.Outcome {
    try SpawnedKeel.run(line.split(separator: " ").map(String.init), in: folder)
  }

  private func expect(
    _ line: String, status: Int32 = 0, _ words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let answer = try keel(line)
    #expect(
      answer.status == status, "\(line): \(answer.output)\(answer.errors)",
      sourceLocation: sourceLocation)
    for word in words {
      #expect(
        (answer.output + answer.errors).contains(word), "\(line): \(answer.output)\(answer.errors)",
        sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: ["regimes", "book"]) func aMarketIsInventedAlikeAndClean(_ model: String) throws
  {
    let line = "data generate day.tape --model \(model) --seed 3 --events 6000"
    try expect(line, "day.tape")
    try expect(line.replacingOccurrences(of: "day", with: "again"))
    try expect(
      line.replacingOccurrences(of: "day", with: "other")
        .replacingOccurrences(of: "--seed 3", with: "--seed 4"))
    let bytes = try TemporaryDirectory.bytes(of: folder.file("day.tape"))
    #expect(try bytes == TemporaryDirectory.bytes(of: folder.file("again.tape")))
    #expect(try bytes != TemporaryDirectory.bytes(of: folder.file("other.tape")))
    try expect("data check day.tape --strict", "nothing found", "100.00 %")
    try expect("data info day.tape", "every block right")
    // What is there is never overwritten, and nothing else is left behind.
    try expect(line, status: 1, "exists")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.filter { $0.hasSuffix(".partial") }.isEmpty)
  }

  @Test func tradesBecomeBarsOfManyKinds() throws {
    try expect(
      "data generate day.tape --model regimes --events 9000 --symbol BTCUSDT --symbol ETHUSDT "
        + "--price 40000 --price 2500")
    let answer = try keel(
      "data resample day.tape -o bars.tape --bars time:1m --bars tick:50 --bars volume:2 "
        + "--bars notional:100000 --json")
    #expect(answer.status == 0, "\(answer.errors)")
    let bars = try #require(try answer.json["bars"]?.elements)
    #expect(
      bars.compactMap { $0["rule"]?.string }
        == ["time:1m", "tick:50", "volume:2", "notional:100000"])
    #expect(bars.allSatisfy { ($0["count"]?.integer ?? 0) > 10 })
    try expect("data check bars.tape --json")
    try expect(
      "data resample day.tape -o one.tape --bars time:5m --instrument ETHUSDT", "of time:5m")
    #expect(try Tape(path: folder.file("one.tape")).instruments.count == 1)
    // Minutes make the same five minutes as the trades.
    try expect(
      "data resample bars.tape -o five.tape --bars time:5m --from bars --instrument ETHUSDT")
    #expect(try Self.closes("one.tape", folder) == Self.closes("five.tape", folder))
    try expect("data resample day.tape -o quotes.tape --bars time:1m --from quotes")
    try expect("data check quotes.tape", "bar without volume", "0 errors, 0 warnings")
  }

  private static func closes(_ name: String, _ folder: TemporaryDirectory) throws -> [[Int64]] {
    let tape = try Tape(path: folder.file(name))
    return withExtendedLifetime(tape) {
      RecordReader(tape.records).compactMap { $0.cast(to: keel_ev_bar.self)?.pointee }
    }.map { [$0.h.ts_venue, $0.open, $0.high, $0.low, $0.close, $0.volume] }
  }

  @Test func barsOfAnInventedMarketStandOnItsTape() throws {
    try expect("data generate day.tape --model regimes --events 5000 --bars time:1m")
    try expect("data resample day.tape -o bars.tape --bars time:1m --from trades")
    let made = try Self.closes("bars.tape", folder)
    let tape = try Tape(path: folder.file("day.tape"))
    let there = withExtendedLifetime(tape) {
      RecordReader(tape.records).filter { $0.type == KEEL_EV_BAR }.count
    }
    #expect(there > 20 && there == made.count - 1, "all but the one that is not complete")
    try expect("data check day.tape --strict", "bars 1m", "nothing found")
  }

  /// Copies the records that `change` lets through, changed.
  private func damage(
    _ from: String, _ to: String, _ change: (Int, inout keel_ev_trade) -> Int
  ) throws {
    let tape = try Tape(path: folder.file(from))
    let writer = try TapeWriter(
      path: folder.file(to), instruments: tape.instruments, created: tape.created)
    var trades = 0
    for record in RecordReader(tape.records) {
      guard record.type == KEEL_EV_TRADE,
        var trade = record.cast(to: keel_ev_trade.self)?.pointee
      else {
        try writer.append(record.bytes)
        continue
      }
      trades += 1
      for _ in 0..<change(trades, &trade) {
        try withUnsafeBytes(of: trade) { try writer.append($0) }
      }
    }
    try writer.finish()
    withExtendedLifetime(tape) {}
  }

  @Test func damageIsFoundAndEndsWithOne() throws {
    try expect("data generate day.tape --model regimes --events 6000")
    try damage("day.tape", "bad.tape") { number, trade in
      if number == 300 { trade.px = 0 }
      if number == 400 { trade.px *= 2 }
      return number == 500 ? 2 : 1
    }
    try expect(
      "data check bad.tape", status: 1, "price not above zero", "trade id twice", "bad print",
      "2 errors, 1 warning")
    let json = try keel("data check bad.tape --json")
    #expect(json.status == 1)
    #expect(try json.json["errors"]?.integer == 2 && json.json["warnings"]?.integer == 1)
    let kinds = try json.json["findings"]?.elements?.compactMap { $0["kind"]?.string }
    #expect(kinds == ["duplicateTrade", "badPrice", "badPrint"])
    try damage("day.tape", "odd.tape") { number, trade in
      if number == 400 { trade.px *= 2 }
      return 1
    }
    try expect("data check odd.tape", "0 errors, 1 warning")
    try expect("data check odd.tape --strict", status: 1)
  }

  @Test func twoSourcesAreCompared() throws {
    try expect("data generate day.tape --model regimes --events 9000")
    try expect("data check day.tape --against day.tape", "1.0000", "nothing found")
    try damage("day.tape", "other.tape") { number, trade in
      if (1_000..<1_050).contains(number) { trade.px = trade.px / 100 * 102 }
      return (500..<700).contains(number) ? 0 : 1
    }
    try expect(
      "data check day.tape --against other.tape --interval 30s", "bar only here", "prices differ")
    let json = try keel("data check day.tape --against other.tape --tolerance 1000 --json")
    let pair = try #require(try json.json["against"]?["instruments"]?.elements?.first)
    #expect(pair["different"]?.integer == 0 && pair["onlyHere"]?.integer ?? 0 > 3)
    try expect(
      "data generate later.tape --model regimes --events 900 --start 2025-01-01T00:00:00Z")
    try expect("data check day.tape --against later.tape", status: 1, "at the same time")
  }

  @Test(arguments: [
    ("data generate x.tape --seed 3", "goes with --model"),
    ("data generate x.tape --model regime", "regimes"),
    ("data generate x.tape --model book --step 5", "no length of time"),
    ("data generate x.tape --model book --correlation 2", "0 to 1"),
    ("data generate x.tape --model book --tick 0", "no step"),
    ("data generate x.tape --model book --price 0.05", "100"),
    ("data generate x.tape --model book --price 1 --price 2", "more prices"),
    ("data generate x.tape --model book --symbol A --symbol A", "twice"),
    ("data generate x.tape --model book --bars minute", "time:1m"),
    ("data check day.tape --interval 1m", "goes with --against"),
    ("data check day.tape --max-gap long", "no length of time"),
    ("data resample day.tape -o x.tape", "is missing"),
    ("data resample day.tape --bars time:1m", "--output"),
    ("data resample day.tape -o x.tape --bars time:0m", "time:1m"),
    ("data resample day.tape -o x.tape --bars volume:0.000001", "no amount"),
    ("data resample day.tape -o x.tape --bars volume:5 --from quotes", "cannot be made of quotes"),
    ("data resample day.tape -o x.tape --bars tick:5 --from bars", "cannot be made of bars"),
    ("data resample day.tape -o x.tape --bars tick:5 --instrument BTCUSD", "BTCUSDT"),
  ]) func aWrongLineSaysWhatIsRight(_ line: String, _ word: String) throws {
    try expect("data generate day.tape --model regimes --events 500")
    try expect(line, status: 2, word)
    #expect(!FileManager.default.fileExists(atPath: folder.file("x.tape")))
  }

  @Test func whatCannotBeMadeLeavesNothing() throws {
    try expect("data generate day.tape --model regimes --events 500")
    try expect("data resample day.tape -o x.tape --bars time:1m --from bars", status: 1, "no bar")
    try expect("data resample none.tape -o x.tape --bars time:1m", status: 1, "none.tape")
    try expect("data check none.tape", status: 1, "none.tape")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.filter { $0.contains("x.tape") }.isEmpty)
  }

  @Test func anInterruptionLeavesNothing() throws {
    let run = try SpawnedKeel(
      ["data", "generate", "long.tape", "--model", "book", "--events", "2000000000"], in: folder)
    let deadline = Date(timeIntervalSinceNow: 20)
    while try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .allSatisfy({ !$0.hasPrefix("long.tape.") })
    {
      try #require(Date() < deadline)
      usleep(10_000)
    }
    run.send(signal: SIGINT)
    let answer = try run.wait()
    #expect(answer.status == 1 && answer.errors.contains("interrupted"), "\(answer.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.filter { $0.contains("long.tape") }.isEmpty)
  }
}
