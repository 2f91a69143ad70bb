import Foundation
import Market
import PluginABI
import PluginBridge
import TestSupport
import Testing

@testable import MarketFiles

/// Changed files, plain and packed: read or refused, never a crash, and a number that is read is
/// the number that is written there.
@Suite struct MarketFileFuzz {
  private let bench = ImportBench()
  private let words = [
    ",", "\n", "\r\n", "\"", "1e5", "-", ".", "NaN", "0.00", "99999999999999999999", "\u{0}", ";",
    "1700000000", "buy", "true", "2025-01-01", "e", "+", " ", "\u{FEFF}",
  ]
  private let samples = [
    "time,price,qty,side,id\n1700000000,100.25,1.5,buy,7\n1700000001,101,2,sell,8\n",
    "timestamp_ms,open,high,low,close,volume\n1700000040000,1,2,0.5,1.5,10\n"
      + "1700000100000,1.5,1.5,1.5,1.5,0\n",
    "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n"
      + "x,B,1700000000000000,1700000000000001,true,ask,101,1\n"
      + "x,B,1700000000000100,1700000000000101,false,bid,100,3\n",
    "local_ts_ns,bid,bid_qty,ask,ask_qty\n1700000000000000000,1.5,2,1.6,3\n",
  ]

  @Test func changedTextsAreReadOrRefused() throws {
    var read = 0
    try FuzzRound.run("MarketFileFuzz", usual: 400, share: 4) { round in
      var bytes = Array(round.pick(samples).utf8)
      round.rewrite(&bytes, with: words)
      var options = MarketFileOptions()
      options.skipsWrongRows = round.chance(2)
      options.allowsAnyOrder = round.chance(2)
      do {
        let records = try bench.records(bytes, "changed.csv", options)
        read += 1
        records.withRecords { reader in
          for record in reader {
            #expect(record.time.nanoseconds >= 0, "\(round)")
            if let trade = Trade(record) {
              #expect(trade.price.mantissa > 0 && trade.raw.pointee.qty > 0, "\(round)")
            }
          }
        }
      } catch let error as MarketFileError {
        #expect(!error.message.isEmpty && !error.remedy.isEmpty, "\(round)")
      }
    }
    #expect(read > 0)
  }

  /// Numbers of every length and form, against the decimals that people trust.
  @Test func everyNumberIsExactOrRefused() throws {
    try FuzzRound.run("MarketFileFuzz", usual: 300, share: 4) { round in
      var text = round.chance(8) ? "-" : ""
      for _ in 0..<round.number(0..<(round.chance(4) ? 22 : 8)) {
        text += round.chance(3) ? "0" : "\(round.number(0..<10))"
      }
      if round.chance(2) {
        text += "."
        for _ in 0..<round.number(0..<(round.chance(4) ? 22 : 6)) {
          text += round.chance(2) ? "0" : "\(round.number(0..<10))"
        }
      }
      if round.chance(6), text.contains(where: \.isNumber) { text += "e\(round.number(-12..<12))" }
      let decimals = round.number(0..<10)
      let row = ImportBench.instrument(
        price: Int8(-decimals), quantity: Int8(-decimals), kind: KEEL_KIND_FUTURE)
      var expected: Int64?
      let exact = NSDecimalNumber(string: text).decimalValue * pow(10, decimals)
      if !exact.isNaN, text.contains(where: \.isNumber) { expected = Self.whole(exact) }
      let file = "time,price,qty\n1700000000,\(text),1\n"
      do {
        let trades = ImportBench.trades(
          try bench.records(Array(file.utf8), table: [row]))
        #expect(trades.count == 1 && trades[0].px == expected, "\(text) at \(decimals): \(round)")
      } catch is MarketFileError {
        // What fits in eighteen digits, and is a number, is never refused.
        let isSmall = expected.map { abs($0) < 1_000_000_000_000_000_000 } ?? false
        let isPlain = Int(text.first { $0.isNumber } == nil ? 0 : 1) == 1 && text.count <= 18
        #expect(!(isSmall && isPlain), "\(text) at \(decimals): \(round)")
      }
    }
  }

  private static func whole(_ decimal: Decimal) -> Int64? {
    var (value, rounded) = (decimal, Decimal())
    NSDecimalRound(&rounded, &value, 0, .plain)
    return rounded == value ? Int64("\(rounded)") : nil
  }

  @Test func changedPackedFilesAreReadOrRefused() throws {
    let rows = (0..<3_000).map { "\(1_700_000_000 + $0),\($0 % 7 + 1).25,\($0 + 1)\n" }
    let plain = try bench.folder.write("rows.csv", Array(("time,price,qty\n" + rows.joined()).utf8))
    try ToolRun.require(["gzip", "-n", "-k", plain])
    let packed = try TemporaryDirectory.bytes(of: plain + ".gz")
    let whole = try bench.read(paths: [plain]).trades
    var refused = 0
    try FuzzRound.run("MarketFileFuzz", usual: 150, share: 10) { round in
      var bytes = packed
      round.change(&bytes)
      if round.chance(4) { bytes.removeLast(round.number(0..<bytes.count)) }
      do {
        let trades = ImportBench.trades(try bench.records(bytes, "changed.csv.gz"))
        #expect(trades.map(\.px) == whole.map(\.px), "\(round)")
      } catch let error as MarketFileError {
        refused += 1
        #expect(!error.remedy.isEmpty, "\(round)")
      }
    }
    #expect(refused > 0)
  }

  /// The fast reader and the careful one read the same, wherever the window ends.
  @Test func longFilesAreReadAsShortOnes() throws {
    try FuzzRound.run("MarketFileFuzz", usual: 6, share: 100) { round in
      var text = "time,price,qty,side\n"
      var expected: [Int64] = []
      for index in 0..<20_000 {
        let price = Int64(round.number(1..<10_000_000))
        expected.append(price)
        let written = DecimalText.format(price, exponent: -2)
        let field = round.chance(50) ? "\"\(written)\"" : written
        text += "\(1_700_000_000 + index),\(field),1,\(round.chance(2) ? "buy" : "SELL")"
        text += round.chance(3) ? "\r\n" : "\n"
      }
      let trades = ImportBench.trades(try bench.records(Array(text.utf8)))
      #expect(trades.map(\.px) == expected, "\(round)")
    }
  }
}
