import Market
import PluginABI
import PluginBridge
import TestSupport
import Testing

@testable import MarketFiles

/// Rows in all the forms that files have, and those that no file should have.
@Suite struct RowTests {
  let bench = ImportBench()
  private let header = "ts_ns,price,qty,side,trade_id\n"

  @Test(arguments: [
    "1700000000000000000,100.25,1.5,buy,7\n", "1700000000000000000,100.25,1.5,buy,7",
    "1700000000000000000,100.25,1.5,buy,7\r\n", "\n1700000000000000000,100.250,1.500,BUY,7\n\n",
    "\"1700000000000000000\",\"100.25\",\"1.5\",\"buy\",\"7\"\n",
    " 1700000000000000000 , 100.25 ,1.5,\tbuy ,7\r\n", "1.7e18,1.0025e2,15E-1,b,7\n",
    "1700000000000000000,+100.25,01.50,Buy,7\n", "1700000000000000000,100.25000000000000,1.5,b,7",
  ]) func oneTradeInManyForms(_ row: String) throws {
    let trades = try bench.read([header + row]).trades
    try #require(trades.count == 1)
    #expect(trades[0].h.ts_recv == 1_700_000_000_000_000_000)
    #expect(trades[0].px == 10_025 && trades[0].qty == 1_500)
    #expect(trades[0].trade_id == 7 && trades[0].side == UInt8(KEEL_BUY))
  }

  @Test func aByteOrderMarkAndOtherSeparatorsAreRead() throws {
    for separator in [",", ";", "\t", "|"] {
      let row = ["1700000000", "100.25", "1.5"].joined(separator: separator)
      let names = ["time", "price", "qty"].joined(separator: separator)
      #expect(try bench.read(["\u{FEFF}\(names)\r\n\(row)\n"]).trades.map(\.px) == [10_025])
    }
  }

  @Test(arguments: [
    ("1700000000000000000,x,1,buy,7", ", line 2, column \"price\": 'x' is no number"),
    ("1700000000000000000,NaN,1,buy,7", ", line 2, column \"price\": 'NaN' is no number"),
    ("1700000000000000000,inf,1,buy,7", ", line 2, column \"price\": 'inf' is no number"),
    ("1700000000000000000,,1,buy,7", ", line 2, column \"price\": it is empty"),
    ("1700000000000000000,-1,1,buy,7", ", line 2, column \"price\": '-1' is not above zero"),
    ("1700000000000000000,0.00,1,buy,7", ", line 2, column \"price\": '0.00' is not above zero"),
    ("1700000000000000000,1,-0.5,buy,7", ", line 2, column \"qty\": '-0.5' is negative"),
    ("1700000000000000000,1,0,buy,7", ", line 2: its quantity is not above zero"),
    (
      "1700000000000000000,1.001,1,buy,7",
      ", line 2, column \"price\": the price '1.001' is no multiple of the tick 0.01"
    ),
    (
      "1700000000000000000,1e30,1,buy,7",
      ", line 2, column \"price\": the price '1e30' is too large to be counted in steps "
        + "of the tick 0.01"
    ),
    (
      "1700000000000000000,92233720368547758.08,1,buy,7",
      ", line 2, column \"price\": '92233720368547758.08' has more digits than fit"
    ),
    ("1700000000000000000,1,1,up,7", ", line 2: its side is neither buy nor sell"),
    ("1700000000000000000,1,1,buy", ", line 2: 4 fields, expected 5"),
    ("1700000000000000000,1,1,buy,7,8", ", line 2: 6 fields, expected 5"),
    (
      "1700000000000000000,\"1,1,buy,7",
      ", line 2: a quote is not closed on its line, or text follows it"
    ),
    ("-5,1,1,buy,7", ", line 2, column \"ts_ns\": '-5' is not from 1970 to 2200"),
    (
      "7900000000000000000,1,1,buy,7",
      ", line 2, column \"ts_ns\": '7900000000000000000' is not from 1970 to 2200"
    ),
    ("1700000000000000000,1\u{0},1,buy,7", ", line 2, column \"price\": '1?' is no number"),
  ]) func aWrongRowIsNamed(_ row: String, _ said: String) throws {
    #expect(try bench.refusal(header + row + "\n") == said)
  }

  @Test func rowsBehindTheFirstAreCounted() throws {
    let good = "1700000000000000000,1,1,buy,7\r\n"
    let text = header + good + "\n" + good + good + "1700000000000000000,a,1,buy,7\n"
    #expect(try bench.refusal(text) == ", line 6, column \"price\": 'a' is no number")
    var options = MarketFileOptions()
    options.skipsWrongRows = true
    let outcome = try bench.read([text + good], options)
    #expect(outcome.trades.count == 4 && outcome.report.rowsSkipped == 1)
    #expect(outcome.report.rows == 4 && outcome.report.firstSkipped.map(\.line) == [6])
  }

