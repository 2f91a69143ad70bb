import Foundation
import Market
import MarketHistory
import PluginBridge
import TestSupport

/// Trades of a venue as they were recorded, and bars that other programs made of them.
enum RecordedTrades {
  /// Beside the package, or where KEEL_SHARED_DATA says.
  static let folder: String = {
    let place = ProcessInfo.processInfo.environment["KEEL_SHARED_DATA"]
    return place ?? "\(CPluginCompiler.root)/../shared/data"
  }()
  static let isPresent = FileManager.default.fileExists(atPath: "\(folder)/golden/README.md")
  static let absence = "there are no recorded trades in \(folder); KEEL_SHARED_DATA says where"

  /// Every number at exponent -8.
  static let exponent = -8
  static let instrument: Instrument = InstrumentDefinition.numbers(
    of: MarketRecords.definition(tick: 1, lot: 1, px: -8, qty: -8))!

  struct Print: Sendable {
    let time: Timestamp
    let price: Int64
    let quantity: Int64
    let side: Side?
  }

  static func rows(_ path: String) throws -> [[String: String]] {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(path)"))
    let lines = data.split(whereSeparator: { $0 == 10 || $0 == 13 }).map { line in
      line.split(separator: 44, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
    }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  private static func read(_ file: String) throws -> [Print] {
    try rows("market/trades/\(file)").map { row in
      Print(
        time: Timestamp(nanoseconds: Int64(row["ts_ns"]!)!),
        price: try DecimalText.parse(row["price"]!, exponent: exponent),
        quantity: try DecimalText.parse(row["qty"]!, exponent: exponent),
        side: row["side"] == "buy" ? .buy : row["side"] == "sell" ? .sell : nil)
    }
  }

  /// Read once.
  static let ether = Result { try read("BINANCE_XRPETH_trades_2019-10-11.csv") }
  static let bitcoin = Result { try read("BINANCE_BTCUSDT_trades_20240808.csv") }

  static func bars(_ prints: [Print], _ rule: BarRule) -> [BuiltBar] {
    var aggregator = BarAggregator(rule, of: instrument)
    var bars: [BuiltBar] = []
    for print in prints {
      if let bar = aggregator.close(by: print.time) { bars.append(bar) }
      if let bar = aggregator.add(print.price, print.quantity, print.side, at: print.time) {
        bars.append(bar)
      }
    }
    if let bar = aggregator.finish() { bars.append(bar) }
    return bars
  }

  /// Sums of binary fractions, as the files have them, to the decimal they stand for.
  static func mantissa(_ text: String) -> Int64 { Int64((Double(text)! * 1e8).rounded()) }
}
