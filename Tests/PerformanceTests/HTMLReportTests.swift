import JSON
import Market
import Testing

@testable import Performance

@Suite struct HTMLReportTests {
  private func check(_ html: String) {
    #expect(MarkupCheck.defects(html).isEmpty, "\(MarkupCheck.defects(html))")
  }

  @Test func aWholeReportIsWellFormedAndStandsAlone() {
    let html = HTMLReport(ReportFixture.report()).text
    check(html)
    for part in [
      "Equity", "Drawdown", "Exposure", "Monthly returns", "Rolling Sharpe", "Key figures",
      "Trade results", "Trades over time", "By strategy", "By instrument", "Monte Carlo",
      "Selection and robustness", "Walk forward", "Costs and fills", "Settings", "@media print",
      "prefers-color-scheme:dark",
    ] {
      #expect(html.contains(part), "there is no \(part)")
    }
    #expect(html.utf8.count < 300_000)
  }

  @Test func oneValueIsOneText() {
    #expect(HTMLReport(ReportFixture.report()).text == HTMLReport(ReportFixture.report()).text)
    let json = ReportFixture.report().json().text()
    #expect(json == ReportFixture.report().json().text())
  }

  @Test func namesAreTextWhateverTheyHold() {
    let html = HTMLReport(ReportFixture.report()).text
    #expect(!html.contains("<script>alert") && !html.contains("\u{0}"))
    #expect(html.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;co&#39;"))
    #expect(html.components("<script").count == 2)
  }

  @Test(arguments: [0, 1, 2, 3, 30] as [Int], [0, 1, 2] as [Int])
  func shortRunsHaveReportsToo(_ days: Int, _ trades: Int) {
    let html = HTMLReport(ReportFixture.report(days: days, trades: trades, name: "a")).text
    check(html)
    #expect(html.contains("Fewer than two samples") == (days < 2))
  }

  @Test func aRuinedAccountIsShownAsOne() {
    var curve = EquityCurve()
    for (day, equity) in [100.0, 50, 0, -20].enumerated() {
      curve.add(
        EquitySample(time: Timestamp(nanoseconds: Int64(day) * 86_400_000_000_000), equity: equity))
    }
    let summary = PerformanceSummary(curve)
    let report = BacktestReport(title: "ruin", currency: "USD", curve: curve, summary: summary)
    check(HTMLReport(report).text)
    #expect(report.findings.contains { $0.text.contains("ruined") && $0.weight == .serious })
    #expect(summary.maxDrawdown == -1 && summary.returns.annualReturn == nil)
  }

  /// Within the second day it was at 50, at the ends of days never below 95.
  @Test func oneDrawdownIsSaidEverywhere() {
    var curve = EquityCurve()
    for (hour, equity) in [100.0, 100, 50, 95, 99].enumerated() {
      curve.add(
        EquitySample(
          time: Timestamp(nanoseconds: Int64(hour) * 43_200_000_000_000), equity: equity))
    }
    let summary = PerformanceSummary(curve)
    let report = BacktestReport(title: "fall", currency: "USD", curve: curve, summary: summary)
    #expect(summary.deepestDrawdown == -0.5 && summary.maxDrawdown != -0.5)
    let said = NumberText.percent(summary.maxDrawdown, places: 2)
    let line = SummaryText(report).figures.first { $0.contains("Max drawdown") } ?? ""
    #expect(line.hasSuffix(said), "\(line), not \(said)")
    let page = HTMLReport(report).text
    let figures = page.split(separator: "Max drawdown").dropFirst().map { $0.prefix(200) }
    #expect(!figures.isEmpty)
    for figure in figures { #expect(figure.contains("−5.0"), "\(figure)") }
    #expect(report.json()["summary"]?["max_drawdown"]?.double == summary.maxDrawdown)
    // That it was deeper in between is a remark, with both figures.
    #expect(report.findings.contains { $0.text.contains("Within periods the drawdown reached") })
  }

  /// Above water at the end of every day, and below it in between.
  @Test func aRuinBetweenTwoPointsIsOne() {
    var curve = EquityCurve()
    for (hour, equity) in [100.0, -5, 80, 90, 120].enumerated() {
      curve.add(
        EquitySample(
          time: Timestamp(nanoseconds: Int64(hour) * 43_200_000_000_000), equity: equity))
    }
    let summary = PerformanceSummary(curve)
    #expect(summary.ruined == Timestamp(nanoseconds: 43_200_000_000_000))
    #expect(summary.maxDrawdown == -1 && summary.calmar == nil && summary.annualTurnover == nil)
    #expect(summary.returns.annualReturn == nil && summary.returns.sharpe == nil)
    let report = BacktestReport(title: "ruin", currency: "USD", curve: curve, summary: summary)
    check(HTMLReport(report).text)
    #expect(SummaryText(report).span.hasSuffix("ruined at 1970-01-01T12:00:00.000Z"))
  }

  @Test func aLongCourseStaysASmallFile() {
    var curve = EquityCurve(period: .everySample)
    var random = ResamplingGenerator(seed: 1)
    var equity = 1_000.0
    for minute in 0..<50_000 {
      let time = Timestamp(nanoseconds: Int64(minute) * 60_000_000_000)
      curve.add(EquitySample(time: time, equity: equity))
      equity *= 1 + Double.random(in: -0.001...0.001, using: &random)
    }
    let report = BacktestReport(
      title: "long", currency: "USD", curve: curve, summary: PerformanceSummary(curve))
    let html = HTMLReport(report).text
    check(html)
    #expect(html.utf8.count < 300_000)
  }

  @Test func fragmentsAreDrawingsOfTheirOwn() {
    let report = ReportFixture.report()
    let map = report.sweep?.svg ?? ""
    let walk = WalkForwardPlot.svg(report.walkForward, metric: "Sharpe")
    for svg in [map, walk] {
      #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>"))
      check(svg)
    }
    #expect(map.components("<rect").count == 5 && map.contains(">1.50<") && map.contains(">–<"))
    #expect(walk.contains("1.50 → −0.20") && walk.contains("– → –"))
    check(SweepMap(metric: "", columnName: "", columns: [], rowName: "", rows: [], values: []).svg)
    check(WalkForwardPlot.svg([], metric: "Sharpe"))
  }

  @Test func whatTheFiguresSayAgainstThemselvesIsFound() {
    let few = ReportFixture.report(days: 30, trades: 3).findings.map(\.text)
    #expect(few.contains { $0.hasPrefix("Only 3 closed trades") })
    #expect(few.contains { $0.hasPrefix("Only 29 returns") })
    #expect(few.contains { $0.hasPrefix("After 40 trials") })
    let many = ReportFixture.report().findings.map(\.text)
    #expect(!many.contains { $0.hasPrefix("Only") })
  }

  @Test func theCheckItselfFindsWhatIsWrong() {
    for wrong in [
      "<p><b></p></b>", "<p>", "</p>", "<p class=\"a>x</p>", "<p>a & b</p>", "<p>nan</p>",
      "<td>-inf</td>", "<img src=\"https://example.com/a.png\">",
      "<p style=\"background:url(a)\"></p>",
      "<link rel=\"stylesheet\" href=\"a.css\">",
    ] {
      #expect(!MarkupCheck.defects(wrong).isEmpty, "\(wrong)")
    }
    #expect(MarkupCheck.defects("<p>a &amp; b<br></p><svg><path d=\"M0\"/></svg>").isEmpty)
  }
}

extension String {
  func components(_ mark: String) -> [Substring] {
    split(separator: mark, omittingEmptySubsequences: false)
  }
}
