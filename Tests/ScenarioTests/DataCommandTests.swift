import Foundation
import JSON
import Storage
import TestSupport
import Testing

@testable import Sessions

/// `keel data` as somebody with a folder of files uses it.
@Suite struct DataCommandTests {
  private let fixture: SessionFixture
  private var folder: TemporaryDirectory { fixture.folder }

  init() throws { fixture = try SessionFixture() }

  private func keel(_ arguments: String...) throws -> SpawnedKeel.Outcome {
    try SpawnedKeel.run(arguments, in: folder)
  }

  private let trades =
    "ts_ns,price,qty,side,trade_id\n"
    + (0..<500).map {
      "1700000\($0 + 100)000000000,40000.\($0 % 10)5,0.00\($0 % 9 + 1),buy,\($0)\n"
    }
    .joined()

  @Test func importedInfoHeadAndExportedAgain() throws {
    try folder.write("trades.csv", Array(trades.utf8))
    let made = try keel(
      "data", "import", "trades.csv", "-o", "t.tape", "--symbol", "BTCUSDT",
      "--venue", "sim", "--json")
    #expect(made.status == 0, "\(made.errors)")
    #expect(try made.json["rows"]?.integer == 500 && made.json["skipped"]?.integer == 0)
    #expect(made.errors.contains("tick 0.01, lot 0.001"), "\(made.errors)")
    let info = try keel("data", "info", "t.tape", "--json")
    #expect(try info.json["records"]?.integer == 500)
    #expect(try info.json["parts"]?.elements?.first?["type"]?.string == "trade")
    #expect(try keel("data", "info", "t.tape").output.contains("BTC/USDT, tick 0.01, lot 0.001"))
    let head = try keel("data", "head", "t.tape", "-n", "2", "--type", "trade")
    #expect(head.output.split(separator: "\n").count == 2 && head.output.contains("40000.05"))
    let tail = try keel("data", "head", "t.tape", "-n", "1", "--tail", "--json")
    #expect(try tail.json["trade"]?.integer == 499)
    #expect(try keel("data", "head", "t.tape", "--instrument", "BTCUSD").errors.contains("BTCUSDT"))
    #expect(try keel("data", "export", "t.tape", "-o", "again.csv").status == 0)
    let again = try keel("data", "import", "again.csv", "--like", "t.tape", "-o", "u.tape")
    #expect(again.status == 0, "\(again.errors)")
    let bytes = try TemporaryDirectory.bytes(of: folder.file("t.tape"))
    #expect(try TemporaryDirectory.bytes(of: folder.file("u.tape")) == bytes)
    let part = try keel(
      "data", "export", "t.tape", "--format", "ndjson", "--from", "1700000110000000000", "--to",
      "1700000120000000000")
    #expect(part.output.split(separator: "\n").count == 10)
    let twice = try keel("data", "import", "trades.csv", "-o", "t.tape", "--symbol", "BTCUSDT")
    #expect(twice.status == 1 && twice.errors.contains("exists already"))
  }

  /// What a session recorded, of several instruments and types, each type as a table and back.
  @Test(arguments: ["quote", "trade", "bar"]) func aRecordedTypeComesBackRecordForRecord(
    _ type: String
  ) throws {
    #expect(try keel("data", "generate", "day.tape", "--events", "3000").status == 0)
    let table = try keel("data", "export", "day.tape", "--type", type, "-o", "\(type).csv")
    #expect(table.status == 0, "\(table.errors)")
    let back = try keel("data", "import", "\(type).csv", "--like", "day.tape", "-o", "b.tape")
    #expect(back.status == 0, "\(back.errors)")
    let lines = try ["day.tape", "b.tape"].map {
      try keel("data", "export", $0, "--type", type, "--format", "ndjson").output
    }
    #expect(lines[0] == lines[1] && lines[0].contains("ETHUSDT") && lines[0].contains("BTCUSDT"))
  }

  /// Records of all types in one file of objects: the same tape again, byte for byte.
  @Test func recordsAsObjectsMakeTheSameTape() throws {
    #expect(try keel("data", "generate", "day.tape", "--events", "3000").status == 0)
    let lines = try keel("data", "export", "day.tape", "--format", "ndjson", "-o", "day.ndjson")
    #expect(lines.status == 0, "\(lines.errors)")
    let back = try keel("data", "import", "day.ndjson", "--like", "day.tape", "-o", "b.tape")
    #expect(back.status == 0, "\(back.errors)")
    let tapes = try ["day.tape", "b.tape"].map { try Tape(path: folder.file($0)) }
    let records = tapes.map { Array($0.records) }
    #expect(records[0] == records[1] && records[0].count > 100_000)
    let alone = try keel("data", "import", "day.ndjson", "--symbol", "X", "-o", "c.tape")
    #expect(alone.status == 2 && alone.errors.contains("--like"))
  }

