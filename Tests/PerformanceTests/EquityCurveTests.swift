import JSON
import Market
import Performance
import Testing
import Wording

@Suite struct EquityCurveTests {
  private static let start = 1_704_067_200  // 2024-01-01

  private func curve(
    _ period: SamplingPeriod, hours: [Int], _ equity: [Double], pointsMax: Int = 1_000
  ) -> EquityCurve {
    var curve = EquityCurve(period: period, pointsMax: pointsMax)
    for (hour, value) in zip(hours, equity) {
      curve.add(EquitySample(time: time(hour), equity: value, gross: value > 100 ? value : 0))
    }
    return curve
  }

  private func time(_ hour: Int) -> Timestamp {
    Timestamp(nanoseconds: Int64(Self.start + hour * 3_600) * 1_000_000_000)
  }

  @Test func theLastSampleOfADayEndsIt() {
    let curve = curve(.day, hours: [0, 6, 23, 24, 30, 50], [100, 90, 110, 120, 99, 108])
    #expect(curve.equity == [100, 110, 99, 108] && curve.samples == 6)
    #expect(curve.returns.count == 3 && isNear(curve.returns[1], -0.1))
    // Within the day it was deeper than at its end.
    #expect(isNear(curve.deepestDrawdown, 99.0 / 120 - 1))
  }

  @Test func timeInTheMarketIsWeighedByTime() {
    let curve = curve(.hour, hours: [0, 1, 4, 10], [100, 200, 100, 100])
    // Held from hour 1 to 4.
    #expect(curve.timeInMarket == 0.3 && curve.highestLeverage == 1)
  }

  @Test func samplesThatAreNoneAreRefused() {
    var curve = curve(.day, hours: [0, 24], [100, 101])
    curve.add(EquitySample(time: time(12), equity: 100))
    curve.add(EquitySample(time: time(48), equity: .nan))
    curve.add(EquitySample(time: time(48), equity: 100, benchmark: .infinity))
    #expect(curve.refused == 3 && curve.equity == [100, 101])
  }

  @Test func memoryIsBoundedAndTheCourseKept() {
    let values = (0...10_000).map { 100 + Double($0) / 100 }
    let curve = curve(.everySample, hours: Array(0...10_000), values, pointsMax: 64)
    #expect(curve.points.count <= 64 && curve.points.count >= 32)
    #expect(curve.equity.first == 100 && curve.equity.last == 200)
    #expect(curve.coarseness == 256)
    let total = curve.returns.reduce(1.0) { $0 * (1 + $1) }
    #expect(isNear(total, 2))
    let gaps = zip(curve.times, curve.times.dropFirst()).map { ($1 - $0).count }
    #expect(Set(gaps.dropLast()).count == 1)
  }

  @Test func returnsEndWhereNothingIsLeft() {
    #expect(EquityCurve.returns([100, 50, 0, 20]) == [-0.5, -1])
    #expect(EquityCurve.returns([0, 50]) == [] && EquityCurve.returns([1]) == [])
  }

  @Test func drawdownsHaveTheirTimes() throws {
    let equity: [Double] = [100, 120, 90, 110, 120, 130, 117, 104, 120]
    let drawdowns = Drawdowns(equity)
    #expect(isNear(drawdowns.deepest, 90.0 / 120 - 1))
    #expect(drawdowns.peakIndex == 1 && drawdowns.troughIndex == 2)
    #expect(drawdowns.episodes.map(\.startIndex) == [1, 5])
    #expect(drawdowns.episodes.map(\.troughIndex) == [2, 7])
    #expect(drawdowns.episodes.map(\.recoveryIndex) == [4, nil])
    #expect(drawdowns.longest(times: equity.indices.map { time($0) }) == .seconds(3 * 3_600))
    #expect(drawdowns.worst(1).map(\.startIndex) == [1])
    let squares = [0.25, 10.0 / 120, 0.1, 0.2, 10.0 / 130].map { $0 * $0 }.reduce(0, +)
    #expect(isNear(drawdowns.ulcerIndex, (squares / 9).squareRoot() * 100))
    let touched = Drawdowns([5, 9, 8, 9, 6])
    #expect(touched.peakIndex == 1 && touched.episodes.map(\.startIndex) == [1, 3])
    #expect(Drawdowns([1, 2, 3]).deepest == 0 && Drawdowns([]).deepest == nil)
  }

  @Test func monthsAndYearsCompoundTheirDays() throws {
    // From the start of 2024, each day 1 % up, to the fifth of February 2025.
    let days = 0...401
    let calendar = CalendarReturns(
      times: days.map { time($0 * 24) }, equity: days.map { power(1.01, $0) })
    #expect(calendar.months.count == 14 && calendar.years.map(\.year) == [2024, 2025])
    #expect(isNear(calendar.months[0].value, power(1.01, 31) - 1))
    #expect(isNear(calendar.years[0].months[1], power(1.01, 29) - 1))
    #expect(isNear(calendar.years[0].value, power(1.01, 366) - 1))
    #expect(isNear(calendar.years[1].value, power(1.01, 35) - 1))
    #expect(calendar.years[1].months[2] == nil)
    #expect(isNear(calendar.bestDay, 0.01, 1e-7) && isNear(calendar.worstDay, 0.01, 1e-7))
    #expect(calendar.worstMonth?.month == 2 && calendar.worstMonth?.year == 2025)
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { value, _ in value * base }
  }

  @Test func periodsOfAYearFollowTheSpacing() {
    let hours = (0..<100).map { time($0) }
    let days = (0..<100).map { time($0 * 24 + ($0 / 5) * 48) }
    #expect(PeriodsPerYear.continuous.value(hours) == 8_760)
    #expect(PeriodsPerYear.continuous.value(days) == 365)
    #expect(PeriodsPerYear.businessDays().value(days) == 252)
    #expect(PeriodsPerYear.businessDays(hours: 6).value(hours) == 1_512)
    #expect(PeriodsPerYear.stated(12).value([]) == 12)
    #expect(
      PeriodsPerYear.stated(-1).value([]) == nil && PeriodsPerYear.continuous.value([]) == nil)
  }

  @Test func aSummaryOfNothingIsAbsent() {
    let summary = PerformanceSummary(EquityCurve())
    #expect(summary.totalReturn == nil && summary.maxDrawdown == nil && summary.start == nil)
    #expect(summary.returns.count == 0 && summary.calmar == nil && summary.comparison == nil)
    let json = summary.json.text()
    #expect(json.contains("\"sharpe_ratio\":null") && !json.contains("nan"))
  }
}
