import Market
import MarketHistory
import PluginABI
import PluginBridge
import TestSupport
import Testing

/// Bars worked out by hand. A trade is `time quantity x price`; a bar is
/// `open/high/low/close v volume @close`.
@Suite struct BarTests {
  private func check(
    _ rule: BarRule, _ trades: String, _ bars: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var records = MarketRecords()
    for trade in trades.split(separator: ",") {
      let words = trade.split(separator: " ")
      let parts = words[1].split(separator: "x").map { Int64($0)! }
      records.trade(Int64(words[0])!, parts[1], parts[0])
    }
    let got = records.resampled([rule], from: .trades).map(Self.text).joined(separator: ", ")
    #expect(got == bars, sourceLocation: sourceLocation)
  }

  static func text(_ bar: keel_ev_bar) -> String {
    "\(bar.open)/\(bar.high)/\(bar.low)/\(bar.close) v\(bar.volume) @\(bar.h.ts_recv)"
  }

  private func every(_ count: Int64) -> BarRule { .time(Nanoseconds(count)) }

  @Test func aTradeAtTheEndOfAnIntervalIsInTheNext() {
    check(
      every(10), "1 5x100, 4 2x105, 9 1x95, 10 3x100, 19 1x110",
      "100/105/95/95 v8 @10, 100/110/100/110 v4 @20")
  }

