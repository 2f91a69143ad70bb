import Foundation
import PluginABI
import PluginBridge
import TestSupport
import Testing

@testable import MarketFiles

/// Files as vendors publish them, all of them.
@Suite(
  .enabled(
    if: SharedMarketData.isPresent,
    "no market data in the shared folder; KEEL_SHARED_DATA says where they are"))
struct SharedMarketDataTests {
  private let bench = ImportBench()

  private func read(_ path: String) throws -> ImportBench.Outcome {
    let full = "\(SharedMarketData.folder)/\(path)"
    let file = try MarketFile(path: full, MarketFileOptions())
    var finest = try file.finestDecimals()
    var options = MarketFileOptions()
    // Two of them are written from binary numbers.
    options.roundsFineNumbers = finest.quantity > 15
    if options.roundsFineNumbers { finest.quantity = 8 }
    let row = ImportBench.instrument(
      price: Int8(-finest.price), quantity: Int8(-finest.quantity))
    return try bench.read(paths: [full], options, table: [row])
  }

  @Test func tradesOfADay() throws {
    let outcome = try read("trades/BINANCE_XRPETH_trades_2019-10-11.csv")
    let trades = outcome.trades
    #expect(trades.count == 5_929 && outcome.report.rows == 5_929)
    #expect(trades[0].h.ts_recv == 1_570_752_011_620_000_000 && trades[0].px == 141_342)
    #expect(trades[0].qty == 23 && trades[0].trade_id == 13_519_807)
    #expect(trades[0].side == UInt8(KEEL_SELL))
  }

  /// Everything but what is no record of keel is read, row for row.
  @Test(arguments: SharedMarketData.files) func everyFileIsRead(_ path: String) throws {
    guard !path.contains("quotebars"), !path.contains("corporate_actions") else {
      #expect(throws: MarketFileError.self) { try read(path) }
      return
    }
    let text = try String(
      contentsOfFile: "\(SharedMarketData.folder)/\(path)", encoding: .utf8)
    let lines = text.split(separator: "\n").count
    let hasHeader = text.first?.isNumber == false
    let outcome = try read(path)
    #expect(outcome.report.rows == lines - (hasHeader ? 1 : 0))
    #expect(outcome.report.rowsSkipped == 0 && outcome.report.records >= outcome.report.rows)
    if path.contains("_1m_"), path.hasPrefix("ohlcv") {
      #expect(Set(outcome.bars.map(\.interval)) == [60_000_000_000])
    }
  }
}

/// Where vendors' files are, when they are there.
enum SharedMarketData {
  /// Beside the package, or where KEEL_SHARED_DATA says.
  static let folder: String = {
    let place = ProcessInfo.processInfo.environment["KEEL_SHARED_DATA"]
    return (place ?? "\(CPluginCompiler.root)/../shared/data") + "/market"
  }()
  static let isPresent = FileManager.default.fileExists(atPath: "\(folder)/trades")
  static let files: [String] =
    (FileManager.default.enumerator(atPath: folder)?.allObjects ?? [])
    .compactMap { $0 as? String }.filter { $0.hasSuffix(".csv") }.sorted()
}
