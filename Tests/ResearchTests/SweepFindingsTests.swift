import Foundation
import JSON
import Market
import Performance
import Testing

@testable import Research

@Suite struct SweepFindingsTests {
  /// A trial with that Sharpe ratio as its figure, and returns of its own.
  private func trial(
    _ number: Int, _ values: [TrialValue], _ sharpe: Double?, trades: Int = 50,
    returns: [Double] = [0.01, -0.01, 0.02]
  ) -> TrialRecord {
    var equity = [100.0]
    for value in returns { equity.append(equity[equity.count - 1] * (1 + value)) }
    return TrialRecord(
      number: number, point: SearchPoint(values),
      outcome: .success(
        TrialResult(
          currency: "USD",
          figures: .object([
            ("sharpe_ratio", sharpe.map { .double($0) } ?? .null), ("total_return", .double(0.1)),
            ("max_drawdown", .double(-0.2)), ("total_trades", .integer(trades)),
            ("periods", .integer(returns.count)),
          ]),
          times: equity.indices.map { Timestamp(nanoseconds: Int64($0) * 86_400_000_000_000) },
          equity: equity)), seconds: 1)
  }

  private func findings(
    _ trials: [TrialRecord], _ parameters: [String] = ["a.x=1:3", "a.y=1:3"], tradesMin: Int = 0,
    isGrid: Bool = true
  ) throws -> SweepFindings {
    SweepFindings(
      trials, space: try SearchSpace(parameters: parameters),
      objective: try Objective.parse("sharpe"), tradesMin: tradesMin, isGrid: isGrid)
  }

  /// y across, x down, as a map shows them.
  private func grid(_ rows: [[Double?]]) -> [TrialRecord] {
    rows.enumerated().flatMap { row, values in
      values.enumerated().map { column, value in
        trial(
          row * values.count + column,
          [.integer(Int64(row + 1)), .integer(Int64(column + 1))], value)
      }
    }
  }

  @Test func theBestComeFirstEqualOnesByNumber() throws {
    let found = try findings(grid([[1, 3, 2], [3, 0, nil], [-1, 2, 1]]))
    #expect(found.ranked.map(\.record.number) == [1, 3, 2, 7, 0, 8, 4, 6])
    #expect(found.finished == 9 && found.unrated == 1 && found.failed == 0)
  }

  @Test func tooFewTradesAndFailuresDoNotCount() throws {
    let failed = TrialRecord(
      number: 2, point: SearchPoint([.integer(3), .integer(3)]),
      outcome: .failure(TrialFailure("it died")), seconds: 1)
    let found = try findings(
      [
        trial(0, [.integer(1), .integer(1)], 1, trades: 30),
        trial(1, [.integer(1), .integer(2)], 9, trades: 29), failed,
      ], tradesMin: 30)
    #expect(found.ranked.map(\.record.number) == [0])
    #expect(found.rejected == 1 && found.failed == 1 && found.finished == 2)
    #expect(found.firstFailure?.number == 2)
  }