  /// The venue's clock is up to three ahead of ours, and a trade may come late.
  @Test func barsAreCutByTheVenuesTimeWhereThatIsWanted() {
    var records = MarketRecords()
    for (time, venue, price) in [
      (1, 2, 100), (8, 9, 105), (9, 12, 110), (10, 11, 120), (12, 9, 130), (25, 24, 140),
    ] as [(Int64, Int64, Int64)] {
      records.trade(time, price, 1, venueTime: venue)
    }
    func bars(_ clock: BarClock) -> String {
      records.resampled([every(10)], from: .trades, by: clock).map(Self.text)
        .joined(separator: ", ")
    }
    #expect(
      bars(.receive)
        == "100/110/100/110 v3 @10, 120/130/120/130 v2 @20, 140/140/140/140 v1 @30")
    // The first is closed by the trade that came at 9, and stands at 10, its end; the second is
    // known at 25, with the first trade behind it.
    #expect(
      bars(.venue) == "100/105/100/105 v2 @10, 110/130/110/130 v3 @25, 140/140/140/140 v1 @30")
  }

  @Test func anIntervalWithoutTradesHasNoBar() {
    check(every(10), "5 1x100, 41 1x110", "100/100/100/100 v1 @10, 110/110/110/110 v1 @50")
  }

  @Test func aTickBarHasSoManyTrades() {
    check(
      .ticks(2), "1 1x100, 1 1x90, 2 1x95, 7 4x105, 8 1x100",
      "100/100/90/90 v2 @1, 95/105/95/105 v5 @7, 100/100/100/100 v1 @8")
  }

  @Test func aVolumeBarClosesWithTheTradeThatFillsIt() {
    check(
      .volume(Quantity(mantissa: 10)), "1 4x100, 2 5x110, 3 9x105, 4 30x100, 5 2x90",
      "100/110/100/105 v18 @3, 100/100/100/100 v30 @4, 90/90/90/90 v2 @5")
  }

  /// At exponents -2 and -3 a trade of 10x100 is worth 0.01, which is 10^14 units of money.
  @Test func aNotionalBarClosesWithTheWorthThatFillsIt() {
    check(
      .notional(200_000_000_000_000), "1 10x100, 2 9x110, 3 1x95, 4 50x100",
      "100/110/95/95 v20 @3, 100/100/100/100 v50 @4")
  }

  @Test func aNegativePriceIsWorthItsSize() {
    check(
      .notional(200_000_000_000_000), "1 10x-100, 2 10x-100, 3 1x-95",
      "-100/-100/-100/-100 v20 @2, -95/-95/-95/-95 v1 @3")
  }

  @Test func timeBeforeTheEpochIsCutInTheSameWay() {
    check(
      every(10), "-11 1x100, -10 1x105, -1 1x110, 0 1x95",
      "100/100/100/100 v1 @-10, 105/110/105/110 v2 @0, 95/95/95/95 v1 @10")
  }

  @Test func aBarIsToldBeforeTheRecordThatShowsItComplete() {
    var resampler = Resampler(
      [(InstrumentDefinition.numbers(of: MarketRecords.definition())!, [every(10)])],
      from: .trades)
    var bars: [keel_ev_bar] = []
    var records = MarketRecords()
    records.trade(3, 100)
    records.bytes.withRecords { for record in $0 { resampler.take(record, into: &bars) } }
    resampler.advance(to: Timestamp(nanoseconds: 9), into: &bars)
    #expect(bars.isEmpty)
    resampler.advance(to: Timestamp(nanoseconds: 10), into: &bars)
    #expect(bars.map(\.h.ts_recv) == [10] && bars[0].interval == 10)
    resampler.advance(to: Timestamp(nanoseconds: 11), into: &bars)
    resampler.finish(into: &bars)
    #expect(bars.count == 1)
  }

  @Test func barsOfManyInstrumentsAndRulesComeInTheOrderOfTime() {
    var records = MarketRecords()
    for time in Int64(0)..<200 {
      records.trade(time, 100 + time, instrument: UInt32(time % 3 == 0 && time < 100 ? 1 : 0))
    }
    let bars = records.resampled(
      [every(20), every(7), .ticks(5), .volume(Quantity(mantissa: 30))], from: .trades)
    #expect(zip(bars, bars.dropFirst()).allSatisfy { $0.h.ts_recv <= $1.h.ts_recv })
    #expect(Set(bars.map(\.h.source)) == [1, 2, 3, 4] && Set(bars.map(\.h.inst)) == [0, 1])
    for (source, volume) in [(UInt32(1), 2_000), (2, 2_000), (3, 2_000), (4, 2_000)] {
      let sum = bars.filter { $0.h.source == source }.reduce(0) { $0 + Int($1.volume) }
      #expect(sum == volume, "every trade is in one bar of rule \(source)")
    }
  }

  @Test func quotesMakeBarsOfTheirMiddle() {
    var records = MarketRecords()
    records.quote(1, 100, 110)
    records.quote(2, 100, 105)
    records.quote(3, 101, 106)
    records.quote(4, KEEL_NULL, 500)
    records.quote(9, 90, 100)
    // Halves are rounded to even: 102.5 is 102, 103.5 is 104.
    let bars = records.resampled([every(10)], from: .quotes).map(Self.text)
    #expect(bars == ["105/105/95/95 v0 @10"])
    #expect(
      BarTestsMiddles.middles(records) == ["105", "102", "104", "95"], "each one by itself")
  }

  @Test func smallBarsMakeLargeOnes() {
    var records = MarketRecords()
    records.bar(10, 100, 105, 100, 105, 3, interval: 10)
    records.bar(20, 105, 120, 90, 110, 4, interval: 10)
    records.bar(30, 110, 110, 110, 110, 5, interval: 10)
    records.bar(50, 100, 100, 95, 95, 6, interval: 10)
    let bars = records.resampled([every(20)], from: .bars).map(Self.text)
    #expect(
      bars == ["100/120/90/110 v7 @20", "110/110/110/110 v5 @40", "100/100/95/95 v6 @60"])
  }

  @Test func aSmallBarThatComesLateIsStillInItsInterval() {
    var records = MarketRecords()
    records.bar(1_000, 100, 100, 100, 100, 1, interval: 1_000)
    records.quote(2_040, 100, 105)
    records.bar(2_050, 105, 105, 105, 105, 2, interval: 1_000)
    records.bar(3_010, 110, 110, 110, 110, 4, interval: 1_000)
    let bars = records.resampled([every(2_000)], from: .bars)
    #expect(bars.map(\.volume) == [3, 4] && bars.map(\.h.ts_venue) == [2_000, 4_000])
    // Never told before it was known.
    #expect(bars[0].h.ts_recv == 2_050)
  }

  @Test func barsThatDoNotFitAreLeftOutAndCounted() {
    var resampler = Resampler(
      [(InstrumentDefinition.numbers(of: MarketRecords.definition())!, [every(25)])], from: .bars)
    var records = MarketRecords()
    records.bar(10, 100, 105, 100, 105, 3, interval: 10)
    records.bar(25, 100, 105, 100, 105, 3, interval: 25)
    records.bar(30, 100, 105, 100, 105, 3, interval: 0)
    records.bar(35, KEEL_NULL, 105, 100, 105, 3, interval: 5)
    var bars: [keel_ev_bar] = []
    records.bytes.withRecords { for record in $0 { resampler.take(record, into: &bars) } }
    resampler.finish(into: &bars)
    #expect(bars.isEmpty && resampler.skipped == 4)
  }

  @Test func sumsBeyondSixtyFourBitsStayAtTheirEnd() {
    check(
      .ticks(3), "1 9223372036854775807x9223372036854775807, 2 9x9223372036854775807, 3 1x1",
      "9223372036854775807/9223372036854775807/1/1 v9223372036854775807 @3")
    check(
      .notional(.max), "1 9223372036854775807x9223372036854775807, 2 1x1",
      "9223372036854775807/9223372036854775807/9223372036854775807/9223372036854775807 "
        + "v9223372036854775807 @1, 1/1/1/1 v1 @2")
  }

  @Test func tradesWithoutPriceOrQuantityAreLeftOut() {
    check(every(10), "1 0x100, 2 -5x200, 3 1x\(KEEL_NULL), 4 2x105", "105/105/105/105 v2 @10")
  }
}

/// The middle of each quote, as a tick bar of one shows it.
private enum BarTestsMiddles {
  static func middles(_ records: MarketRecords) -> [String] {
    records.resampled([.ticks(1)], from: .quotes).map { "\($0.close)" }
  }
}
