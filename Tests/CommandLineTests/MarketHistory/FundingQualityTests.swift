import Market
import MarketHistory
import Testing

/// Rates every eight hours, with one fault among them.
@Suite struct FundingQualityTests {
  private static let hour = 60 * MarketRecords.minute

  /// Settled some milliseconds late, as venues do. `plant` stands for the twentieth.
  private func check(
    _ plant: (inout MarketRecords, Int64) -> Void = { $0.funding($1) }
  ) -> QualityReport {
    var records = MarketRecords()
    for index in Int64(1)...60 {
      let time = index * 8 * Self.hour + index % 3 * 7_000_000
      if index == 20 { plant(&records, time) } else { records.funding(time, 100 - index) }
    }
    return records.check()
  }

  private func words(_ report: QualityReport) -> [String] {
    report.log.found.map { "\($0.kind) \($0.count)" }
  }

  @Test func cleanRatesGiveNothing() {
    let report = check()
    #expect(words(report).isEmpty && report.streams.map(\.records) == [60])
    #expect(report.streams[0].coverage == 1 && report.streams[0].missing == 0)
    #expect(report.streams[0].medianSpacing == Nanoseconds(8 * Self.hour))
  }

  @Test func aMissingRateIsFound() {
    let report = check { _, _ in }
    #expect(words(report) == ["missingFunding 1"])
    #expect(report.streams[0].missing == 1 && report.streams[0].coverage == 59.0 / 60)
    let hole = report.log.examples(.missingFunding).first
    #expect(hole?.value == .count(1) && hole?.record == 20)
  }

  @Test func aRateThatIsSettledTwiceIsFound() {
    #expect(
      words(
        check {
          $0.funding($1); $0.funding($1 + 5, 50, due: $1)
        }) == ["duplicateFunding 1"])
    // What is told before it is due is an estimate, as often as it is told.
    let estimates = check { records, time in
      for minute in Int64(1)...5 {
        records.funding(time - (6 - minute) * MarketRecords.minute, 90 + minute, due: time)
      }
      records.funding(time)
    }
    #expect(words(estimates).isEmpty)
  }

  @Test func ratesThatCannotBeAreFound() {
    #expect(words(check { $0.funding($1, 100_001) }) == ["badFunding 1"])
    #expect(words(check { $0.funding($1, -100_001) }) == ["badFunding 1"])
    #expect(words(check { $0.funding($1, .min) }) == ["badFunding 1"])
    #expect(words(check { $0.funding($1, 100_000) }).isEmpty)
  }
}