  @Test func neighboursOnAGridAreOneStepAway() throws {
    let found = try findings(grid([[1, 2, 3], [4, 9, 5], [6, 7, 8]]))
    // Around the 9 in the middle: 2, 4, 5 and 7.
    #expect(found.neighbours == .init(count: 4, mean: 4.5, worst: 2))
    let corner = try findings(grid([[9, 2, 3], [4, 1, 5], [6, 7, 8]]))
    #expect(corner.neighbours == .init(count: 2, mean: 3, worst: 2))
    #expect(
      try findings(grid([[nil, nil, nil], [nil, 9, nil], [nil, nil, 1]])).neighbours == nil)
  }

  @Test func neighboursAmongScatteredPointsAreTheNearestFew() throws {
    let places = [0.5, 0.51, 0.55, 0.6, 0.9, 0.1]
    let trials = places.enumerated().map {
      trial($0.offset, [.decimal($0.element)], $0.offset == 0 ? 5 : Double($0.offset))
    }
    let found = try findings(trials.map { $0 }, ["a.x=0.0..1.0"], isGrid: false)
    // The best is 5 at 0.5 (and again 5 at 0.1, which came later): the two nearest of those within
    // a quarter are 1 and 2.
    #expect(found.neighbours == .init(count: 2, mean: 1.5, worst: 1))
  }

  @Test func trialsWithoutSkillAreSaidToBeLuck() throws {
    var generator = ResamplingGenerator(seed: 5)
    let noise = (0..<30).map { number in
      trial(
        number, [.integer(Int64(number + 1))], Double(number),
        returns: (0..<64).map { _ in (generator.share() - 0.5) * 0.02 })
    }
    let luck = try findings(noise, ["a.x=1:30"])
    let likely = try #require(luck.selection.overfitting?.probability)
    #expect(likely > 0.2)
    #expect((luck.selection.deflatedSharpe ?? 1) < 0.95)
    // One that earns in every period what the others do not is no luck.
    let skill =
      noise + [
        trial(
          30, [.integer(31)], 99, returns: (0..<64).map { _ in generator.share() * 0.02 })
      ]
    let found = try findings(skill, ["a.x=1:31"])
    #expect(found.selection.overfitting?.probability == 0)
    #expect((found.selection.deflatedSharpe ?? 0) > 0.95)
    #expect(found.overfittingUnknown == nil)
  }

  @Test func whatCannotBeKnownIsSaid() throws {
    let one = try findings([trial(0, [.integer(1)], 1)], ["a.x=1:2"])
    #expect(one.overfittingUnknown == "it takes two trials that count")
    let short = try findings(
      [trial(0, [.integer(1)], 1), trial(1, [.integer(2)], 2)], ["a.x=1:2"])
    #expect(short.overfittingUnknown == "3 periods are too few: it takes 8, and tells by 32")
    #expect(short.selection.deflatedSharpe != nil)
  }

  @Test func coursesOfDifferentTimesAreReadAtCommonOnes() throws {
    func result(_ times: [Int64], _ equity: [Double]) -> TrialResult {
      TrialResult(
        currency: "", figures: .object([]), times: times.map { Timestamp(nanoseconds: $0) },
        equity: equity)
    }
    // From 10 to 50 in four periods: at 10, 20, 30, 40 and 50.
    let aligned = try #require(
      AlignedReturns([
        result([0, 10, 20, 50], [50, 100, 110, 121]),
        result([10, 15, 30, 40, 60], [200, 100, 150, 300, 1]),
      ]))
    let rounded = aligned.series.map { $0.map { ($0 * 1e9).rounded() / 1e9 } }
    #expect(rounded == [[0.1, 0, 0, 0.1], [-0.5, 0.5, 1, 0]])
    #expect(AlignedReturns([result([0, 1], [1, 2]), result([5, 6], [1, 2])]) == nil)
    #expect(AlignedReturns([]) == nil)
  }

  @Test func theMapShowsEachCellAndTheBest() throws {
    let found = try findings(grid([[1, 3, 2], [3, 0, nil], [-1, 2, 1]]))
    let map = try #require(found.map(cellsMax: 12))
    #expect(map.rows == ["1", "2", "3"] && map.columns == ["1", "2", "3"])
    #expect(map.values == [[1, 3, 2], [3, 0, nil], [-1, 2, 1]])
    #expect(map.chosen.map { [$0.row, $0.column] } == [0, 1])
    #expect(
      HeatMapText.lines(map, width: 80) == [
        "sharpe_ratio by a.x (down) and a.y (across)",
        "           1        2        3",
        "  1   1.00 ▒  *3.00 █   2.00 ▓",
        "  2   3.00 █   0.00 ░        ·",
        "  3  -1.00     2.00 ▓   1.00 ▒",
      ])
    // A narrow terminal keeps the best.
    #expect(
      HeatMapText.lines(map, width: 14) == [
        "sharpe_ratio by a.x (down) and a.y (across), 2 columns left out",
        "           2", "  1  *3.00 █", "  2   0.00 ░", "  3   2.00 ▓",
      ])
  }

  @Test func manyValuesShareACellAndFurtherParametersAreMeant() throws {
    let trials = (0..<8).map { number in
      trial(
        number, [.integer(Int64(number + 1)), .word(number % 2 == 0 ? "u" : "v"), .integer(1)],
        Double(number))
    }
    let found = try findings(trials, ["a.x=1:8", "a.w=u,v", "a.k=1"])
    let map = try #require(found.map(cellsMax: 4))
    #expect(map.rows.count == 4 && map.columns == ["u", "v"])
    #expect(map.values == [[0, 1], [2, 3], [4, 5], [6, 7]])
    #expect(
      try findings(trials.prefix(1).map { $0 }, ["a.x=1:8", "a.k=1", "a.m=1"])
        .map(cellsMax: 4) == nil)
  }

  @Test func theTableHoldsEveryTrial() throws {
    let failed = TrialRecord(
      number: 1, point: SearchPoint([.integer(2), .integer(1)]),
      outcome: .failure(TrialFailure("it died, \"badly\"")), seconds: 0.5)
    let text = SweepTable.text(
      [trial(0, [.integer(1), .integer(1)], 1.5), failed],
      space: try SearchSpace(parameters: ["a.x=1:3", "a.y=1:3"]),
      objective: try Objective.parse("trades.net"))
    let lines = text.split(separator: "\r\n").map(String.init)
    #expect(lines.count == 3)
    #expect(
      lines[0]
        == "trial,a.x,a.y,trades.net,total_return,annual_return,sharpe_ratio,sortino_ratio,"
        + "max_drawdown,calmar_ratio,profit_factor,total_trades,end_equity,seconds,error")
    #expect(lines[1] == "0,1,1,,0.1,,1.5,,-0.2,,,50.0,,1.000,")
    #expect(lines[2] == "1,2,1,,,,,,,,,,,0.500,\"it died, \"\"badly\"\"\"")
  }

  @Test func theReportHasItsParts() throws {
    let found = try findings(grid([[1, 3, 2], [3, 0, nil], [-1, 2, 1]]))
    let report = try #require(
      ResearchReport.sweep(found, title: "<T>", facts: [.init("Search", "grid")]))
    #expect(report.curve.equity.count == 4)
    #expect(report.tables[0].rows.count == 8)
    #expect(report.tables[0].rows[0].prefix(4) == ["1", "1", "2", "3.000"])
    let page = HTMLReport(report).text
    for part in [
      "&lt;T&gt;", "Best trials by sharpe_ratio", "a.x and a.y", "<svg", "Configurations",
    ] {
      #expect(page.contains(part), "\(part)")
    }
    // Trades were not told: the page must not say there were none.
    #expect(!page.contains("0 trades") && !page.contains("Win rate"))
    #expect(try ResearchReport.sweep(findings([]), title: "", facts: []) == nil)
  }

  @Test func figuresAreWrittenForColumns() {
    #expect(FigureText.decimal(-0.004, places: 2) == "0.00")
    #expect(FigureText.decimal(-1.005, places: 1) == "-1.0")
    #expect(FigureText.decimal(0.05, places: 2) == "0.05")
    #expect(FigureText.decimal(12, places: 0) == "12")
    #expect(FigureText.decimal(nil, places: 2) == "-")
    #expect(FigureText.decimal(.infinity, places: 2) == "-")
    #expect(FigureText.percent(0.1234) == "12.34%")
    #expect(FigureText.figure(12_345.678) == "12346")
    #expect(FigureText.figure(1.23456) == "1.235")
    #expect(FigureText.field("a,\"b\"") == "\"a,\"\"b\"\"\"")
  }
}
