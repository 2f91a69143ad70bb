import Market
import MarketHistory
import PluginABI
import Testing

/// Bars of recorded trades, equal to those that other programs made of them.
@Suite(.enabled(if: RecordedTrades.isPresent, Comment(rawValue: RecordedTrades.absence)))
struct GoldenBarTests {
  private static let minute = Nanoseconds.seconds(60)

  private static func money(_ whole: Int128) -> Int128 { whole * 10_000_000_000_000_000 }

  @Test(arguments: [
    ("XRPETH_20191011_time1m", BarRule.time(minute)),
    ("XRPETH_20191011_tick50", .ticks(50)),
    ("XRPETH_20191011_volume20000", .volume(Quantity(mantissa: 20_000 * 100_000_000))),
    ("XRPETH_20191011_notional100", .notional(money(100))),
    ("BTCUSDT_20240808_time1m", .time(minute)),
    ("BTCUSDT_20240808_tick200", .ticks(200)),
    ("BTCUSDT_20240808_volume10", .volume(Quantity(mantissa: 10 * 100_000_000))),
    ("BTCUSDT_20240808_notional500000", .notional(money(500_000))),
  ]) func recordedTradesMakeTheKnownBars(
    _ golden: String, _ rule: BarRule
  ) throws {
    let trades = golden.hasPrefix("XRP") ? RecordedTrades.ether : RecordedTrades.bitcoin
    let bars = RecordedTrades.bars(try trades.get(), rule)
    let rows = try RecordedTrades.rows("golden/bars_BINANCE_\(golden).csv")
    try #require(bars.count == rows.count && rows.count > 5)
    for (bar, row) in zip(bars, rows) {
      func golden(_ column: String) -> Int64 { RecordedTrades.mantissa(row[column] ?? "") }
      #expect(
        [bar.open, bar.high, bar.low, bar.close, bar.volume, bar.buyVolume]
          == ["open", "high", "low", "close", "volume", "buy_volume"].map(golden))
      #expect("\(bar.count)" == row["n"])
      if let start = row["bucket_start_ns"] {
        #expect("\(bar.closeTime.nanoseconds - Self.minute.count)" == start)
      } else {
        #expect("\(bar.firstTime.nanoseconds)" == row["first_ts_ns"])
      }
      let average = Double(bar.turnover) / Double(bar.volume) / 1e8
      let wanted = try #require(Double(row["vwap"] ?? ""))
      #expect((average / wanted - 1).magnitude < 1e-12)
    }
  }

  @Test(arguments: [("1m", 60), ("5m", 300)])
  func theVenuesOwnCandlesComeOut(_ name: String, _ seconds: Int64) throws {
    let interval = Nanoseconds.seconds(seconds)
    let bars = RecordedTrades.bars(try RecordedTrades.ether.get(), .time(interval))
    let rows = try RecordedTrades.rows("market/ohlcv/BINANCE_XRPETH_\(name)_2019-10-11.csv")
    // The file of candles ends with the last whole one of its interval.
    try #require(rows.count > 200 && (bars.count == rows.count || bars.count == rows.count + 1))
    for (bar, row) in zip(bars, rows) {
      func candle(_ column: String) -> Int64 { RecordedTrades.mantissa(row[column] ?? "") }
      let opened = (bar.closeTime.nanoseconds - interval.count) / 1_000_000
      #expect("\(opened)" == row["timestamp_ms"])
      #expect(
        [bar.open, bar.high, bar.low, bar.close, bar.volume]
          == ["open", "high", "low", "close", "volume"].map(candle))
    }
  }

  @Test func minutesMadeOfTradesMakeTheSameHoursAsTheTrades() throws {
    let prints = try RecordedTrades.ether.get()
    var records = MarketRecords()
    for bar in RecordedTrades.bars(prints, .time(Self.minute)) {
      records.bar(
        bar.closeTime.nanoseconds, bar.open, bar.high, bar.low, bar.close, bar.volume)
    }
    let hour = BarRule.time(.seconds(3_600))
    let hours = records.resampled(
      [hour], from: .bars, [MarketRecords.definition(tick: 1, lot: 1, px: -8, qty: -8)])
    let direct = RecordedTrades.bars(prints, hour)
    #expect(hours.count == direct.count && direct.count > 20)
    for (bar, wanted) in zip(hours, direct) {
      #expect(
        [bar.open, bar.high, bar.low, bar.close, bar.volume]
          == [wanted.open, wanted.high, wanted.low, wanted.close, wanted.volume])
      #expect(bar.h.ts_venue == wanted.closeTime.nanoseconds)
    }
  }
}