  @Test func whatIsFinerIsRoundedWhereThatIsWanted() throws {
    let text =
      header + "1700000000000000000,1.0049999999999999,0.0061909999999999995,buy,7\n"
      + "1700000000000000001,1.005,0.0065,sell,7\n1700000000000000002,1.015,0.00650000001,b,7\n"
    #expect(
      try bench.refusal(text).contains("'1.0049999999999999' is no multiple of the tick 0.01"))
    var options = MarketFileOptions()
    options.roundsFineNumbers = true
    let outcome = try bench.read([text], options)
    #expect(outcome.trades.map(\.px) == [100, 100, 102])
    #expect(outcome.trades.map(\.qty) == [6, 6, 7] && outcome.report.numbersRounded == 6)
  }

  @Test func timesAreOfOneUnit() throws {
    func text(_ times: String...) -> String {
      "time,price,qty\n" + times.map { "\($0),1,1\n" }.joined()
    }
    for time in [
      "1735689600", "1735689600000", "1735689600000000", "1735689600000000000",
      "2025-01-01T00:00:00Z", "2025-01-01 00:00:00", "2025-01-01", "2025-01-01T02:00:00+02:00",
      "1735689600.000", "2025/01/01 00:00:00.000000000",
    ] {
      let found = try bench.read([text(time)]).records.map(\.time.nanoseconds)
      #expect(found == [1_735_689_600_000_000_000], "\(time)")
    }
    #expect(
      try bench.refusal(text("1735689599999", "1735689600000000"))
        == ", line 3, column \"time\": '1735689600000000' looks like microseconds, and the rows "
        + "before are in milliseconds")
    #expect(
      try bench.refusal(text("1735689599999", "1735689600"))
        == ", line 3, column \"time\": '1735689600' looks like seconds, and the rows before are "
        + "in milliseconds")
    #expect(try bench.refusal(text("2025-01-01", "2025-02-30")).contains("'2025-02-30' is no time"))
    #expect(try bench.refusal(text("2025-01-01", "1969-12-31")).contains("is no time"))
  }

  @Test func rowsOutOfOrderAreRefusedOrSorted() throws {
    let text =
      "time,price,qty\n"
      + [5, 3, 3, 9, 1].enumerated().map {
        "170000000\($0.element),1,\($0.offset + 1)\n"
      }.joined()
    let said = try bench.refusal(text)
    #expect(said.hasPrefix(", line 3: its time 2023-11-14T22:13:23.000Z is before"), "\(said)")
    var options = MarketFileOptions()
    options.allowsAnyOrder = true
    #expect(try bench.read([text], options).trades.map(\.qty) == [5000, 2000, 3000, 1000, 4000])
    options.allowsAnyOrder = false
    options.skipsWrongRows = true
    let kept = try bench.read([text], options)
    #expect(kept.trades.map(\.qty) == [1000, 4000] && kept.report.rowsSkipped == 3)
  }

  @Test func whatIsNoTextOfRowsIsNamed() throws {
    #expect(try bench.refusal("").contains("the file is empty"))
    #expect(try bench.refusal("\n\n  \n").contains("it has no rows"))
    #expect(try bench.refusal("PK\u{3}\u{4}rest").contains("zip archive is damaged: it has no"))
    #expect(try bench.refusal("PAR1....").contains("a Parquet file"))
    #expect(try bench.refusal("ab\u{1}c,d\n").contains("the byte 0x1"))
    #expect(try bench.refusal("a,b,c\n1,2,3\n").contains("have no time that is known"))
    #expect(try bench.refusal("timestamp,percentage,depth,notional\n").contains("bookDepth"))
    #expect(try bench.refusal("1,2\n").contains("it has no header"))
    let long = "time,price,qty\n1700000000,1,1" + String(repeating: "0", count: 300_000) + "\n"
    #expect(try bench.refusal(long) == ", line 2: the line is longer than 256 KiB")
    let wide = "time,price,qty\n1700000000,1,\"" + String(repeating: "0", count: 99_000) + "1\"\n"
    #expect(try bench.read([wide]).trades.map(\.qty) == [1000])
  }

  @Test func nothingIsLeftOfATapeThatFails() throws {
    #expect(try bench.refusal(header + "1700000000000000000,x,1,buy,7\n") != "")
    let names = try ToolRun.require(["ls", bench.folder.path])
    #expect(!names.contains("tape"), "\(names)")
  }
}