  @Test func aConfiguredInstrumentIsTraded() throws {
    let bars =
      "timestamp_ms,open,high,low,close,volume\n"
      + (0..<300).map { "\(1_700_000_040_000 + $0 * 60_000),40000,40001,39999,40000,1\n" }.joined()
    try folder.write("bars.csv", Array(bars.utf8))
    let made = try keel("data", "import", "BTCUSDT=bars.csv", "ETHUSDT=bars.csv", "-o", "two.tape")
    #expect(made.status == 0 && made.output.contains("600 records"), "\(made.errors)")
    #expect(made.errors.contains("bars of 1m, kept at their close"))
    let run = try keel("backtest", "--tape", "two.tape", "--journal", "run.journal", "--json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try run.json["session"]?["events"]?.integer == 600)
  }

  @Test func whatIsWrongIsSaidWithItsPlace() throws {
    try folder.write("bad.csv", Array((trades + "1700000900000000000,x,1,buy,1\n").utf8))
    let bad = try keel("data", "import", "bad.csv", "-o", "b.tape", "--instrument", "BTCUSDT")
    #expect(bad.status == 1 && bad.errors.contains("bad.csv, line 502"), "\(bad.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("b.tape")))
    let kept = try keel(
      "data", "import", "bad.csv", "-o", "b.tape", "--instrument", "BTCUSDT", "--on-error", "skip")
    #expect(kept.status == 0 && kept.output.contains("1 skipped"), "\(kept.errors)")
    #expect(try keel("data", "import", "bad.csv", "-o", "c.tape").errors.contains("--symbol"))
    #expect(try keel("data", "import", "no.csv", "-o", "c.tape").status == 1)
    #expect(try keel("data", "import", "bad.csv").status == 2)
    let layout = try keel("data", "import", "bad.csv", "-o", "c.tape", "--format", "bar")
    #expect(layout.status == 2 && layout.errors.contains("bars"))
    let columns = try keel("data", "import", "bad.csv", "-o", "c.tape", "--columns", "tim=ts_ns")
    #expect(columns.status == 2 && columns.errors.contains("time"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(!names.contains { $0.contains("partial") })
  }

  @Test func aFolderThatIsNotThereIsNamedAsItWasGiven() throws {
    try folder.write("trades.csv", Array(trades.utf8))
    let lost = try keel("data", "import", "trades.csv", "-o", "no/t.tape", "--symbol", "BTCUSDT")
    #expect(lost.status == 1 && lost.errors.contains("no/t.tape: cannot create it: its directory"))
    #expect(!lost.errors.contains("partial"))
  }

  @Test func aSwapIsAskedForOrTold() throws {
    let rows = (0..<20).map {
      "deribit,BTC-PERPETUAL,\(1_700_000_000_000_000 + $0),\(1_700_000_000_000_001 + $0),\($0),buy,"
        + "40000.5,10\n"
    }
    let text = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n" + rows.joined()
    try folder.write("swap.csv", Array(text.utf8))
    let unclear = try keel("data", "import", "swap.csv", "-o", "s.tape")
    #expect(unclear.status == 2 && unclear.errors.contains("--kind inverse"), "\(unclear.errors)")
    let told = try keel("data", "import", "swap.csv", "-o", "s.tape", "--kind", "inverse")
    #expect(told.status == 0 && told.errors.contains("inverse, BTC/USD"), "\(told.errors)")
    let clear = try keel(
      "data", "import", "swap.csv", "-o", "l.tape", "--symbol", "BTC-USDT-SWAP")
    #expect(clear.status == 0 && clear.errors.contains("perpetual, BTC/USDT"), "\(clear.errors)")
  }

  @Test func aStoppedImportLeavesNothing() throws {
    var text = "ts,price,qty\n"
    for row in 0..<300_000 { text += "\(1_600_000_000 + row),1.5,2\n" }
    try folder.write("long.csv", Array(text.utf8))
    let running = try SpawnedKeel(
      ["data", "import", "long.csv", "-o", "long.tape", "--symbol", "BTCUSDT"], in: folder)
    usleep(150_000)
    running.send(signal: SIGINT)
    let outcome = try running.wait(seconds: 60)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(!names.contains { $0.contains("partial") }, "\(names)")
    if outcome.status != 0 {
      #expect(outcome.errors.contains("interrupted"), "\(outcome.errors)")
      #expect(!names.contains("long.tape"))
    }
  }
}
