import Market
import MarketHistory
import TestSupport
import Testing

/// Markets that close every night and every week: their closed hours are not missing.
@Suite struct ClosingTests {
  private static let minute = MarketRecords.minute
  private static let day = 1_440 * minute

  /// Bars of five minutes from 14:30 to 21:00, Monday to Friday; 1970 began on a Thursday.
  private func market(
    weeks: Int64, isOpen: (_ day: Int64, _ minute: Int64) -> Bool = { _, _ in true }
  ) -> MarketRecords {
    var records = MarketRecords()
    var random = SeededGenerator(seed: 4)
    var price: Int64 = 100_000
    for day in 4..<4 + 7 * weeks where (day - 4) % 7 < 5 {
      for time in stride(from: Int64(875), through: 1_260, by: 5) where isOpen(day, time) {
        price += 5 * Int64.random(in: -2...2, using: &random)
        records.bar(
          day * Self.day + time * Self.minute, price, price, price, price, interval: 5 * Self.minute
        )
      }
    }
    return records
  }

  private func words(_ records: MarketRecords, _ options: QualityOptions = QualityOptions())
    -> [String]
  {
    records.check(options).log.found.map { "\($0.kind) \($0.count)" }
  }

  @Test func nightsAndWeekendsAreClosings() {
    let records = market(weeks: 6)
    #expect(words(records) == ["closing 29"])
    let report = records.check()
    #expect(report.streams[0].missing == 0 && report.streams[0].coverage == 1)
    let worst = report.log.examples(.closing).first?.value
    #expect(worst == .duration(Nanoseconds(3 * Self.day - 390 * Self.minute)))
    var options = QualityOptions()
    options.isAlwaysOpen = true
    #expect(words(records, options) == ["missingBars 29"])
    #expect(records.check(options).streams[0].coverage < 0.3)
  }

  @Test func aHolidayLengthensAClosing() {
    #expect(words(market(weeks: 6) { day, _ in day != 12 }) == ["closing 28"])
  }

  @Test func summerTimeMakesAnotherClosing() {
    var records = market(weeks: 4)
    var later = MarketRecords()
    for day in Int64(32)..<60 where (day - 4) % 7 < 5 {
      for time in stride(from: Int64(815), through: 1_200, by: 5) {
        let price = 100_000 + 5 * (time % 3)
        later.bar(
          day * Self.day + time * Self.minute, price, price, price, price, interval: 5 * Self.minute
        )
      }
    }
    records.append(contentsOf: later)
    // The one weekend between them is of neither.
    let found = records.check().log
    #expect(found.count(.closing) == 19 + 19 && found.count(.missingBars) == 1)
  }

  @Test func aHoleWithinTheHoursIsMissing() {
    let records = market(weeks: 6) { day, time in day != 13 || !(1_000...1_060).contains(time) }
    #expect(words(records) == ["missingBars 1", "closing 29"])
    #expect(records.check().streams[0].missing == 13)
    // Twice is no rule yet.
    let twice = market(weeks: 6) { day, time in day % 30 > 13 || !(1_000...1_060).contains(time) }
    #expect(
      records.check().log.count(.missingBars) == 1 && words(twice).contains("closing 29") == false)
  }

  @Test func weekendsOfDailyBarsAreClosings() {
    var records = MarketRecords()
    for day in Int64(4)..<74 where (day - 4) % 7 < 5 && day != 27 {
      let price = 100_000 + 5 * (day % 3)
      records.bar((day + 1) * Self.day, price, price, price, price, interval: Self.day)
    }
    #expect(words(records) == ["missingBars 1", "closing 9"])
  }

  @Test func nightsBetweenTradesAreClosings() {
    var records = MarketRecords()
    for day in Int64(4)..<32 where (day - 4) % 7 < 5 {
      for time in stride(from: Int64(870 * 60), to: 1_260 * 60, by: 7)
      where day != 13 || time < 60_000 {
        records.trade(
          day * Self.day + time * MarketRecords.second, 100_000 + 5 * (time % 3))
      }
    }
    #expect(words(records) == ["gap 1", "closing 18"])
  }
}
